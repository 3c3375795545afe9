"""``rf.check()``: what works on this machine, and what to do where something does not.

Nothing is sent to anybody: the hosted service is only knocked at. The data folder is made when it is missing, because
that is the only way to know that it can be.
"""

from __future__ import annotations

from reelframe.checkup.findings import Checkup, Finding
from reelframe.checkup.rounds import check

__all__ = ["Checkup", "Finding", "check"]
