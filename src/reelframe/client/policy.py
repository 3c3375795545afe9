"""One retry policy: what is done after each outcome of each call, and for how long in all.

The rule: a call is repeated only when that is safe. Reading is always safe. A call that was refused
(1001, 1002, 400, 429) was not accepted, and is sent once more after the cure. A call that never left (the
connection was refused) is safe to send. A *write* whose answer was lost may have been carried out: a message
is never sent again, a render is, because its own id makes the repeat the same job.

``TABLE`` holds the whole of it; ``decide`` reads the table and is pure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, Self

__all__ = ["TABLE", "Cure", "Decision", "Endpoint", "Outcome", "Policy", "Step", "Timing", "decide"]

Endpoint = Literal[
    "token", "session", "claim", "message", "upload", "credits", "state",
    "render", "render_status", "download", "read", "write", "cancel",
]  # fmt: skip
Outcome = Literal[
    "unreachable",  # the connection was never made: nothing was sent
    "lost",  # something was sent, and no (whole) answer came
    "auth",  # 1001
    "session",  # 1002
    "client_id",  # 400 on the token request
    "rate_limit",  # 429
    "busy",  # 502, 503, 504: a gateway's word; the server may or may not have seen the call
    "server",  # other 5xx
    "garbled",  # an answer that is not what the protocol promises
    "refused",  # any other refusal: the same call would be refused again
]
Cure = Literal["none", "token", "session", "client_id", "wait"]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the client waits, in seconds.

    Attributes:
        poll_interval: between two looks at a render.
        rate_limit_wait: after a 429 that does not say how long.
        heartbeat_notice: of nothing but heartbeats before "Still working...".
        silence_timeout: of nothing but heartbeats before giving up.
        stream_timeout: for one message in all.
        recovery: before each look at the state after a broken stream; the last one unchanged ends it.

    >>> Timing().poll_interval, Timing.quick().poll_interval
    (30, 0.2)
    >>> patient = Timing(stream_timeout=3600)            # Client(timing=patient)
    """

    poll_interval: float = 30
    rate_limit_wait: float = 30
    heartbeat_notice: float = 120
    silence_timeout: float = 600
    stream_timeout: float = 900
    recovery: tuple[float, ...] = (30, 60, 60, 60, 60)

    @classmethod
    def quick(cls) -> Self:
        """The pace of a backend on this machine: looking again costs nothing there."""
        return cls(poll_interval=0.2, rate_limit_wait=1, recovery=(0.2, 0.5, 1, 2, 5))

    @classmethod
    def from_wire(cls, data: Mapping[str, Any]) -> Self:
        """Read a server's own pace; a value that is missing or no positive number keeps its default."""
        given: dict[str, Any] = {}
        for field in fields(cls):
            value = data.get(field.name)
            if field.name == "recovery":
                if isinstance(value, list) and value and all(_seconds(v) for v in value):
                    given["recovery"] = tuple(float(v) for v in value)
            elif _seconds(value):
                given[field.name] = float(value)  # type: ignore[arg-type]
        return cls(**given)


def _seconds(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < math.inf


@dataclass(frozen=True, slots=True)
class Step:
    """What follows an outcome: at most ``times`` repeats, each after a cure and a pause.

    Attributes:
        times: how often, over the whole call.
        cure: what is mended first.
        pauses: seconds before each repeat; the last one holds for all further ones.
    """

    times: int
    cure: Cure = "none"
    pauses: tuple[float, ...] = (0.0,)


@dataclass(frozen=True, slots=True)
class Policy:
    """One endpoint's row: a deadline for everything together (seconds), and a step per outcome."""

    deadline: float
    steps: Mapping[Outcome, Step]


_TOKEN: Final = Step(1, "token")
_SESSION: Final = Step(1, "session")
_WAIT: Final = Step(1, "wait")
_SOON: Final = Step(3, pauses=(0.3, 1.0, 3.0))
_REFUSALS: Final[dict[Outcome, Step]] = {"auth": _TOKEN, "rate_limit": _WAIT}
_IN_SESSION: Final[dict[Outcome, Step]] = {**_REFUSALS, "session": _SESSION}
_UNSENT: Final[dict[Outcome, Step]] = {"unreachable": _SOON}
# What may be said again when nothing is known about the first time.
_SAFE: Final[dict[Outcome, Step]] = {
    "unreachable": _SOON, "lost": _SOON, "busy": _SOON, "server": Step(2, pauses=(0.5, 2.0)),
    "garbled": Step(1, pauses=(0.5,)),
}  # fmt: skip

TABLE: Final[Mapping[Endpoint, Policy]] = {
    # Granting a token twice gives the same client the same right: the server counts clients, not calls.
    "token": Policy(90, {**_SAFE, "client_id": Step(1, "client_id"), "rate_limit": _WAIT}),
    # A session made twice is an empty one too many, which costs nothing.
    "session": Policy(90, {**_SAFE, **_REFUSALS}),
    "claim": Policy(90, {**_UNSENT, **_IN_SESSION}),
    "message": Policy(120, {**_UNSENT, **_IN_SESSION}),
    # Lost: the server may have kept the files, and a file sent twice would stand twice in the timeline.
    "upload": Policy(4 * 3600, {**_UNSENT, **_IN_SESSION}),
    "credits": Policy(90, {**_SAFE, **_REFUSALS}),
    "state": Policy(90, {**_SAFE, **_IN_SESSION}),
    # The id comes from the client: the same id is the same job.
    "render": Policy(150, {**_SAFE, **_IN_SESSION}),
    "render_status": Policy(90, {**_SAFE, **_REFUSALS}),
    "download": Policy(3600, {
        **_REFUSALS,
        "unreachable": Step(5, pauses=(0.3, 1.0, 3.0)), "lost": Step(5, pauses=(0.3, 1.0, 3.0)),
        "busy": Step(2, pauses=(0.5, 2.0)),
    }),
    "read": Policy(60, {**_SAFE, **_REFUSALS}),
    "write": Policy(60, {**_UNSENT, **_IN_SESSION}),
    # Said while something else is being given up: once, briefly, or not at all.
    "cancel": Policy(5, {}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """Repeat the call after ``cure`` and ``pause`` seconds."""

    cure: Cure
    pause: float


def decide(
    endpoint: Endpoint,
    outcome: Outcome,
    *,
    used: Counter[Outcome],
    elapsed: float,
    retry_after: float | None,
    timing: Timing,
) -> Decision | None:
    """What to do after ``outcome``; None is to give up and raise.

    Args:
        endpoint: which row of the table.
        outcome: what came of the last try.
        used: how many repeats each outcome has had already.
        elapsed: seconds since the first try began.
        retry_after: seconds that the server asked for, if it did.
        timing: the pace, for a 429 that does not say how long.
    """
    policy = TABLE[endpoint]
    step = policy.steps.get(outcome)
    if step is None or used[outcome] >= step.times:
        return None
    if step.cure == "wait":
        pause = timing.rate_limit_wait if retry_after is None else retry_after
    else:
        pause = step.pauses[min(used[outcome], len(step.pauses) - 1)]
        if retry_after is not None and outcome == "busy":
            pause = max(pause, retry_after)
    # Waiting past the deadline would only delay the same error.
    return None if elapsed + pause >= policy.deadline else Decision(step.cure, pause)
