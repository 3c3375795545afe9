"""Pictures in the picture and stickers, and what no track has place for."""

from __future__ import annotations

from reelframe.planner.clauses import Clause
from reelframe.planner.rules.logo import logo
from reelframe.planner.rules.placing import picture_named, place, times_over
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.tokens import with_families

__all__ = ["rule"]


def rule(c: Clause, s: State) -> bool:
    """What lies over the picture."""
    return _not_made(c, s) or logo(c, s) or _pip(c, s)


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
    media = picture_named(c, s)
    spot, times = place(c), times_over(c, s)
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
