"""Results to look at: a contact sheet with charts, and variants side by side. One HTML, nothing outside of it.

Posters stand in the page itself; a video is played from its file where that can be reached from the page. All text that
came from a table or an error is escaped.
"""

from __future__ import annotations

import base64
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pandas as pd

from reelframe.errors import ConfigurationError, StorageError
from reelframe.media.formats import human_size
from reelframe.runs.charts import bars, histogram
from reelframe.runs.template import is_missing

__all__ = ["Gallery", "compare", "gallery"]

_NEEDED: Final = ("name", "status", "path", "error")
_SIGNS: Final = {"done": "✓", "failed": "✕", "running": "…", "waiting": "·"}
_STYLE: Final = """
.rf-g{font:13px/1.4 system-ui,sans-serif;max-width:1400px;margin:0 auto}
.rf-g h1{font-size:17px;margin:4px 0 10px}
.rf-g .plots{display:flex;flex-wrap:wrap;gap:24px;margin:0 0 14px}
.rf-g .plots svg{width:300px;max-width:100%;height:auto}
.rf-g .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:12px}
.rf-g .card{border:1px solid rgba(128,128,128,.35);border-radius:8px;overflow:hidden;display:flex;
flex-direction:column}
.rf-g .shown{height:190px;background:rgba(128,128,128,.14);display:flex;align-items:center;justify-content:center}
.rf-g video,.rf-g img{width:100%;height:100%;object-fit:contain;display:block}
.rf-g .none{font-size:26px;opacity:.55}
.rf-g .said{padding:7px 9px;min-width:0}
.rf-g .name{font-weight:600;overflow-wrap:anywhere}
.rf-g .facts{opacity:.75;font-size:12px}
.rf-g .wrong{font-size:12px;margin-top:3px;overflow-wrap:anywhere;max-height:8.4em;overflow:auto}
.rf-g .st{display:inline-block;font-size:11px;font-weight:600;border-radius:9px;padding:0 7px;
margin-right:5px;color:#fff}
.rf-g .done .st{background:#2b7a3d}.rf-g .failed .st{background:#b3352e}
.rf-g .running .st{background:#8a6100}.rf-g .waiting .st{background:#5f6368}
.rf-g .failed{border-color:#d9534f}
.rf-g table.side{border-collapse:separate;border-spacing:10px 4px}
.rf-g table.side th{text-align:left;font-size:13px;padding:2px 4px;vertical-align:middle;max-width:220px;
overflow-wrap:anywhere}
.rf-g table.side td{vertical-align:top;width:210px}
"""
# Plays at the pointer and at the keyboard's focus; a file that can't be reached stays its poster.
_PLAY: Final = (
    "onmouseenter='this.play().catch(()=>{})' onmouseleave='this.pause();this.load()' "
    "onfocus='this.play().catch(()=>{})' onblur='this.pause();this.load()' tabindex='0'"
)


class Gallery:
    """Results as HTML: a notebook shows it as a cell's last value, ``save`` writes a page that opens anywhere."""

    def __init__(self, title: str, body: Callable[[Path], str]) -> None:
        self.title = title
        self._body = body

    def _repr_html_(self) -> str:
        return self._fragment(Path.cwd())

    def _fragment(self, folder: Path) -> str:
        return f"<div class='rf-g'><style>{_STYLE}</style>{self._body(folder)}</div>"

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a page. Videos are linked from where it lies: keep it beside them.

        Raises:
            StorageError: it can't be written.
        """
        target = Path(path).expanduser().absolute()
        page = (
            "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
            "<meta name='viewport' content='width=device-width,initial-scale=1'>"
            f"<title>{escape(self.title)}</title><style>:root{{color-scheme:light dark}}"
            "body{margin:20px;background:Canvas;color:CanvasText}</style></head>"
            f"<body>{self._fragment(target.parent)}</body></html>"
        )
        try:
            target.write_text(page, encoding="utf-8", errors="replace")
        except OSError as error:
            message = f"{target} can't be written: {error.strerror}."
            raise StorageError(message, hint="Choose another path.") from error
        return target

    def __repr__(self) -> str:
        return f"<Gallery {self.title!r}>"


def gallery(results: pd.DataFrame, *, title: str = "Videos", limit: int = 300) -> Gallery:
    """A contact sheet of results: posters that play at the pointer, what failed and why, charts.

    Args:
        results: what ``batch`` or ``batch_status`` returned, or some of its rows.
        title: what stands above it.
        limit: how many rows are shown; charts count all.

    Raises:
        ConfigurationError: it is no table of results.

    >>> from reelframe import batch
    >>> small = {"output": {"width": 180, "height": 320, "fps": 10}, "progress": False}
    >>> results = batch(products, "A 2-second vertical video of {name}", "photos", "videos", **small)
    >>> gallery(results, title="Autumn").save("index.html").name
    'index.html'
    """
    _check(results)
    records = _records(results)

    def body(folder: Path) -> str:
        cards = "".join(_card(record, folder) for record in records[:limit])
        more = f"<p>and {len(records) - limit} more</p>" if len(records) > limit else ""
        return f"<h1>{escape(title)} · {_counted(records)}</h1>{_plots(records)}<div class='grid'>{cards}</div>{more}"

    return Gallery(title, body)


def compare(results: pd.DataFrame, by: str = "variant", *, title: str = "", limit: int = 100) -> Gallery:
    """Results side by side: a line for each product, a column for each value of ``by``.

    Args:
        results: what ``batch`` returned.
        by: "variant", "preset", or another column.
        title: what stands above it.
        limit: how many products are shown.

    Raises:
        ConfigurationError: it is no table of results, or has no such column.

    >>> from reelframe import batch
    >>> words = {"short": "A 1-second video of {name}", "long": "A 2-second video of {name}"}
    >>> small = {"output": {"width": 180, "height": 320, "fps": 10}, "progress": False}
    >>> results = batch(products, variants=words, media="photos", out="both", **small)
    >>> compare(results, by="variant").save("both.html").name
    'both.html'
    """
    _check(results)
    if by not in results.columns:
        message = f"The results have no column {by!r}."
        raise ConfigurationError(message, hint='Compare by "variant" or "preset".')
    records = _records(results)
    across = list(dict.fromkeys(str(record[by]) for record in records))
    rest = next((other for other in ("preset", "variant") if other != by and other in results.columns), None)
    lines: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}
    for record in records:
        second = str(record[rest]) if rest and not is_missing(record[rest]) else ""
        line = lines.setdefault((str(record["name"]), second), {})
        line.setdefault(str(record[by]), []).append(record)
    shown = list(lines.items())[:limit]

    def body(folder: Path) -> str:
        head = "".join(f"<th scope='col'>{escape(name or '(none)')}</th>" for name in across)
        rows = "".join(_line(name, second, line, across, folder) for (name, second), line in shown)
        more = f"<p>and {len(lines) - limit} more</p>" if len(lines) > limit else ""
        heading = escape(title or f"By {by}")
        return (
            f"<h1>{heading} · {_counted(records)}</h1><table class='side'><tr><th></th>{head}</tr>{rows}</table>{more}"
        )

    return Gallery(title or f"By {by}", body)


def _line(name: str, second: str, line: dict[str, list[dict[str, Any]]], across: Sequence[str], folder: Path) -> str:
    cells = "".join(f"<td>{''.join(_card(r, folder) for r in line.get(value, ()))}</td>" for value in across)
    label = escape(name) + (f"<div class='facts'>{escape(second)}</div>" if second else "")
    return f"<tr><th scope='row'>{label}</th>{cells}</tr>"


def _check(results: pd.DataFrame) -> None:
    missing = [name for name in _NEEDED if name not in getattr(results, "columns", ())]
    if missing:
        message = f"This is no table of results: it has no {', '.join(missing)}."
        raise ConfigurationError(message, hint="Give what rf.batch or rf.batch_status returned.")


def _records(results: pd.DataFrame) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = [{str(k): v for k, v in r.items()} for r in results.to_dict("records")]
    return records


def _counted(records: Iterable[dict[str, Any]]) -> str:
    counts = Counter(str(record["status"]) for record in records)
    return escape(", ".join(f"{counts[name]} {name}" for name in _SIGNS if counts[name]) or "no rows")


def _plots(records: Sequence[dict[str, Any]]) -> str:
    failed = Counter(
        "unknown" if is_missing(r.get("error_code")) else str(r["error_code"])
        for r in records
        if r["status"] == "failed"
    )
    sizes = [value / 1e6 for value in _numbers(records, "size_bytes")]
    inside = (
        histogram("Durations", _numbers(records, "duration_s"), "s")
        + histogram("Sizes", sizes, "MB")
        + bars("Failures", failed)
    )
    return f"<div class='plots'>{inside}</div>"


def _numbers(records: Iterable[dict[str, Any]], name: str) -> list[float]:
    values: list[Any] = [record.get(name) for record in records]
    return [float(v) for v in values if not is_missing(v) and math.isfinite(float(v))]


def _card(record: dict[str, Any], folder: Path) -> str:
    status = str(record["status"])
    kind = status if status in _SIGNS else "waiting"
    others = [str(record[k]) for k in ("variant", "preset") if not is_missing(record.get(k)) and record[k] != ""]
    name = escape(" · ".join([str(record["name"]), *others]))
    wrong = "" if is_missing(record.get("error")) else f"<div class='wrong'>{escape(str(record['error']))}</div>"
    return (
        f"<div class='card {kind}'><div class='shown'>{_shown(record, folder)}</div><div class='said'>"
        f"<div class='name'>{name}</div><span class='st'>{_SIGNS[kind]} {escape(status)}</span>"
        f"<span class='facts'>{_facts(record)}</span>{wrong}</div></div>"
    )


def _facts(record: dict[str, Any]) -> str:
    parts = []
    if not is_missing(record.get("duration_s")):
        parts.append(f"{float(record['duration_s']):.1f} s")
    if not is_missing(record.get("width")) and not is_missing(record.get("height")):
        parts.append(f"{int(record['width'])}x{int(record['height'])}")
    if not is_missing(record.get("size_bytes")):
        parts.append(human_size(int(record["size_bytes"])))
    if not is_missing(record.get("credits")):
        parts.append(f"{float(record['credits']):g} credits")
    return escape(", ".join(parts))


def _shown(record: dict[str, Any], folder: Path) -> str:
    picture: Any = record.get("thumbnail")
    path = record.get("path")
    label = escape(str(record["name"]), quote=True)
    poster = "" if is_missing(picture) else f"data:image/jpeg;base64,{base64.b64encode(bytes(picture)).decode()}"
    if not is_missing(path):
        source = escape(_address(str(path), folder), quote=True)
        shown = f" poster='{poster}'" if poster else ""
        return (
            f"<video src='{source}'{shown} preload='none' muted loop playsinline aria-label='{label}' {_PLAY}></video>"
        )
    if poster:
        return f"<img src='{poster}' alt='{label}'>"
    return f"<span class='none' aria-hidden='true'>{_SIGNS.get(str(record['status']), '·')}</span>"


def _address(path: str, folder: Path) -> str:
    """A video's address as seen from a page in this folder; what is not on this machine keeps its own."""
    if "://" in path:
        return path
    try:
        return quote(os.path.relpath(path, folder).replace(os.sep, "/"))
    except ValueError:  # another drive
        return Path(path).as_uri()
