"""The headers of a stream and of a slice, as far as it takes to put slices in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from reelframe.render.h264.bits import BitReader, BitWriter, split_units, unescaped

__all__ = [
    "IDR",
    "SLICES",
    "Headers",
    "SliceHead",
    "kind_of",
    "read_head",
    "read_headers",
    "read_p_slice",
    "write_p_slice",
]

SLICE: Final = 1
IDR: Final = 5
SPS: Final = 7
PPS: Final = 8
SLICES: Final = (SLICE, IDR)
_HIGH: Final = (100, 110, 122, 244)
_P: Final = 0


@dataclass(frozen=True, slots=True)
class Headers:
    """What the parameter sets say.

    Attributes:
        frame_num_bits: length of ``frame_num``.
        order_bits: length of ``pic_order_cnt_lsb``; 0 where frames are shown in the order in which they are coded.
        macroblocks: in a frame.
        pps: which picture parameter set it is.
        arithmetic: CABAC; else CAVLC.
        references: how many a P slice has when it does not say otherwise.
        weighted: whether P slices have weights.
        init_qp: the quantiser that a slice's is told relative to.
        deblocking: whether slices say how they are filtered.
    """

    frame_num_bits: int
    order_bits: int
    macroblocks: int
    pps: int
    arithmetic: bool
    references: int
    weighted: bool
    init_qp: int
    deblocking: bool


@dataclass(frozen=True, slots=True)
class SliceHead:
    """The header of a slice; what follows the picture's order only of P slices.

    Attributes:
        kind: 0 P, 1 B, 2 I.
        frame_num_at: where ``frame_num`` stands, in bits from the unit's beginning.
        order_at: where ``pic_order_cnt_lsb`` stands.
        filtering: ``disable_deblocking_filter_idc`` and the two offsets.
    """

    kind: int
    frame_num: int
    order: int
    frame_num_at: int = 0
    order_at: int = 0
    cabac_init: int = 0
    qp_delta: int = 0
    filtering: tuple[int, ...] = ()


def kind_of(unit: bytes) -> int:
    """Which NAL unit it is (table 7-1)."""
    return unit[0] & 31


def read_headers(extradata: bytes) -> Headers | None:
    """Read the parameter sets (annex B); None for what ``freeze`` can't do, such as interlaced ones."""
    units = {kind_of(unit): unescaped(unit) for _, unit in split_units(extradata)}
    if SPS not in units or PPS not in units:
        return None
    sequence = _sequence(BitReader(units[SPS][1:]))
    return _picture(BitReader(units[PPS][1:]), *sequence) if sequence else None


def _sequence(r: BitReader) -> tuple[int, int, int] | None:
    """7.3.2.1.1, as far as the frame's size."""
    profile = r.u(8)
    r.u(16)
    r.ue()
    if profile in _HIGH:
        # 4:2:0 of eight bits without scaling matrices is all that is ever written here.
        plain = (r.ue(), r.ue(), r.ue(), r.u(1), r.u(1)) == (1, 0, 0, 0, 0)
        if not plain:
            return None
    frame_num_bits = r.ue() + 4
    order_type = r.ue()
    if order_type == 1:
        return None
    order_bits = r.ue() + 4 if order_type == 0 else 0
    r.ue()
    r.u(1)
    macroblocks = (r.ue() + 1) * (r.ue() + 1)
    progressive = r.u(1)
    return (frame_num_bits, order_bits, macroblocks) if progressive else None


def _picture(r: BitReader, frame_num_bits: int, order_bits: int, macroblocks: int) -> Headers | None:
    """7.3.2.2, without what concerns coefficients alone."""
    pps = r.ue()
    r.ue()
    arithmetic = bool(r.u(1))
    bottom_order, groups = r.u(1), r.ue()
    if bottom_order or groups:
        return None
    references = r.ue() + 1
    r.ue()
    weighted = bool(r.u(1))
    r.u(2)
    init_qp = 26 + r.se()
    r.se()
    r.se()
    deblocking = bool(r.u(1))
    r.u(1)
    redundant = r.u(1)
    if redundant:
        return None
    return Headers(
        frame_num_bits, order_bits, macroblocks, pps, arithmetic, references, weighted, init_qp, deblocking
    )  # fmt: skip


def read_head(unit: bytes, h: Headers) -> SliceHead:
    """The beginning of any slice's header (7.3.3); ``unit`` is unescaped."""
    return _head(BitReader(unit), h)


def _head(r: BitReader, h: Headers) -> SliceHead:
    idr = r.u(8) & 31 == IDR
    r.ue()
    kind = r.ue() % 5
    r.ue()
    frame_num_at = r.at
    frame_num = r.u(h.frame_num_bits)
    if idr:
        r.ue()
    order_at = r.at
    order = r.u(h.order_bits)
    return SliceHead(kind, frame_num, order, frame_num_at, order_at)


def read_p_slice(unit: bytes, h: Headers) -> SliceHead | None:
    """The whole header of a P slice that is referred to; None of anything else."""
    r = BitReader(unit)
    head = _head(r, h)
    if head.kind != _P or not unit[0] & 0x60:
        return None
    references = r.ue() + 1 if r.u(1) else h.references
    if r.u(1):  # 7.3.3.1
        while r.ue() != 3:  # the end of the list
            r.ue()
    if h.weighted:
        _weights(r, references)
    if r.u(1):  # 7.3.3.3
        while operation := r.ue():
            for _ in range((0, 1, 1, 2, 1, 0, 1)[operation]):
                r.ue()
    cabac_init = r.ue() if h.arithmetic else 0
    qp_delta = r.se()
    filtering: Sequence[int] = ()
    if h.deblocking:
        off = r.ue()
        filtering = (off,) if off == 1 else (off, r.se(), r.se())
    return replace(head, cabac_init=cabac_init, qp_delta=qp_delta, filtering=tuple(filtering))


def _weights(r: BitReader, references: int) -> None:
    """7.3.3.2."""
    r.ue()
    r.ue()
    for _ in range(references):
        for numbers in (2, 4):
            if r.u(1):
                for _ in range(numbers):
                    r.se()


def write_p_slice(head: SliceHead, h: Headers) -> BitWriter:
    """The header of a P slice that refers to the last picture alone, without the unit's first byte."""
    w = BitWriter()
    w.ue(0)
    w.ue(_P + 5)
    w.ue(h.pps)
    w.u(h.frame_num_bits, head.frame_num)
    w.u(h.order_bits, head.order)
    if h.references == 1:
        w.u(1, 0)
    else:
        w.u(1, 1)
        w.ue(0)
    w.u(1, 0)
    if h.weighted:
        w.ue(0)
        w.ue(0)
        w.u(2, 0)
    w.u(1, 0)
    if h.arithmetic:
        w.ue(head.cabac_init)
    w.se(head.qp_delta)
    if h.deblocking:
        w.ue(head.filtering[0])
        for offset in head.filtering[1:]:
            w.se(offset)
    return w
