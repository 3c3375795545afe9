"""What a check found, as values that print well in a terminal and in a notebook."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Final, Literal

__all__ = ["Checkup", "Finding", "Level"]

Level = Literal["ok", "limited", "missing"]
_MARKS: Final[dict[Level, str]] = {"ok": "✓", "limited": "!", "missing": "✗"}
# Told by shape and by word as well as by colour; legible on white and on black.
_COLORS: Final[dict[Level, str]] = {"ok": "#2e9e5b", "limited": "#c07a00", "missing": "#d6453d"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check.

    Attributes:
        name: what was looked at.
        level: "ok"; "limited" (works, with something to know); "missing" (does not work).
        found: what is there.
        advice: what to do or to know; "" when there is nothing.
    """

    name: str
    level: Level
    found: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{_MARKS[self.level]} {self.name}: {self.found}"
        return f"{line}\n    → {self.advice}" if self.advice else line


@dataclass(frozen=True, slots=True, repr=False)
class Checkup:
    """All that a check found. As a cell's last value it shows a table; ``print`` gives the same as text."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is missing that making a video on this machine needs."""
        return all(finding.level != "missing" for finding in self.findings)

    def __getitem__(self, name: str) -> Finding:
        """The finding with this name."""
        for finding in self.findings:
            if finding.name == name:
                return finding
        raise KeyError(name)

    def as_dicts(self) -> list[dict[str, Any]]:
        """One plain dictionary for each line, for JSON or a DataFrame."""
        return [asdict(finding) for finding in self.findings]

    def __repr__(self) -> str:
        return "\n".join([*map(str, self.findings), self._verdict()])

    def _verdict(self) -> str:
        count = Counter(finding.level for finding in self.findings)
        if count["missing"]:
            return "Videos can't be made here yet: mend what is marked ✗ first."
        return "Videos can be made here." + (" What is marked ! is worth a look." if count["limited"] else "")

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="color:{_COLORS[f.level]};font-weight:600;white-space:nowrap;text-align:left">'
            f"{_MARKS[f.level]} {f.level}</td>"
            f'<th scope="row" style="text-align:left">{escape(f.name)}</th>'
            f'<td style="text-align:left">{escape(f.found)}</td>'
            f'<td style="text-align:left;opacity:.8">{escape(f.advice)}</td></tr>'
            for f in self.findings
        )
        return (
            f'<table><caption style="text-align:left">{escape(self._verdict())}</caption>'
            "<thead><tr><th></th><th>what</th><th>found</th><th>what to do</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )
