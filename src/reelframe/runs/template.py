"""Prompt templates: ``"A 15-second video of {name} for {price:.2f} €"`` filled from a row. Pure.

Only columns can be named, not their attributes or items: a table's text never reaches into Python's objects.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reelframe.errors import ConfigurationError

__all__ = ["Hole", "Template", "is_missing", "plain"]

_PARSER: Final = string.Formatter()


def is_missing(value: Any) -> bool:  # noqa: ANN401 -- any cell
    """Whether a cell holds nothing: None, NaN, NaT, pandas' NA."""
    if value is None:
        return True
    if isinstance(value, (str, bytes, list, tuple, dict, set)):
        return False
    # NaN and NaT are not equal to themselves; NA refuses to be a truth value.
    try:
        return bool(value != value)  # noqa: PLR0124 -- that is the test
    except TypeError:
        return True
    except ValueError:  # an array, which is something
        return False


def plain(value: Any) -> Any:  # noqa: ANN401 -- any cell
    """A cell as a plain Python value: numpy's scalars unpacked, a whole number in a column of floats without ".0"."""
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        value = item()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # exact in a float
        return int(value)
    return value


@dataclass(frozen=True, slots=True)
class Hole:
    """A place of a template that a row can't fill."""

    column: str
    value: Any
    why: str


@dataclass(frozen=True, slots=True)
class Template:
    """A template, parsed.

    Attributes:
        text: as it was given.
        columns: the columns that it names, each once, in order.
    """

    text: str
    columns: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Template:
        """Parse a template.

        Raises:
            ConfigurationError: a brace is left open, or something else than a column is named.
        """
        try:
            names = [name for _, name, _, _ in _PARSER.parse(text) if name is not None]
        except ValueError as error:
            message = f"The prompt {text!r} can't be read: {error}."
            raise ConfigurationError(message, hint="Columns stand in braces: {name}; a brace itself is {{.") from None
        for name in names:
            if not name or name.isdigit():
                message = f"The prompt {text!r} has an empty place."
                raise ConfigurationError(message, hint="Name a column in the braces: {name}.")
        return cls(text, tuple(dict.fromkeys(names)))

    def fill(self, row: Mapping[str, Any]) -> tuple[str, tuple[Hole, ...]]:
        """The text for a row, and what of the row does not fit (then the text is "")."""
        holes: list[Hole] = []
        parts: list[str] = []
        for literal, name, spec, conversion in _PARSER.parse(self.text):
            parts.append(literal)
            if name is None:
                continue
            value = row.get(name)
            if is_missing(value):
                holes.append(Hole(name, value, "is empty, and the prompt needs it."))
                continue
            try:
                parts.append(_formatted(value, spec or "", conversion))
            except (ValueError, TypeError) as error:
                holes.append(Hole(name, value, f"can't be written as {{{name}:{spec}}}: {error}."))
        return ("" if holes else "".join(parts)), tuple(holes)


def _formatted(value: Any, spec: str, conversion: str | None) -> str:  # noqa: ANN401 -- any cell
    if conversion == "r":
        return format(repr(value), spec)
    if conversion in {"s", "a"}:
        return format(str(value) if conversion == "s" else ascii(str(value))[1:-1], spec)
    if spec:
        # Prices that came out of a CSV as whole numbers take ".2f" as well as floats do.
        return format(value, spec)
    return str(plain(value))
