"""The slice that says of every macroblock: as in the picture before."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from reelframe.render.h264.bits import BitWriter, escaped
from reelframe.render.h264.headers import Headers, SliceHead, write_p_slice

__all__ = ["skip_slice"]

# A slice (1) that others refer to, as x264 marks its own.
_UNIT: Final = 0x41

# (m, n) of mb_skip_flag's first context for cabac_init_idc 0, 1 and 2 (table 9-13, ctxIdx 11).
_SKIP_CONTEXT: Final = ((23, 33), (22, 25), (29, 16))

# rangeTabLPS (table 9-44) for states 0 to 62.
_RANGE_LPS: Final = (
    (128, 176, 208, 240), (128, 167, 197, 227), (128, 158, 187, 216), (123, 150, 178, 205), (116, 142, 169, 195),
    (111, 135, 160, 185), (105, 128, 152, 175), (100, 122, 144, 166), (95, 116, 137, 158), (90, 110, 130, 150),
    (85, 104, 123, 142), (81, 99, 117, 135), (77, 94, 111, 128), (73, 89, 105, 122), (69, 85, 100, 116),
    (66, 80, 95, 110), (62, 76, 90, 104), (59, 72, 86, 99), (56, 69, 81, 94), (53, 65, 77, 89), (51, 62, 73, 85),
    (48, 59, 69, 80), (46, 56, 66, 76), (43, 53, 63, 72), (41, 50, 59, 69), (39, 48, 56, 65), (37, 45, 54, 62),
    (35, 43, 51, 59), (33, 41, 48, 56), (32, 39, 46, 53), (30, 37, 43, 50), (29, 35, 41, 48), (27, 33, 39, 45),
    (26, 31, 37, 43), (24, 30, 35, 41), (23, 28, 33, 39), (22, 27, 32, 37), (21, 26, 30, 35), (20, 24, 29, 33),
    (19, 23, 27, 31), (18, 22, 26, 30), (17, 21, 25, 28), (16, 20, 23, 27), (15, 19, 22, 25), (14, 18, 21, 24),
    (14, 17, 20, 23), (13, 16, 19, 22), (12, 15, 18, 21), (12, 14, 17, 20), (11, 14, 16, 19), (11, 13, 15, 18),
    (10, 12, 15, 17), (10, 12, 14, 16), (9, 11, 13, 15), (9, 11, 12, 14), (8, 10, 12, 14), (8, 9, 11, 13),
    (7, 9, 11, 12), (7, 9, 10, 12), (7, 8, 10, 11), (6, 8, 9, 11), (6, 7, 9, 10), (6, 7, 8, 9),
)  # fmt: skip
# transIdxLPS (table 9-45).
_NEXT_LPS: Final = (
    0, 0, 1, 2, 2, 4, 4, 5, 6, 7, 8, 9, 9, 11, 11, 12, 13, 13, 15, 15, 16, 16, 18, 18, 19, 19, 21, 21, 22, 22, 23, 24,
    24, 25, 26, 26, 27, 27, 28, 29, 29, 30, 30, 30, 31, 32, 32, 33, 33, 33, 34, 34, 35, 35, 35, 36, 36, 36, 37, 37, 37,
    38, 38,
)  # fmt: skip
_LAST_STATE: Final = 62
# Nine bits of which the highest is set.
_LEAST_SPAN: Final = 256


def skip_slice(head: SliceHead, h: Headers) -> bytes:
    """A NAL unit: one P slice, every macroblock of it skipped.

    Skipped macroblocks all the way from the first corner on have no motion (8.4.1.1) and no residue, and edges between
    them are not filtered (8.7.2.1), so the picture is the one before to the bit.
    """
    w = write_p_slice(head, h)
    if h.arithmetic:
        w.fill(1)
        return escaped(bytes([_UNIT]) + w.data() + _coded(h.init_qp + head.qp_delta, head.cabac_init, h.macroblocks))
    w.ue(h.macroblocks)
    w.u(1, 1)
    w.fill(0)
    return escaped(bytes([_UNIT]) + w.data())


@lru_cache(maxsize=256)
def _coded(qp: int, cabac_init: int, macroblocks: int) -> bytes:
    """CABAC's bytes (9.3.4) for ``macroblocks`` times mb_skip_flag = 1, each followed by end_of_slice_flag."""
    m, n = _SKIP_CONTEXT[cabac_init]
    before = min(max((m * min(max(qp, 0), 51) >> 4) + n, 1), 126)
    state, likely = (63 - before, False) if before <= 63 else (before - 64, True)  # 9.3.1.1
    # The arithmetic encoder (9.3.4.2 to 9.3.4.5). ``low`` keeps every bit, so that no carry has to be waited for.
    low, span, shifts = 0, 510, 0
    for left in range(macroblocks - 1, -1, -1):
        unlikely = _RANGE_LPS[state][span >> 6 & 3]
        span -= unlikely
        if likely:
            state += state < _LAST_STATE
        else:
            low, span = low + span, unlikely
            likely, state = state == 0, _NEXT_LPS[state]
        while span < _LEAST_SPAN:
            low, span, shifts = low << 1, span << 1, shifts + 1
        span -= 2
        if left == 0:
            low, span = low + span, 2  # the slice ends
        while span < _LEAST_SPAN:
            low, span, shifts = low << 1, span << 1, shifts + 1
    # Above the register's lower seven bits is what is written; its first bit never is, its last is the stop bit.
    w = BitWriter()
    w.u(shifts + 2, low >> 7 | 1)
    w.fill(0)
    return w.data()
