"""Logos, watermarks, pictures in the picture, stickers."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.edits.names import picture_size
from reelframe.edits.vocabulary import Target
from reelframe.media.model import Media
from reelframe.planner.clauses import Clause
from reelframe.planner.measure import times_as_big
from reelframe.planner.refs import touched_kind
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.tokens import with_families
from reelframe.planner.wording import CARD_S

__all__ = ["place", "rule"]

_NUDGE: Final = 0.05
_LEAST: Final = 0.01
# Of a new logo, of the frame's height: said without a number. It has 0.1 when nothing is said.
_LOGO_SIZES: Final = (("dir.smaller", 0.07), ("dir.bigger", 0.16))


def rule(c: Clause, s: State) -> bool:
    """What lies over the picture."""
    return _not_made(c, s) or _sized(c, s) or _logo(c, s) or _pip(c, s)


def _size_of(c: Clause) -> float | None:
    return next((size for tag, size in _LOGO_SIZES if c.has(tag)), None)


def _sized(c: Clause, s: State) -> bool:
    """``a logo in the corner, small``: the size of the one that is about to come."""
    size = _size_of(c)
    last = s.ops[-1] if s.ops else None
    if size is None or last is None or last.op != "add_logo" or c.own_verb or c.has("noun.", "ref", "pct"):
        return False
    if getattr(last, "size", None) is None:
        s.ops[-1] = last.model_copy(update={"size": size})
    c.use("dir.")
    return True


def place(c: Clause) -> dict[str, Any]:
    """A position, or a step from where it stands."""
    pos = c.get("pos.")
    if pos is not None and not c.has("dir.up_move", "dir.down_move", "dir.left_move", "dir.right_move"):
        pos.used = True
        meanings = sorted((m[4:] for m in pos.tags if m.startswith("pos.") and m != "pos."), key=len, reverse=True)
        stepwise = pos.text in {"left", "right"} and c.has("dir.little", "dir.much")
        if not stepwise:
            return {"position": meanings[0]}
        return {"dx": _NUDGE if pos.text == "right" else -_NUDGE}
    size = _NUDGE * (2 if c.has("dir.much") else 1)
    moves = c.verb("move", "set", "make", "add") or not c.own_verb
    moves = moves and not c.has("noun.opacity noun.size noun.volume dir.bigger dir.smaller")
    if c.has("dir.up_move", "dir.up") and moves:
        c.use("dir.up", "dir.up_move")
        return {"dy": -size}
    if c.has("dir.down_move", "dir.down") and moves:
        c.use("dir.down", "dir.down_move")
        return {"dy": size}
    if c.has("dir.left_move"):
        c.use("dir.left_move")
        return {"dx": -size}
    if c.has("dir.right_move"):
        c.use("dir.right_move")
        return {"dx": size}
    if c.verb("center"):
        return {"position": "center"}
    return {"position": "top_right"} if c.has("scope.corner") else {}


def _times(c: Clause, s: State) -> dict[str, Any]:
    span = c.value("t.range")
    if span:
        return {"start_s": span[0], "end_s": span[1]}
    out: dict[str, Any] = {"start_s": c.value("t.from", "t.at"), "end_s": c.value("t.until")}
    head, tail = c.value("t.head"), c.value("t.tail")
    if head is not None:
        out |= {"start_s": 0.0, "end_s": head}
    if tail is not None and s.view.total_s > tail:
        out |= {"start_s": s.view.total_s - tail, "end_s": s.view.total_s}
    length = c.value("t.for")
    if length is not None and out["end_s"] is None:
        out["start_s"] = out["start_s"] or 0.0
        out["end_s"] = out["start_s"] + length
    return out


def _picture(c: Clause, s: State) -> Media | None:
    for token in c.all("file"):
        media = s.view.library.by_name(str(token.value))
        if media is not None and media.kind != "audio":
            token.used = True
            return media
    return None


def _logo(c: Clause, s: State) -> bool:
    noun = c.get("noun.logo") or (c.get("noun.watermark") if not c.has("verb.export", "ctl.question") else None)
    follows = noun is None and (
        s.last.kind == "logo" if s.last is not None else touched_kind(s) == "logo" and not c.has("noun.title noun.text")
    )
    if c.has("noun.end_card", "noun.title_card"):
        # "a card that shows our logo"
        return False
    if noun is None and not (
        follows
        and not c.has("noun.clip noun.photo noun.music noun.sound noun.video ref quote")
        and c.has("pos. noun.opacity dir.bigger dir.smaller dir.up_move dir.down_move")
    ):
        return False
    if c.has("refuse.generate_image", "refuse.object_removal"):
        return False
    if noun is not None and noun.has("noun.watermark") and (c.negated or (c.verb("remove") and not s.view.logos)):
        # "no watermark" is what every free tool is asked; there is none here.
        c.use("noun.watermark", "scope.no", "verb.remove" if c.verb("remove") and not c.has("t.") else "scope.no")
        s.whole = s.whole or "negated"
        return True
    words = (
        "noun.logo",
        "noun.watermark",
        "verb.add",
        "verb.move",
        "verb.set",
        "verb.make",
        "scope.corner",
        "noun.opacity",
        "noun.size",
        "noun.position",
        "pct",
        "scope.all",
        "verb.show",
        "verb.use",
        "noun.video",
        "verb.start",
        "verb.change",
        "verb.hide",
        "noun.it",
        "verb.zoom",
        "noun.branding",
        "scope.little",
        "noun.brightness",
        "noun.beginning",
        "noun.ending",
    )
    if (
        noun is not None
        and noun.has("noun.watermark")
        and c.verb("remove")
        and c.has("noun.video", "noun.clip", "noun.photo")
    ):
        c.use(*words, "verb.remove")
        return s.refuse(c.said, "object_removal")
    if c.verb("hide", "remove") and c.has("t.head", "t.tail", "t.until", "t.from") and s.view.logos:
        head, tail, end = c.value("t.head", "t.until"), c.value("t.tail"), c.value("t.from")
        c.use(*words, "verb.remove", "verb.hide", "link.")
        end = end if tail is None else max(0.0, s.view.total_s - tail)
        return s.add("set_timing", target={"kind": "logo"}, start_s=head, end_s=end)
    if (c.verb("remove", "hide") or c.negated) and not (c.own_verb and c.verb("add")):
        s.avoid.add("logo")
        c.use(*words, "verb.remove", "scope.no")
        s.whole = s.whole or "negated"
        return s.add("remove", target={"kind": "logo"}) if s.view.logos and not s.composed else True
    text = c.value("quote")
    if text is not None and noun is not None and noun.has("noun.watermark"):
        c.use(*words)
        return s.add(
            "add_text",
            text=text,
            role="text",
            **{k: v for k, v in place(c).items() if k == "position"},
            opacity=c.value("pct"),
        )
    opacity = None
    if c.has("noun.opacity"):
        share = c.value("pct")
        transparent = any(t.text.startswith(("transpar", "透明度")) for t in c.tokens)
        opacity = 0.5 if share is None else (1 - share if transparent and "opacity" not in c.text else share)
    elif c.has("dir.little") and c.has("adjust.", "noun.brightness"):
        opacity = 0.5
    share = c.value("pct") if opacity is None else None
    spot = _other_corner(c, s) or place(c)
    times = _times(c, s)
    target = Target(kind="logo")
    exists = (bool(s.view.logos) and not s.composed) or any(op.op == "add_logo" for op in s.ops)
    if exists and c.has("scope.only") and not any(v is not None for v in times.values()) and s.view.total_s > CARD_S:
        if c.has("noun.ending", "noun.outro", "link.last"):
            times |= {"start_s": s.view.total_s - CARD_S, "end_s": s.view.total_s}
        elif c.has("noun.beginning", "noun.intro", "link.first"):
            times |= {"start_s": 0.0, "end_s": CARD_S}
    timed = exists and any(v is not None for v in times.values()) and not c.verb("add", "use", "want")
    # "show the logo only in the last 3 seconds" is about the one that is there.
    intent_add = (c.verb("add", "use", "show", "want") and not timed) or (c.has("pos.") and not exists)
    if exists and not (intent_add and c.own_verb):
        done = False
        if spot:
            done = s.add("move", target=target, **spot)
        if opacity is not None:
            done = s.add("style_text", target=target, opacity=opacity)
        way = "up" if c.has("dir.bigger") else "down" if c.has("dir.smaller") else None
        if way or share:
            done = s.add("style_text", target=target, size=_scaled(c, s, way, share))
        times_said = any(v is not None for v in times.values())
        if times_said:
            done = s.add("set_timing", target=target, **{k: v for k, v in times.items() if v is not None})
        if not times_said and c.has("scope.all") and (c.verb("keep", "show", "want", "last") or not c.own_verb):
            # "keep the logo on the whole time"
            done = s.add("set_timing", target=target, start_s=0.0, end_s=s.view.total_s or None)
        anim = c.get("anim.", "fade.")
        if anim is not None and not done:
            kind = anim.meaning("anim") or "fade"
            done = s.add("animate", target=target, **_ends(c, kind))
        if done:
            c.use(*words, "dir.", "anim.", "fade.")
            return True
    if (
        not intent_add
        and not c.has("pos.", "verb.end")
        and not times.get("start_s")
        and not share
        and opacity is None
        and c.own_verb
        and not c.verb("make", "move", "change")
    ):
        return False
    if exists and not s.composed and not intent_add and not c.own_verb and _STANDS.search(c.text):
        # "The logo is in the way": nothing is asked for yet.
        return False
    closing = c.has("noun.ending", "noun.outro", "verb.end") and not c.has("noun.beginning", "noun.intro", "scope.all")
    if closing and times["start_s"] is None and times["end_s"] is None:
        if s.composed or s.view.empty:
            s.logo_closes = True
        elif s.view.total_s > CARD_S:
            times |= {"start_s": s.view.total_s - CARD_S, "end_s": s.view.total_s}
    media = _picture(c, s)
    named = next((t for t in c.all("file")), None)
    if media is None and named is not None:
        s.assume("file_expected", name=named.value)
        named.used = True
    logos = s.view.logo_files
    if media is None and named is None and not logos and not s.view.logos:
        images = [m for m in s.view.library.shots if m.kind == "image"]
        s.ask(
            "no_logo",
            half={"op": "add_logo", **({"position": spot["position"]} if "position" in spot else {})},
            slot="media",
            kind="name",
        )
        c.use(*words, "dir.", "file")
        return bool(images) or True
    name = media.name if media else str(named.value) if named else (logos[0].name if logos else None)
    share = share or _size_of(c)
    c.use(*words, "anim.", "noun.media", "dir.smaller", "dir.bigger")
    return s.add(
        "add_logo",
        media=name,
        position=spot.get("position"),
        size=share,
        opacity=opacity,
        start_s=times["start_s"],
        end_s=times["end_s"],
    )


_STANDS: Final = re.compile(r"\b(?:is|looks|feels|seems|gets)\b|太|挡")
_OTHER: Final = re.compile(
    r"\b(?:(opposite)|other|another|different) (?:\w+ )?(?:corner|side)\b|(对角)|(?:另一|别的|另外)(?:个|边|侧)"
)


def _other_corner(c: Clause, s: State) -> dict[str, Any]:
    """``put it in the other corner``: across from where it stands, and diagonally when that was said."""
    said = _OTHER.search(c.text)
    if said is None or not s.view.logos or s.composed:
        return {}
    c.use("scope.corner scope.others noun.position pos.")
    y, _, x = str(s.view.logos[0].get("position", "top_right")).partition("_")
    across = {"left": "right", "right": "left"}.get(x, x)
    if said[1] or said[2]:
        y = {"top": "bottom", "bottom": "top"}.get(y, y)
    return {"position": f"{y}_{across}"} if across else {}


def _scaled(c: Clause, s: State, way: str | None, share: float | None) -> float | str | None:
    """How large a logo becomes: a share of the frame, a step, or "20 % bigger", "half as big" than it is."""
    by = times_as_big(c) if share is None else share
    if way is None or by is None or not s.view.logos:
        return share or way
    now = float(s.view.logos[0].get("size", picture_size("logo")))
    return round(min(1.0, max(_LEAST, now * (1 + by if way == "up" else 1 - by))), 4)


def _ends(c: Clause, kind: str) -> dict[str, Any]:
    seconds = c.value("dur", "t.for", "t.head")
    if c.has("fade.out"):
        return {"anim_out": kind, "duration_s": seconds}
    if c.has("fade.both"):
        return {"anim_in": kind, "anim_out": kind, "duration_s": seconds}
    return {"anim_in": kind, "duration_s": seconds}


def _not_made(c: Clause, s: State) -> bool:
    """``add a countdown``, ``clips 1 and 2 side by side``: nothing draws the one, no track has place for the other."""
    kind = next((kind for kind in ("split_screen", "drawn") if c.has(f"noun.{kind}")), None)
    if kind is None or c.has("file") or c.verb("remove", "hide") or c.negated:
        return False
    c.use("noun.", "ref", "dir.", "pos.", "scope.", "verb.")
    return s.refuse(c.said or c.text, "out_of_scope", say(s.language, f"nearest_{kind}"))


def _pip(c: Clause, s: State) -> bool:
    noun = c.get("noun.pip", "noun.sticker", "noun.split_screen", "noun.drawn")
    if noun is not None and noun.has("noun.sticker") and c.has("quote") and c.has("ref"):
        # Words over a shot, whatever they are called.
        noun.tags = with_families(frozenset({"noun.text"}))
        return False
    file = next(
        (
            t
            for t in c.all("file")
            if not str(t.value).lower().endswith((".mp3", ".wav", ".m4a", ".aac", ".srt", ".vtt"))
        ),
        None,
    )
    over = (file is not None and c.verb("add") and c.has("pos.", "scope.corner")) or (
        file is not None and "overlay" in c.text
    )
    if noun is None and not over:
        return False
    words = (
        "noun.pip",
        "noun.sticker",
        "verb.add",
        "file",
        "noun.video",
        "noun.clip",
        "noun.photo",
        "scope.corner",
        "pct",
        "noun.size",
        "noun.title",
        "verb.show",
        "quote",
        "noun.it",
        "noun.animation",
        "anim.",
        "verb.animate",
    )
    if c.verb("remove", "hide") or c.negated:
        c.use(*words, "verb.remove", "scope.no")
        if s.view.overlays:
            return s.add(
                "remove",
                target={"kind": "logo"}
                if not [o for o in s.view.overlays if o.role == "overlay"]
                else {"kind": "video", "name": s.view.overlays[-1].name},
            )
        return True
    media = _picture(c, s)
    spot, times = place(c), _times(c, s)
    share = c.value("pct")
    quote = c.value("quote")
    if noun is not None and noun.has("noun.sticker") and (quote is not None or _emoji(c)):
        text = quote or _emoji(c)
        c.use(*words, "word", "mark")
        return s.add(
            "add_text",
            text=text,
            role="text",
            position=spot.get("position"),
            start_s=times["start_s"],
            end_s=times["end_s"],
        )
    name = media.name if media else str(file.value) if file else None
    if name is None:
        ref = next((t for t in c.all("ref") if t.value.noun in {"clip", "photo", "video", "media", ""}), None)
        if ref is not None and s.clip_range_ok(ref.value):
            shot = s.view.shot(ref.value.indexes[0]).segment
            found = s.view.library.get(shot.media or "")
            name = found.name if found else None
            ref.used = True
            under = c.get("ref")
            if under is not None and not any(v is not None for v in times.values()) and s.clip_range_ok(under.value):
                # "clip 2 in the corner over clip 1": as long as that one.
                below = s.view.shot(under.value.indexes[0])
                times |= {"start_s": below.start / 1000, "end_s": below.end / 1000}
                under.used = True
    if name is None:
        c.use(*words, "dir.", "pos.")
        choices = [m for m in s.view.library.items if m.kind != "audio"]
        s.ask(
            "which_file",
            half={"op": "overlay", **({"position": spot["position"]} if "position" in spot else {})},
            slot="media",
            kind="name",
        )
        return bool(choices) or True
    c.use(*words)
    return s.add(
        "overlay", media=name, position=spot.get("position"), size=share, start_s=times["start_s"], end_s=times["end_s"]
    )


def _emoji(c: Clause) -> str:
    return "".join(t.text for t in c.tokens if t.has("mark") and ord(t.text[0]) > 0x2600)  # where pictographs begin
