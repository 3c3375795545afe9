"""The logo: put in, moved, made larger or fainter, there for a while, taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from reelframe.edits.names import picture_size
from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.measure import times_as_big
from reelframe.planner.refs import touched_kind
from reelframe.planner.rules.placing import picture_named, place, times_over
from reelframe.planner.state import State
from reelframe.planner.wording import CARD_S

__all__ = ["logo"]

_LEAST: Final = 0.01
# Of a new logo, of the frame's height: said without a number. It has 0.1 when nothing is said.
_SIZES: Final = (("dir.smaller", 0.07), ("dir.bigger", 0.16))
_LOGO: Final = Target(kind="logo")
_WORDS: Final = (
    "noun.logo noun.watermark noun.opacity noun.size noun.position noun.video noun.it noun.branding noun.brightness "
    "noun.beginning noun.ending verb.add verb.move verb.set verb.make verb.show verb.use verb.start verb.change "
    "verb.hide verb.zoom scope.corner scope.all scope.little pct"
)
_STANDS: Final = re.compile(r"\b(?:is|looks|feels|seems|gets|covers|hides|blocks|changed my mind)\b|太|挡")
_OTHER: Final = re.compile(
    r"\b(?:(opposite)|other|another|different) (?:\w+ )?(?:corner|side|place|spot)\b|\b(?:somewhere else|elsewhere)\b"
    r"|(对角)|(?:另一|别的|另外|其他)(?:个|边|侧|地方|位置)"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a clause says about the logo: where, of what height, how opaque, from when until when."""

    spot: dict[str, Any]
    size: float | None
    opacity: float | None
    times: dict[str, Any]

    @property
    def timed(self) -> bool:
        return any(v is not None for v in self.times.values())


def logo(c: Clause, s: State) -> bool:
    """Everything about the logo, or about a watermark."""
    if _sized(c, s):
        return True
    noun = c.get("noun.logo") or (c.get("noun.watermark") if not c.has("verb.export", "ctl.question") else None)
    if (noun is None and not _goes_on(c, s)) or c.has("noun.end_card", "noun.title_card"):
        # "A card that shows our logo" is a card.
        return False
    if c.has("refuse.generate_image", "refuse.object_removal"):
        return False
    mark = noun is not None and noun.has("noun.watermark")
    if (mark and _no_watermark(c, s)) or _gone(c, s):
        return True
    if mark and c.has("quote"):
        words, spot = c.value("quote"), place(c).get("position")
        c.use(_WORDS)
        return s.add("add_text", text=words, role="text", position=spot, opacity=c.value("pct"))
    if s.view.logos and not s.composed and noun is not None and _complains(c):
        s.last, s.said_already = _LOGO, True
        for token in c.tokens:
            token.used = True
        return True
    said = _read(c, s)
    exists = (bool(s.view.logos) and not s.composed) or any(op.op == "add_logo" for op in s.ops)
    if exists and c.has("scope.only") and not said.timed and s.view.total_s > CARD_S:
        said = replace(said, times=said.times | _at_one_end(c, s))
    # "show the logo only in the last 3 seconds" is about the one that is there.
    stays = exists and said.timed and not c.verb("add", "use", "want")
    adds = (c.verb("add", "use", "show", "want") and not stays) or (c.has("pos.") and not exists)
    if exists and not (adds and c.own_verb) and _changed(c, s, said):
        return True
    return _is_wanted(c, said, adds=adds) and _added(c, s, said)


def _complains(c: Clause) -> bool:
    """``The logo is in the way``, "I changed my mind about the logo": nothing is asked for yet."""
    acts = c.verb("make", "move", "set") or (c.verb("change") and "my mind" not in c.text)
    plain = not c.has("pos. dir. pct noun.opacity t. dur file quote noun.watermark scope.only")
    return _STANDS.search(c.text) is not None and plain and not acts and not c.inherited


def _goes_on(c: Clause, s: State) -> bool:
    """``…, smaller and in the corner``: of the logo that was spoken of, or touched, before."""
    before = s.last.kind == "logo" if s.last is not None else touched_kind(s) == "logo"
    if (
        before
        and all(t.has("t. link. mark scope.only scope.no verb.show") or t.text in "先都就" for t in c.tokens)
        and c.has("t.")
    ):
        # "…, for the last four seconds"
        return True
    if before and c.verb("remove", "hide") and c.has("noun.it") and s.last is not None:
        return not c.has("noun.clip noun.photo noun.music noun.title noun.text noun.caption ref quote")
    if not before or (s.last is None and c.has("noun.title noun.text")):
        return False
    if _OTHER.search(c.text):
        return True
    if c.has("noun.clip noun.photo noun.music noun.sound noun.video ref quote"):
        return False
    return c.has("pos. noun.opacity dir.bigger dir.smaller dir.up_move dir.down_move")


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


def _size_of(c: Clause) -> float | None:
    return next((size for tag, size in _SIZES if c.has(tag)), None)


def _no_watermark(c: Clause, s: State) -> bool:
    """``no watermark`` is what every free tool is asked; one inside a picture can't be painted over."""
    if c.negated or (c.verb("remove") and not s.view.logos):
        c.use("noun.watermark", "scope.no", "verb.remove" if c.verb("remove") and not c.has("t.") else "scope.no")
        s.whole = s.whole or "negated"
        return True
    if c.verb("remove") and c.has("noun.video", "noun.clip", "noun.photo"):
        c.use(_WORDS, "verb.remove")
        return s.refuse(c.said, "object_removal")
    return False


def _gone(c: Clause, s: State) -> bool:
    """The logo goes, or is there until a time, or from one."""
    hidden = c.verb("hide", "remove") or (c.negated and c.verb("show"))
    if hidden and c.has("t.head", "t.tail", "t.until", "t.from") and s.view.logos:
        head, tail, end = c.value("t.head", "t.until"), c.value("t.tail"), c.value("t.from")
        c.use(_WORDS, "verb.remove", "verb.hide", "link.")
        end = end if tail is None else max(0.0, s.view.total_s - tail)
        return s.add("set_timing", target=_LOGO, start_s=head, end_s=end)
    if not (c.verb("remove", "hide") or c.negated) or (c.own_verb and c.verb("add")):
        return False
    s.avoid.add("logo")
    c.use(_WORDS, "verb.remove", "scope.no")
    s.whole = s.whole or "negated"
    return s.add("remove", target=_LOGO) if s.view.logos and not s.composed else True


def _read(c: Clause, s: State) -> _Said:
    opacity = None
    if c.has("noun.opacity"):
        share = c.value("pct")
        transparent = any(t.text.startswith(("transpar", "透明度")) for t in c.tokens)
        opacity = 0.5 if share is None else (1 - share if transparent and "opacity" not in c.text else share)
    elif c.has("dir.little") and c.has("adjust.", "noun.brightness"):
        opacity = 0.5
    size = c.value("pct") if opacity is None else None
    return _Said(_other_corner(c, s) or place(c), size, opacity, times_over(c, s))


def _at_one_end(c: Clause, s: State) -> dict[str, float]:
    if c.has("noun.ending", "noun.outro", "link.last"):
        return {"start_s": s.view.total_s - CARD_S, "end_s": s.view.total_s}
    return {"start_s": 0.0, "end_s": CARD_S} if c.has("noun.beginning", "noun.intro", "link.first") else {}


def _changed(c: Clause, s: State, said: _Said) -> bool:
    """The logo that is there: another place, size, opacity, time, or how it comes."""
    done = False
    if said.spot:
        done = s.add("move", target=_LOGO, **said.spot)
    if said.opacity is not None:
        done = s.add("style_text", target=_LOGO, opacity=said.opacity)
    way = "up" if c.has("dir.bigger") else "down" if c.has("dir.smaller") else None
    if way or said.size:
        done = s.add("style_text", target=_LOGO, size=_scaled(c, s, way, said.size))
    if said.timed:
        done = s.add("set_timing", target=_LOGO, **said.times)
    elif c.has("scope.all") and (c.verb("keep", "show", "want", "last") or not c.own_verb):
        # "keep the logo on the whole time"
        done = s.add("set_timing", target=_LOGO, start_s=0.0, end_s=s.view.total_s or None)
    anim = c.get("anim.", "fade.")
    if anim is not None and not done:
        kind = anim.meaning("anim") or "fade"
        done = s.add("animate", target=_LOGO, **_ends(c, kind))
    if done:
        c.use(_WORDS, "dir.", "anim.", "fade.")
    return done


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


def _is_wanted(c: Clause, said: _Said, *, adds: bool) -> bool:
    """Whether one is to be put in: what only speaks of it asks for nothing."""
    if adds:
        return True
    placed = c.has("pos.", "verb.end") or said.times.get("start_s") or said.size or said.opacity is not None
    return bool(placed) or not c.own_verb or c.verb("make", "move", "change")


def _added(c: Clause, s: State, said: _Said) -> bool:
    times = said.times
    closing = c.has("noun.ending", "noun.outro", "verb.end") and not c.has("noun.beginning", "noun.intro", "scope.all")
    if closing and times["start_s"] is None and times["end_s"] is None:
        if s.composed or s.view.empty:
            s.logo_closes = True
        elif s.view.total_s > CARD_S:
            times = times | {"start_s": s.view.total_s - CARD_S, "end_s": s.view.total_s}
    media = picture_named(c, s)
    named = next((t for t in c.all("file")), None)
    if media is None and named is not None:
        s.assume("file_expected", name=named.value)
        named.used = True
    logos = s.view.logo_files
    where = said.spot.get("position")
    if media is None and named is None and not logos and not s.view.logos:
        s.ask(
            "no_logo",
            half={"op": "add_logo", **({"position": where} if where is not None else {})},
            slot="media",
            kind="name",
        )
        c.use(_WORDS, "dir.", "file")
        return True
    name = media.name if media else str(named.value) if named else (logos[0].name if logos else None)
    size = said.size or _size_of(c)
    c.use(_WORDS, "anim.", "noun.media", "dir.smaller", "dir.bigger")
    return s.add("add_logo", media=name, position=where, size=size, opacity=said.opacity, **times)
