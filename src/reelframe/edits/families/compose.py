"""The first cut: a video from media alone."""

from __future__ import annotations

from typing import Any, Final

from reelframe.draft import Draft, Segment, Track, clock
from reelframe.edits.cuts import SHORTEST, share_out
from reelframe.edits.families.frame import frame_size
from reelframe.edits.families.look import MOVES
from reelframe.edits.families.overlay import logos_of
from reelframe.edits.families.text import add_text, put_text
from reelframe.edits.layout import Piece, relay
from reelframe.edits.timeline import VIDEO, Context, canvas, ms, need_visible
from reelframe.edits.vocabulary import AddText, Compose
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media

__all__ = ["compose", "shot_of"]

PHOTO_MS: Final = 4000
CROSSFADE: Final[dict[str, Any]] = {"type": "crossfade", "ms": 500}
# A camera that moves by this part of the frame in a second is felt and not noticed.
_PER_SECOND: Final = 0.02
_LEAST_MOVE: Final = 0.04
_MOST_MOVE: Final = 0.12
_TALL: Final = 0.8
_KEPT: Final = ("project", "width", "height", "fps", "fit", "background", "lufs", "seed", "output", "subtitles")
_OURS: Final = frozenset({*_KEPT, "fade_in", "fade_out", "fade_color", "duck", "look", "adjust"})
# Words alone: how long each stays, in ms for a letter; a line takes a moment to be seen before it is read.
_PER_LETTER: Final = 85
_READING: Final = 22
_WIDE_LETTER: Final = 3
_CJK: Final = 0x2E80
_SHORT_WORDS: Final = 4000
_LATE: Final = 150
_LOUD: Final = 12
# Relative to the frame's height; larger than over pictures, for there is nothing else to see.
_LOUD_SIZE: Final = 0.21
_WORDS_SIZE: Final = {"title": 0.135, "cta": 0.1}
_USUAL_WIDTH: Final = 1.15
_ENTRANCES: Final = ("slide_up", "scale", "blur_in", "slide_left")
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "image": ("image", "images", "photo", "photos", "picture", "pictures", "照片", "图片"),
    "video": ("video", "videos", "clip", "clips", "footage", "视频", "片段"),
}


def compose(draft: Draft, op: Compose, context: Context) -> Draft:
    """A new timeline of photos and clips in upload order; of the old one the frame's settings stay.

    With ``duration_s`` the shots share it equally, and exactly. Without a length a photo lasts 4 s and a clip
    as long as it is. Photos move gently, each in another direction; shots crossfade for half a second. A clip
    that is shorter than its share holds its last picture; an animated picture starts again.

    With ``lines`` it is made of words alone: a card for each on a background that moves through all of them.

    Raises:
        PlanError: nothing to show, an unknown name, or lengths that contradict one another.
    """
    if op.lines:
        return _of_words(draft, op, op.lines)
    chosen = _chosen(op, context.library)
    lengths = _lengths(op, chosen)
    m = {key: value for key, value in (draft.m or {}).items() if key in _KEPT or key not in _OURS}
    if op.aspect is not None:
        m["width"], m["height"] = frame_size(op.aspect)
    else:
        m.setdefault("width", canvas(draft)[0])
        m.setdefault("height", canvas(draft)[1])
    m.setdefault("fps", 30)
    wide = m["width"] / m["height"]
    pieces = [
        Piece(shot_of(media, length, n, wide)) for n, (media, length) in enumerate(zip(chosen, lengths, strict=True))
    ]
    empty = draft.replace(m=m).with_tracks((Track(tt=VIDEO, sg=()),))
    out = relay(empty, pieces)
    if op.title:
        out = add_text(out, AddText(text=op.title, role="title"), context)
    return out


def _of_words(draft: Draft, op: Compose, lines: tuple[str, ...]) -> Draft:
    """A card for each line; one that has more to read stays longer. The last of several calls to action."""
    weights = [_READING + len(line) * (_WIDE_LETTER if any(ord(c) > _CJK for c in line) else 1) for line in lines]
    total = ms(op.duration_s) if op.duration_s is not None else max(_SHORT_WORDS, round(sum(weights) * _PER_LETTER))
    lengths = share_out(total, weights)
    if min(lengths) < SHORTEST:
        message = f"{len(lines)} texts in {clock(total)} s can't be read."
        raise PlanError(message, hint="Choose fewer of them, or a longer video.")
    m = {key: value for key, value in (draft.m or {}).items() if key in _KEPT or key not in _OURS}
    width, height = frame_size(op.aspect) if op.aspect is not None else canvas(draft)
    m |= {"width": width, "height": height}
    m.setdefault("fps", 30)
    m.setdefault("seed", sum(map(ord, "".join(lines))) % 1000)
    cards, texts, at = [], [], 0
    for n, (line, length) in enumerate(zip(lines, lengths, strict=True), 1):
        card = Segment.make(
            length,
            id=f"card{n}",
            name=line[:40],
            role="card",
            color="#1b2a6b",
            backdrop={"kind": "auto", "from": at},
            transition={"type": "crossfade", "ms": min(400, length // 4)} if n > 1 else None,
        )
        last = n == len(lines) and n > 2  # a beginning and a middle
        # Short lines with a figure are what the whole is about.
        loud = len(line) <= _LOUD and any(c.isdigit() for c in line)
        role = "cta" if last and not loud else "title"
        size = _LOUD_SIZE if loud else _WORDS_SIZE[role]
        text = Segment.make(
            length - (late := min(_LATE, length // 8)),
            id=f"text{n}",
            text=line,
            role=role,
            start=at + late,
            position="center",
            style={"size": round(size * min(1.0, width / height / _USUAL_WIDTH), 4)},
            anim_in={"type": _ENTRANCES[(n - 1) % len(_ENTRANCES)], "ms": 600},
        )
        cards.append(Piece(card))
        texts.append(text)
        at += length
    out = relay(draft.replace(m=m).with_tracks((Track(tt=VIDEO, sg=()),)), cards)
    for text in texts:
        out = put_text(out, text)
    return out


def _chosen(op: Compose, library: Library) -> tuple[Media, ...]:
    pictures = tuple(m for m in library if m.visible)
    if not pictures:
        message = "There is no photo or clip yet."
        raise PlanError(message, hint="Upload some first.")
    chosen = pictures
    if op.media != "all":
        chosen = _by_words(op.media, pictures, library)
    logos = {m.id for m in logos_of(library, chosen)}
    # Media that are nothing but logos are what there is to show.
    return tuple(m for m in chosen if m.id not in logos) or chosen


def _by_words(words: tuple[str, ...], pictures: tuple[Media, ...], library: Library) -> tuple[Media, ...]:
    out: list[Media] = []
    for word in words:
        said = word.strip().casefold()
        media = library.get(word) or library.by_name(word)
        kind = next((k for k, names in _KINDS.items() if said in names), None)
        if media is not None:
            need_visible(media)
            out.append(media)
        elif said == "all":
            out += pictures
        elif kind is not None and (found := [m for m in pictures if m.kind == kind]):
            out += found
        else:
            message = f'There is no file called "{word}".'
            raise PlanError(message, hint=f"Uploaded files: {', '.join(m.name for m in library)}.")
    # A file that was named twice, by name and by kind, is meant once.
    return tuple(dict.fromkeys(out))


def _lengths(op: Compose, chosen: tuple[Media, ...]) -> list[int]:
    count = len(chosen)
    if op.duration_s is not None:
        total = ms(op.duration_s)
        each = None if op.per_item_s is None else ms(op.per_item_s)
        if each is not None and abs(each * count - total) > total // 50:
            message = f"{count} shots of {clock(each)} s last {clock(each * count)} s, not {clock(total)} s."
            raise PlanError(message, hint="Say the whole length, or that of each.")
        lengths = share_out(total, [1] * count)
    elif op.per_item_s is not None:
        lengths = [ms(op.per_item_s)] * count
    else:
        lengths = [_own_length(media) for media in chosen]
    if min(lengths) < SHORTEST:
        message = f"{count} shots in {clock(sum(lengths))} s can't be seen."
        raise PlanError(message, hint="Choose fewer of them, or a longer video.")
    return lengths


def _own_length(media: Media) -> int:
    own = round((media.duration_s or 0) * 1000)
    if media.kind == "image" or not own:
        return PHOTO_MS
    # A short animation on its own would be over before it is seen: it plays again until a photo's time is over.
    return max(own, PHOTO_MS) if media.animated else max(own, SHORTEST)


def shot_of(media: Media, length: int, number: int, wide: float) -> Segment:
    """A shot of a file: ``length`` in ms, ``number`` from 0, ``wide`` the frame's width by its height."""
    still = media.kind == "image"
    plays = (media.duration_s or 0) * 1000
    return Segment.make(
        length,
        id=f"shot{number + 1}",
        name=media.name,
        media=media.id,
        transition=dict(CROSSFADE) if number else None,
        move=_move(media, length, number, wide) if still else None,
        loop=True if media.animated and plays < length else None,
    )


def _move(media: Media, length: int, number: int, wide: float) -> dict[str, Any]:
    amount = min(_MOST_MOVE, max(_LEAST_MOVE, _PER_SECOND * length / 1000))
    # What the frame cuts off a picture that is much taller than it is above and below: the move shows it.
    tall = media.aspect < wide * _TALL
    moves = ("in", "up", "out", "down") if tall else MOVES
    return {"direction": moves[number % len(moves)], "amount": round(amount, 3)}
