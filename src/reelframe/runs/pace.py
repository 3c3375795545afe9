"""How fast a server may be asked, and how much may be spent: plain values and rules, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

__all__ = ["Budget", "Pace"]

# After so many answers without a 429 one more row may be at work at a time.
_CALM: Final = 5
_WAIT_S: Final = 30.0


@dataclass(slots=True)
class Pace:
    """How many rows may be at work at a time: halved by each 429, slowly raised again.

    Attributes:
        most: the limit that the caller set.
        now: the limit as it is.
        until: the moment (monotonic seconds) before which nothing new is begun.
    """

    most: int
    now: int = field(default=0)
    until: float = 0.0
    _calm: int = 0

    def __post_init__(self) -> None:
        self.now = self.now or self.most

    def slow_down(self, at: float, retry_after: float | None) -> None:
        """A 429 came at this moment."""
        if at >= self.until:
            # Those that were under way together are one warning, not several.
            self.now = max(1, self.now // 2)
        self._calm = 0
        self.until = max(self.until, at + (_WAIT_S if retry_after is None else retry_after))

    def went_well(self) -> None:
        """A row came to its end without one."""
        self._calm += 1
        if self._calm >= _CALM and self.now < self.most:
            self.now, self._calm = self.now + 1, 0

    def may_begin(self, at: float, under_way: int) -> bool:
        """Whether one more may begin."""
        return under_way < self.now and at >= self.until


@dataclass(slots=True)
class Budget:
    """Credits: what may be spent, what was, and what a row costs as far as is known.

    Attributes:
        most: the limit; None for none.
        spent: by this run's rows, those of earlier processes included.
        price: the dearest row seen; None before the first.
    """

    most: float | None
    spent: float = 0.0
    price: float | None = None

    def pay(self, cost: float) -> None:
        """A row cost this much."""
        self.spent += cost
        self.price = max(self.price or 0.0, cost)

    def allows(self, under_way: int) -> bool:
        """Whether one more may begin while others are under way whose price is not known yet."""
        if self.most is None:
            return True
        if self.price is None:
            # The first one shows what a row costs; until then nothing else is begun.
            return under_way == 0 and self.spent < self.most
        return self.spent + self.price * (under_way + 1) <= self.most

    @property
    def used_up(self) -> bool:
        """Whether not even one alone may begin any more."""
        return not self.allows(0)
