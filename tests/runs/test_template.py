"""Prompt templates: what they say of a row, and what of a row they can't say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.errors import ConfigurationError
from reelframe.runs.template import Template, is_missing

ROW = {
    "name": "Mug", "price": 12.5, "whole": 12.0, "count": np.int64(3), "tags": ["a"], "unit price": 2, "none": None,
    "nan": float("nan"), "na": pd.NA, "nat": pd.NaT, "numpy": np.float32(1.5), "zero": 0, "empty": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("a video of {name}", "a video of Mug"),
        ("{name} for {price:.2f} €", "Mug for 12.50 €"),
        ("{price}", "12.5"),
        ("{whole}", "12"),  # a whole number in a column that holds NaN elsewhere is a float, and nobody writes 12.0 €
        ("{whole:.2f}", "12.00"),
        ("{count} pieces, {count:03d}", "3 pieces, 003"),
        ("{numpy}", "1.5"),
        ("{unit price} each", "2 each"),
        ("{name!r:>7}", "  'Mug'"),
        ("{name!a:>5}", "  Mug"),
        ("{name!s}", "Mug"),
        ("{{not a column}} {name}", "{not a column} Mug"),
        ("{zero}{empty}", "0"),
        ("no columns", "no columns"),
    ],
)
def test_what_is_filled_in(template, text):
    assert Template.of(template).fill(ROW) == (text, ())


@pytest.mark.parametrize(
    ("template", "column", "why"),
    [
        ("{none}", "none", "is empty"),
        ("{nan}", "nan", "is empty"),
        ("{na}", "na", "is empty"),
        ("{nat}", "nat", "is empty"),
        ("{name:.2f}", "name", "can't be written as {name:.2f}"),
        ("{tags:.1f}", "tags", "can't be written"),
        ("{absent}", "absent", "is empty"),
    ],
)
def test_what_can_not_be(template, column, why):
    text, holes = Template.of(template).fill(ROW)
    assert text == ""
    assert [hole.column for hole in holes] == [column]
    assert why in holes[0].why


def test_every_hole_is_told():
    assert [hole.column for hole in Template.of("{none} {name} {nan}").fill(ROW)[1]] == ["none", "nan"]


@pytest.mark.parametrize("template", ["{", "a {name", "{}", "{0}", "name}", "{name:{"])
def test_what_is_no_template(template):
    with pytest.raises(ConfigurationError):
        Template.of(template)


def test_a_template_never_reaches_into_objects():
    text, holes = Template.of("{name.__class__}").fill(ROW)
    assert text == "" and holes[0].column == "name.__class__"


@given(st.text(), st.text())
def test_any_text_comes_through_unchanged(before, value):
    template = Template.of(before.replace("{", "{{").replace("}", "}}") + "{column}")
    assert template.fill({"column": value}) == (before + value, ())


@pytest.mark.parametrize(
    ("value", "missing"),
    [
        (None, True), (float("nan"), True), (pd.NA, True), (pd.NaT, True), (np.float64("nan"), True),
        (0, False), ("", False), (False, False), ([], False), (np.array([1, 2]), False),
    ],
)  # fmt: skip
def test_missing(value, missing):
    assert is_missing(value) is missing
