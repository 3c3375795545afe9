"""Holds each operation to its own promise, on the timeline that it made.

The handlers are believed to do what they say. This is the second look that keeps a wrong edit from being
committed quietly, the worst failure there is: it reads only the operation and the two timelines, and knows
nothing of how the one became the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from reelframe.draft import Draft, Placed, Segment
from reelframe.edits import vocabulary as v
from reelframe.edits.families.ahead import KEY, waits
from reelframe.edits.layout import longest_transition
from reelframe.edits.targets import candidates, count, is_whole, main_index, resolve
from reelframe.edits.timeline import canvas, shots, total_ms
from reelframe.errors import PlanError

__all__ = ["PROMISES", "broken_rules", "check"]

# Times are said in seconds and kept in whole milliseconds; a range may end a frame beyond the end.
_CLOSE: Final = 60
_SHAPE: Final = 0.02


def check(op: v.OpBase, before: Draft, after: Draft) -> None:
    """Does ``after`` keep what ``op`` promised about ``before``, and the rules of every timeline?

    Raises:
        PlanError: it does not. Nothing was changed.
    """
    promise = PROMISES.get(type(op))
    if isinstance(op, (v.StyleText, v.Move, v.Animate)) and waits(before, op):
        promise = _kept_for_later
    rules = [rule for rule in broken_rules(after) if rule not in broken_rules(before)]
    if rules or (promise is not None and not promise(op, before, after)):
        why = f" ({rules[0]})" if rules else ""
        message = f"The timeline did not become what was asked for{why}, so nothing was changed: {op.op}."
        raise PlanError(message, hint="Please say it in another way, or in smaller steps.")


def broken_rules(draft: Draft) -> tuple[str, ...]:
    """Which rules of a laid-out timeline a draft does not keep, in words; none for what `apply` makes.

    A timeline that came from elsewhere may break some; operations that do not touch its times leave it so.
    """
    return tuple(dict.fromkeys(_broken(draft)))


def _broken(draft: Draft) -> Iterator[str]:
    ids = Counter(s.id for s in draft.segments if s.id)
    if any(n > 1 for n in ids.values()):
        yield "two segments have one id"
    every = [p for track in draft.tracks for p in track.placed]
    if any(p.start < 0 or p.end < p.start for p in every):
        yield "a segment has a negative time"
    main = shots(draft)
    ends = [0, *(p.end for p in main)]
    if any(p.start != end for p, end in zip(main, ends, strict=False)):
        yield "the shots do not follow one another"
    for a, b in pairwise(main):
        said = b.segment.get("transition")
        if isinstance(said, dict) and said.get("ms", 0) > max(1, longest_transition(a.segment, b.segment)):
            yield "a transition is longer than half of its shot"
    total = total_ms(draft)
    if draft.d is not None and draft.duration_ms != total:
        yield "the duration is not that of the shots"
    if main and any(p.end > total for p in every):
        yield "something lasts longer than the video"


# --- the promises ----------------------------------------------------------------------------------------


def _now(before: Draft, after: Draft, target: v.Target) -> list[Segment]:
    """What a target of the old timeline is now: by id, else by place."""
    out = []
    for f in resolve(before, target):
        segment = f.placed.segment
        found = after.find(segment.id) if segment.id else None
        if found is None and not segment.id and f.track < len(after.tracks):
            track = after.tracks[f.track].segments
            found = track[f.index] if f.index < len(track) else None
        if found is not None:
            out.append(found)
    return out


def _now_shots(before: Draft, after: Draft, target: v.Target) -> list[Segment]:
    main = {id(s) for s in after.main.segments} if after.main else set()
    return [s for s in _now(before, after, target) if id(s) in main]


def _placed(after: Draft, segment: Segment) -> Placed:
    return next(p for track in after.tracks for p in track.placed if p.segment is segment)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= _CLOSE


def _ms(seconds: float | None) -> int:
    return round((seconds or 0) * 1000)


def _compose(op: v.Compose, _: Draft, after: Draft) -> bool:
    right = op.duration_s is None or total_ms(after) == _ms(op.duration_s)
    titled = not op.title or any(s.text == op.title for s in after.segments)
    titled = titled and set(op.lines or ()) <= {s.text for s in after.segments}
    return right and titled and bool(shots(after)) and (op.aspect is None or _has_shape(after, op.aspect))


def _has_shape(draft: Draft, aspect: str) -> bool:
    across, down = (float(part) for part in aspect.split(":"))
    width, height = canvas(draft)
    return abs(width / height / (across / down) - 1) < _SHAPE


def _set_duration(op: v.SetDuration, before: Draft, after: Draft) -> bool:
    total = total_ms(after)
    exact = op.duration_s is None or total == _ms(op.duration_s) or op.max_duration_s is not None
    most = op.max_duration_s is None or total <= _ms(op.max_duration_s)
    return exact and most and (op.range is None or bool(shots(after))) and bool(shots(before))


def _set_output(op: v.SetOutput, _: Draft, after: Draft) -> bool:
    output = after.get("output", {})
    return (
        (op.height is None or abs(min(canvas(after)) - op.height) <= 1)
        and (op.fps is None or abs(after.get("fps") - op.fps) <= 1)
        and (op.format is None or output.get("format") == op.format)
        and (op.max_bytes is None or output.get("max_bytes") == op.max_bytes)
    )


def _intro_outro(op: v.IntroOutro, before: Draft, after: Draft) -> bool:
    card = shots(after)[0 if op.where == "start" else -1]
    length = _ms(op.duration_s) if op.duration_s is not None else card.end - card.start
    # Without a shot there was no video yet: the card is all of it.
    grew = total_ms(after) == (total_ms(before) if shots(before) else 0) + length
    words = op.text is None or any(
        p.segment.text == op.text and card.start <= p.start and p.end <= card.end
        for track in after.of_kind("text")
        for p in track.placed
    )
    return card.segment.role == "card" and grew and words


def _trim(op: v.Trim, before: Draft, after: Draft) -> bool:
    off = _ms(op.start_s) + _ms(op.end_s)
    if op.target is None or is_whole(op.target):
        return total_ms(after) == total_ms(before) - off
    found = resolve(before, op.target)
    now = _now(before, after, op.target)
    if on_main := [f for f in found if f.track == main_index(before)]:
        # What else a wide target means follows the shots.
        found, now = tuple(on_main), _now_shots(before, after, op.target)
    old = sum(f.placed.end - f.placed.start for f in found)
    shorter = not on_main or total_ms(after) < total_ms(before)
    return shorter and sum(s.duration_ms for s in now) == old - off * len(found)


def _cut_range(op: v.CutRange, before: Draft, after: Draft) -> bool:
    gone = total_ms(before) - total_ms(after)
    if op.keep_range is not None and op.range is None:
        alone = op.target is None
        kept = _ms(op.keep_range[1]) - _ms(op.keep_range[0])
        return _close(total_ms(after), kept) if alone else gone > 0
    if op.range is None or op.keep_range is not None:
        return gone > 0
    return _close(gone, _ms(op.range[1]) - _ms(op.range[0]))


def _remove(op: v.Remove, before: Draft, after: Draft) -> bool:
    if op.target.kind == "transition":
        return count(after, "transition") < count(before, "transition")
    found = resolve(before, op.target)
    gone = {f.placed.segment.id for f in found} - {""}
    left = {s.id for s in after.segments}
    return not gone & left and len(list(after.segments)) <= len(list(before.segments)) - len(found)


def _same_shots(before: Draft, after: Draft) -> bool:
    def bag(draft: Draft) -> Counter[tuple[str, str, int]]:
        return Counter((p.segment.id, p.segment.media or "", p.end - p.start) for p in shots(draft))

    return bag(before) == bag(after)


def _more_shots(before: Draft, after: Draft) -> int:
    return len(shots(after)) - len(shots(before))


def _speed(op: v.Speed, before: Draft, after: Draft) -> bool:
    faster = op.direction == "up"
    if op.factor is None:
        return (total_ms(after) < total_ms(before)) == faster
    every = [p.segment for p in shots(after)]
    found = every if op.range is not None else [s for s in every if s.role != "card"] or every
    if op.target is not None and op.range is None and not is_whole(op.target):
        found = _now_shots(before, after, op.target)
    speeds = {float(s.get("speed", 1)) for s in found}
    wanted = round(op.factor, 4)
    return wanted in speeds if op.range is not None else speeds == {wanted}


def _reverse(op: v.Reverse, before: Draft, after: Draft) -> bool:
    def backwards(draft: Draft) -> list[bool]:
        return [bool(p.segment.get("reverse")) for p in shots(draft)]

    return backwards(before) != backwards(after) and op is not None


def _loop(op: v.Loop, before: Draft, after: Draft) -> bool:
    loops = [bool(s.get("loop")) for s in after.segments]
    grew = total_ms(after) - total_ms(before)
    if op.count == 1:
        return grew == 0
    return grew > 0 or any(loops)


def _freeze(op: v.Freeze, before: Draft, after: Draft) -> bool:
    held = [p for p in shots(after) if p.segment.get("freeze") is True]
    length = _ms(op.duration_s) or None
    lengths = {p.end - p.start for p in held}
    return total_ms(after) > total_ms(before) and bool(held) and (length is None or length in lengths)


def _add_text(op: v.AddText, _: Draft, after: Draft) -> bool:
    total = total_ms(after)
    return any(
        p.segment.text == op.text
        and p.segment.role == op.role
        and 0 <= p.start < p.end <= total
        and (op.position is None or p.segment.get("position") == op.position)
        and (op.duration_s is None or op.end_s is not None or _close(p.end - p.start, _ms(op.duration_s)))
        for track in after.of_kind("text")
        for p in track.placed
    )


def _style_text(op: v.StyleText, before: Draft, after: Draft) -> bool:
    changed = _now(before, after, op.target)
    plain = {k: x for k in ("bold", "italic", "font", "case", "align") if (x := getattr(op, k)) is not None}
    texts = [s for s in changed if s.text is not None]
    as_said = all(all(s.get("style", {}).get(k) == x for k, x in plain.items()) for s in texts)
    sized = not isinstance(op.size, float) or any(
        op.size == (s.get("style", {}) if s.text is not None else s).get("size") for s in changed
    )
    return bool(changed) and as_said and sized


def _kept_for_later(_: v.StyleText | v.Move | v.Animate, __: Draft, after: Draft) -> bool:
    return bool(after.get(KEY))


def _set_timing(op: v.SetTiming, before: Draft, after: Draft) -> bool:
    every = _now(before, after, op.target)
    on_main = {id(s) for s in after.main.segments} if after.main else set()
    # Shots are not placed, so a target that means some and other things too is about the others.
    changed = [s for s in every if id(s) not in on_main] or every
    return all(
        (op.start_s is None or _close(p.start, _ms(op.start_s)))
        and (op.end_s is None or _close(p.end, _ms(op.end_s)))
        and (op.duration_s is None or op.end_s is not None or _close(p.end - p.start, _ms(op.duration_s)))
        for s in changed
        for p in [_placed(after, s)]
    )


def _animate(op: v.Animate, before: Draft, after: Draft) -> bool:
    texts = [s for s in _now(before, after, op.target) if s.text is not None]
    return all(
        name is None or s.get(key, {}).get("type") == name
        for s in texts
        for key, name in (("anim_in", op.anim_in), ("anim_out", op.anim_out))
    )


def _add_music(op: v.AddMusic, _: Draft, after: Draft) -> bool:
    found = candidates(after, "bgm")
    if len(found) != 1:
        return False
    p = found[0].placed
    loud = op.volume is None or p.segment.volume == op.volume
    return loud and (p.start, p.end) == (0, total_ms(after))


def _change_music(_: v.ChangeMusic, before: Draft, after: Draft) -> bool:
    def plays(draft: Draft) -> list[Any]:
        return [(f.placed.segment.media, f.placed.segment.get("music")) for f in candidates(draft, "bgm")]

    return plays(before) != plays(after) and len(plays(after)) == 1


def _set_volume(op: v.SetVolume, _: Draft, after: Draft) -> bool:
    if op.level is None:
        return True
    return any(s.volume == op.level and not s.get("muted") for s in after.segments)


def _mute(op: v.Mute, before: Draft, after: Draft) -> bool:
    key = "muted" if op.range is None else "mutes"
    silent = [s for s in after.segments if s.get("muted") or s.get(key)]
    # What was silent before has been asked to be so: that is kept too.
    return bool(silent) and len(silent) >= sum(1 for s in before.segments if s.get("muted"))


def _transition(op: v.Transition, before: Draft, after: Draft) -> bool:
    kinds = [(p.segment.get("transition") or {}).get("type", "cut") for p in shots(after)[1:]]
    if op.between in {None, "all"} and op.at_s is None:
        return set(kinds) == {op.type}
    return op.type in kinds and _same_shots(before, after)


def _ken_burns(op: v.KenBurns, before: Draft, after: Draft) -> bool:
    moves = [p.segment.get("move") for p in shots(after)]
    if op.direction == "none":
        old = [p.segment.get("move") for p in shots(before)]
        return sum(m is not None for m in moves) < max(1, sum(m is not None for m in old))
    return any(isinstance(m, dict) and op.direction in {None, m.get("direction")} for m in moves)


def _fade_video(op: v.FadeVideo, _: Draft, after: Draft) -> bool:
    places: list[Draft | Segment] = [after, *(p.segment for p in shots(after))]
    return any(
        (op.in_s is None or of.get("fade_in", 0) == _ms(op.in_s))
        and (op.out_s is None or of.get("fade_out", 0) == _ms(op.out_s))
        for of in places
    )


def _over(role: str) -> Callable[[v.AddLogo | v.Overlay, Draft, Draft], bool]:
    def shown(op: v.AddLogo | v.Overlay, _: Draft, after: Draft) -> bool:
        main = main_index(after)
        return any(
            p.segment.role == role
            and (op.position is None or p.segment.get("position") == op.position)
            and (op.size is None or p.segment.get("size") == op.size)
            and (op.start_s is None or _close(p.start, _ms(op.start_s)))
            and (op.end_s is None or _close(p.end, _ms(op.end_s)))
            for n, track in enumerate(after.tracks)
            if n != main and track.kind == "video"
            for p in track.placed
        )

    return shown


def _look(op: v.Look, before: Draft, after: Draft) -> bool:
    if op.name.strip().lower() == "none":
        return True
    changed = _now(before, after, op.target) if op.target is not None else []
    names = {after.get("look"), *(s.get("look") for s in changed)}
    return bool(names - {None, "none"})


def _effect(op: v.Effect, before: Draft, after: Draft) -> bool:
    def effects(draft: Draft) -> int:
        return sum(len(p.segment.get("effects", ())) for p in shots(draft))

    if op.name.strip().lower() == "none":
        return effects(after) < effects(before)
    return effects(after) > 0


def _is_now(key: str) -> Callable[[Any, Draft, Draft], bool]:
    """Something under this key of the shots, logos or the draft has changed, or was so already."""

    def promise(op: Any, before: Draft, after: Draft) -> bool:  # noqa: ANN401 -- several operations
        seen = [x for s in after.segments if (x := s.get(key)) is not None]
        old = [x for s in before.segments if (x := s.get(key)) is not None]
        wanted = getattr(op, "scale", None)
        return seen != old or wanted is None or wanted == 1 or wanted in seen

    return promise


# Any: each promise is about its own operation, and the table pairs them.
PROMISES: Final[Mapping[type[v.OpBase], Callable[[Any, Draft, Draft], bool]]] = {
    v.Compose: _compose,
    v.SetDuration: _set_duration,
    v.SetAspect: lambda op, _, after: _has_shape(after, op.aspect),
    v.SetOutput: _set_output,
    v.SetBackground: lambda op, _, after: (
        (op.color is None or after.get("background") is not None) and (not op.blur or after.get("fit") == "blur")
    ),
    v.IntroOutro: _intro_outro,
    v.Trim: _trim,
    v.CutRange: _cut_range,
    v.Split: lambda _, before, after: _more_shots(before, after) > 0 and total_ms(before) == total_ms(after),
    v.Remove: _remove,
    v.Reorder: lambda _, before, after: _same_shots(before, after),
    v.Duplicate: lambda op, before, after: (
        _more_shots(before, after) == len(resolve(before, op.target))
        or (op.target.kind in {"all", "video"} and _more_shots(before, after) > 0)
    ),
    v.InsertMedia: lambda op, before, after: _more_shots(before, after) >= len(op.media),
    v.ReplaceMedia: lambda op, before, after: (
        total_ms(before) == total_ms(after) and all(s.name for s in _now(before, after, op.target))
    ),
    v.Merge: lambda _, before, after: _more_shots(before, after) < 0 and total_ms(before) == total_ms(after),
    v.SetSegmentDuration: lambda op, before, after: all(
        s.duration_ms == _ms(op.duration_s) for s in _now_shots(before, after, op.target)
    ),
    v.Speed: _speed,
    v.Reverse: _reverse,
    v.Loop: _loop,
    v.Freeze: _freeze,
    v.Zoom: _is_now("zoom"),
    v.CloseGaps: lambda _, before, after: (
        "the shots do not follow one another" not in broken_rules(after) and len(shots(before)) == len(shots(after))
    ),
    v.BeatSync: lambda _, before, after: total_ms(before) == total_ms(after) and _more_shots(before, after) == 0,
    v.AddText: _add_text,
    v.SetText: lambda op, before, after: (
        [s.text for s in _now(before, after, op.target) if s.text is not None] == [op.text]
    ),
    v.StyleText: _style_text,
    v.Move: lambda op, before, after: (
        op.position is None or any(s.get("position") == op.position for s in _now(before, after, op.target))
    ),
    v.SetTiming: _set_timing,
    v.Animate: _animate,
    v.AddSubtitles: lambda op, _, after: (
        {s.text for s in after.segments if s.role == "subtitle"} & {line.text for line in op.lines or ()} != set()
    ),
    v.AddMusic: _add_music,
    v.ChangeMusic: _change_music,
    v.SetVolume: _set_volume,
    v.Mute: _mute,
    v.Duck: lambda op, _, after: op.amount_db is None or after.get("duck", {}).get("amount_db") == op.amount_db,
    v.Normalize: lambda op, _, after: op.lufs is None or after.get("lufs") == op.lufs,
    v.AddSfx: lambda _, before, after: count(after, "sfx") == count(before, "sfx") + 1,
    v.Look: _look,
    v.Effect: _effect,
    v.KenBurns: _ken_burns,
    v.Transition: _transition,
    v.FadeVideo: _fade_video,
    v.Pace: lambda op, before, after: (total_ms(after) < total_ms(before)) == (op.direction == "up"),
    v.AddLogo: _over("logo"),
    v.Overlay: _over("overlay"),
}
