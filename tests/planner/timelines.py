"""Sessions that are written down as text: requests, and what must be true of the timeline after each."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from reelframe import planner
from reelframe.draft import Draft, Segment
from reelframe.media.model import Library, Media


def picture(name: str, **fields: Any) -> Media:
    known = {"kind": "image", "format": "jpeg", "size_bytes": 1000, "width": 1600, "height": 1200} | fields
    return Media(id=sha256(name.encode()).hexdigest(), name=name, **known)


LOGO = picture("logo.png", width=300, height=200, has_alpha=True, format="png")
PHOTOS = Library((*(picture(f"{name}.jpg") for name in ("oven", "dough", "crust", "basket", "shop")), LOGO))


@dataclass(frozen=True)
class Step:
    request: str
    checks: str


def read(path: Path) -> dict[str, list[Step]]:
    """``## name`` begins a session; ``request => check; check`` is a step of it."""
    sessions: dict[str, list[Step]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            steps = sessions.setdefault(line[3:].strip(), [])
        elif "=>" in line and not line.startswith("# "):
            request, checks = line.rsplit("=>", 1)
            steps.append(Step(request.strip(), checks.strip()))
    return sessions


class Told:
    """Whoever runs a session, as far as timelines go: plans, applies, remembers, undoes and redoes."""

    def __init__(self, *, photos: bool, language: str = "") -> None:
        self.draft, self.library = (Draft(), PHOTOS) if photos else planner.sample_context()
        self.context = planner.Context(project="Corner Bakery", language=language)
        self.plan: Any = None
        self.past: list[Draft] = []
        self.future: list[Draft] = []

    def say(self, text: str) -> None:
        if text.startswith("+"):
            self.library = self.library.add(picture(text[1:]))
            return
        before = self.draft
        self.plan = planner.plan(text, before, self.library, self.context)
        after = planner.apply(before, self.plan, self.library)
        for op in self.plan.ops:
            there, back = (self.past, self.future) if op.op == "undo" else (self.future, self.past)
            for _ in range((op.count or 1) if op.op in {"undo", "redo"} else 0):
                if there:
                    back.append(after)
                    after = there.pop()
        if after != before and not any(op.op in {"undo", "redo"} for op in self.plan.ops):
            self.past.append(before)
            self.future.clear()
        self.context = planner.next_context(self.context, text, before, after, self.library)
        # As over a restart: what is kept is text.
        self.context = planner.Context.from_dict(self.context.as_dict())
        self.draft = Draft.from_wire(after.to_wire())

    def seen(self) -> dict[str, Any]:
        """What checks may speak of."""
        draft = self.draft
        placed = draft.main.placed if draft.main else ()
        shots = [p.segment for p in placed if p.segment.role != "card"]
        texts = [p for track in draft.of_kind("text") for p in track.placed]
        sounds = [s for track in draft.of_kind("audio") for s in track.segments]
        bgm = next((s for s in sounds if s.role in {"bgm", ""}), Segment.make(0))
        logo = next((s for s in draft.segments if s.role == "logo"), Segment.make(0))
        title = next((p.segment for p in texts if p.segment.role == "title"), Segment.make(0))
        return {
            "total": draft.duration_ms / 1000,
            "shots": [s.name.split(".")[0] for s in shots],
            "lengths": [s.duration_ms / 1000 for s in shots],
            "cards": len(placed) - len(shots),
            "cuts": [(p.segment.get("transition") or {"type": "cut"})["type"] for p in placed[1:]],
            "texts": {p.segment.text: (p.start / 1000, p.end / 1000) for p in texts},
            "role": lambda text: next(p.segment.role for p in texts if p.segment.text == text),
            "title": title,
            "style": title.get("style", {}),
            "of": lambda key: [s.get(key) for s in shots],
            "music": (bgm.get("music") or {}).get("mood") or bgm.name or None,
            "bgm": bgm,
            "logo": logo,
            "sounds": [s.get("sfx") or s.name for s in sounds if s.role == "sfx"],
            "draft": draft,
            "size": (draft.get("width"), draft.get("height")),
            "look": draft.get("look"),
            "adjust": draft.get("adjust") or {},
            "asked": list(self.plan.questions) if self.plan else [],
            "refused": [r.reason for r in self.plan.refused] if self.plan else [],
            "said": " ".join(self.plan.assumptions) if self.plan else "",
            "ops": [op.op for op in self.plan.ops] if self.plan else [],
        }


def holds(told: Told, checks: str) -> list[str]:
    """The checks that are not true."""
    names = told.seen()
    return [check for check in map(str.strip, checks.split(";")) if check and not _true(check, names)]


def _true(check: str, names: dict[str, Any]) -> bool:
    try:
        # The checks are this project's own files, and speak of these names alone.
        return bool(eval(check, names))
    except (TypeError, KeyError, IndexError, StopIteration):
        # What it speaks of is not there.
        return False
