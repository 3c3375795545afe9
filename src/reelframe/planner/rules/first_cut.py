"""What a first cut has beside what was asked for, unless it was not wanted: music, a title, the logo."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from reelframe.edits.families.compose import PHOTO_MS
from reelframe.edits.vocabulary import OpBase, Target, op_from_dict
from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import mood_for
from reelframe.planner.lexicon import table
from reelframe.planner.rules.asking import tells_what_of
from reelframe.planner.rules.choice import choose
from reelframe.planner.rules.compose import media_of, subject_of
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.wording import CARD_S, default_title

__all__ = ["begin", "begins", "finish"]

# What a video can be asked for with before there is one. Taking away, moving and restyling need something there.
_BEGINNINGS: Final = frozenset({
    "set_duration", "set_aspect", "set_background", "intro_outro", "merge", "set_segment_duration", "speed",
    "ken_burns", "beat_sync", "add_text", "add_subtitles", "add_music", "change_music", "look", "adjust",
    "effect", "transition", "fade_video", "pace", "add_logo", "overlay", "reorder",
})  # fmt: skip


# Of a logo that is alone at the end, of the frame's height.
_CLOSING_SIZE: Final = 0.25


# Of a crossfade in a video that is to be quick.
_QUICK_S: Final = 0.2


def begins(s: State) -> bool:
    """Whether what was planned needs a video that is not there yet, and there are pictures to make it of."""
    return not s.composed and s.view.empty and bool(s.view.library.shots) and any(op.op in _BEGINNINGS for op in s.ops)


def begin(clauses: list[Clause], s: State) -> None:
    """A first cut, before the wishes about it are read.

    ``a 20-second vertical video with music`` names no photo and has no verb; on an empty timeline its length,
    shape, words and sound are those of a video of everything that was uploaded.
    """
    s.composed = True
    s.subject = s.subject or (subject_of(clauses[0], s) if clauses else None)
    found = (media for clause in clauses if tells_what_of(clause) and (media := media_of(clause, s)) != "all")
    s.add("compose", media=next(found, "all"))
    s.assume("begun")


def finish(s: State, clauses: list[Clause]) -> None:
    """What a first cut has beside its shots, unless it was not wanted: music, a title, the logo. All of it is said."""
    compose = next((op for op in s.ops if op.op == "compose"), None)
    if compose is None:
        return
    chosen = choose(clauses, s) if getattr(compose, "media", None) == "all" else None
    if chosen is not None:
        s.ops[s.ops.index(compose)] = compose = compose.model_copy(update={"media": chosen})
        # What was planned for each photo is planned for those that are shown.
        s.ops[:] = [op for op in s.ops if op.op != "add_text" or _shown(op, chosen)]
    if s.view.empty:
        # There is no music yet that could be changed.
        s.ops[:] = [op_from_dict(op.as_dict() | {"op": "add_music"}) if op.op == "change_music" else op for op in s.ops]
    names = {op.op for op in s.ops} - {"mute"}
    each = next(
        (op for op in s.ops if op.op == "set_segment_duration" and getattr(op, "target", None) == Target(kind="clip")),
        None,
    )
    if each is not None and getattr(compose, "duration_s", None) is None:
        s.ops.remove(each)
        s.ops[s.ops.index(compose)] = compose = compose.model_copy(update={"per_item_s": each.duration_s})  # type: ignore[attr-defined]
    _leave_out_motion(s)
    _keep_length(s, compose)
    compose = _cards_within(s, compose)
    if s.logo_closes:
        _close_with_logo(s, compose)
    if any(getattr(op, "format", None) == "gif" for op in s.ops):
        # There is nothing to hear in a GIF.
        s.avoid.add("music")
    if "transition" not in names:
        _say_how(s, compose)
    if (
        getattr(compose, "duration_s", None) is None
        and getattr(compose, "per_item_s", None) is None
        and not names & {"set_duration", "set_segment_duration"}
    ):
        s.assume("natural_length")
    texts = [op for op in s.ops if op.op in {"add_text", "intro_outro"}]
    if not texts and "title" not in s.avoid and "text" not in s.avoid:
        if s.subject:
            s.add("add_text", text=s.subject, role="title")
            s.assume("title_from", text=s.subject, origin=say(s.language, "title_from_request"))
        elif s.view.titles and s.view.titles[0].text:
            s.add("add_text", text=s.view.titles[0].text, role="title")
            s.assume("kept_title")
        elif s.view.empty and any(c.ever("noun.title", "noun.text") and not c.negated for c in clauses):
            s.add("add_text", text=default_title(s), role="title")
    if not names & {"add_music", "change_music", "mute"} and "music" not in s.avoid:
        old = s.view.music[0] if s.view.music else None
        if old is not None and (old.media or old.get("music")):
            media = s.view.library.get(old.media or "")
            s.add(
                "add_music",
                media=media.name if media else None,
                mood=(old.get("music") or {}).get("mood") if not media else None,
            )
            s.assume("kept_music")
        elif s.view.empty:
            _music(s, clauses)
    logos = s.view.logo_files
    on_card = {getattr(op, "media", None) for op in s.ops if op.op == "intro_outro"}
    wanted = "add_logo" not in names and "logo" not in s.avoid and (s.view.empty or s.view.logos)
    if logos and wanted and logos[0].name not in on_card:
        s.add("add_logo", media=logos[0].name, position="bottom_right")
        s.assume("logo_from", name=logos[0].name, position=say(s.language, "bottom_right"))


def _shown(op: OpBase, chosen: tuple[str, ...]) -> bool:
    name = getattr(getattr(op, "target", None), "name", None)
    return name is None or name in chosen


def _cards_within(s: State, compose: OpBase) -> OpBase:
    """``20 seconds, with an end card``: the card's seconds are among them."""
    total = getattr(compose, "duration_s", None)
    cards = sum(float(getattr(op, "duration_s", None) or CARD_S) for op in s.ops if op.op == "intro_outro")
    if total is None or not 0 < cards <= total / 2:
        return compose
    shorter = compose.model_copy(update={"duration_s": round(total - cards, 3)})
    s.ops[s.ops.index(compose)] = shorter
    return shorter


def _close_with_logo(s: State, compose: OpBase) -> None:
    """``finish with our logo``: large in the middle of the last seconds, unless a place was said."""
    named = getattr(compose, "media", None)
    count = len(named) if isinstance(named, tuple) else len(s.view.shots_to_come)
    each = getattr(compose, "per_item_s", None) or PHOTO_MS / 1000
    total = getattr(compose, "duration_s", None) or count * each
    for i, op in enumerate(s.ops):
        if op.op == "add_logo" and total > CARD_S:
            own = {k: v for k, v in op.as_dict().items() if v is not None}
            large = {} if own.get("position") else {"position": "center", "size": _CLOSING_SIZE}
            s.ops[i] = op_from_dict({**large, **own, "start_s": total - CARD_S, "end_s": total})


def _keep_length(s: State, compose: OpBase) -> None:
    """``15 seconds, fast cuts``: how long it is was said, so what is quick is how one photo gives way to the next."""
    said = getattr(compose, "duration_s", None) or getattr(compose, "per_item_s", None)
    quick = [op for op in s.ops if op.op == "pace"]
    if said is None or not quick:
        return
    s.ops[:] = [op for op in s.ops if op not in quick]
    if getattr(quick[0], "direction", "") == "up" and not any(op.op == "transition" for op in s.ops):
        s.add("transition", between="all", type="crossfade", duration_s=_QUICK_S)


def _leave_out_motion(s: State) -> None:
    """Photos make no sound, have no speed of their own and do not repeat: what was said of a film is its mood."""
    if any(m.kind != "image" for m in s.view.shots_to_come) or not s.view.empty:
        return
    silent = [op for op in s.ops if op.op == "mute" and getattr(op, "target", None) != Target(kind="bgm")]
    if any(op.op == "reverse" and getattr(op, "target", None) is None for op in s.ops):
        # 照片倒着放: there is nothing in them to play backwards.
        s.ops[:] = [op for op in s.ops if op.op not in {"reverse", "reorder"}]
        s.add("reorder", reverse=True)
    moving = [op for op in s.ops if op.op in {"speed", "loop"}]
    s.ops[:] = [op for op in s.ops if op not in silent and op not in moving]
    if silent:
        s.avoid.add("music")
    if moving:
        s.assume("still_photos")


def _say_how(s: State, compose: OpBase) -> None:
    """What photos do and how shots meet; one photo meets nothing, and clips don't move."""
    named = getattr(compose, "media", None)
    chosen = list(s.view.shots_to_come)
    if isinstance(named, tuple):
        chosen = [m for name in named if (m := s.view.library.by_name(name)) is not None] or chosen
    stills = any(m.kind == "image" for m in chosen)
    if len(chosen) > 1:
        s.assume("first_cut" if stills else "first_cut_clips")
    elif stills:
        s.assume("first_cut_one")


def _music(s: State, clauses: list[Clause]) -> None:
    own = [m for m in s.view.library.items if m.role == "music" or m.kind == "audio"]
    if own:
        s.add("add_music", media=own[-1].name)
        return
    # "A calm 20-second video" says how it is to sound, too.
    said = [t for c in clauses if not c.negated for t in c.all("mood.") if t.text not in _music_alone()]
    mood = (said[0].meaning("mood") if said else None) or mood_for(s)
    s.add("add_music", mood=mood)
    for token in said:
        token.used = True
    if said:
        s.assume("mood_from", mood=mood, text=said[0].text)
    else:
        s.assume("mood_default", mood=mood)


@lru_cache(maxsize=1)
def _music_alone() -> frozenset[str]:
    """Kinds of music that are something else wherever music is not spoken of: a house, a country, a club."""
    return frozenset(table("en", "fluff")["music_alone"])
