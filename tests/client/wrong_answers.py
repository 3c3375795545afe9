"""Everything that a server may answer in the place of what the protocol promises, and what no error may show."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from fake_hosted import refusal
from starlette.responses import JSONResponse, Response

SECRET = "given-token-123"


def broken_body(_: Any) -> Response:
    return Response(b'{"code": 0', 200, {"content-length": "100000"}, "application/json")


FAULTS: dict[str, Callable[[Any], Response]] = {
    **{str(code): lambda _, code=code: refusal(code) for code in (1001, 1002, 2001, 4001, 4002, 402, 400, 429, 9999)},
    **{f"http {s}": lambda _, s=s: Response("nope", s) for s in (400, 401, 402, 403, 404, 405, 409, 413, 415, 418, 429, 500, 502, 503, 504)},
    "not json": lambda _: Response("<html>login</html>", 200),
    "half json": lambda _: Response('{"code": 0, "data"', 200, media_type="application/json"),
    "deep json": lambda _: Response("[" * 50_000, 200, media_type="application/json"),
    "empty": lambda _: Response(b"", 200),
    "null": lambda _: JSONResponse(None),
    "a list": lambda _: JSONResponse([1, 2]),
    "odd data": lambda _: JSONResponse({"code": 0, "data": [1]}),
    "odd types": lambda _: JSONResponse({"code": 0, "data": {"token": 5, "session_id": 5, "available": "x", "state": 5, "draft": 5, "status": 5}}),
    "odd state": lambda _: JSONResponse({"code": 0, "data": {"state": {"draft": {"t": "no"}}}}),
    "too short": broken_body,
    "bad gzip": lambda _: Response(b"no gzip", 200, {"content-encoding": "gzip"}),
    "redirect loop": lambda r: Response(b"", 307, {"location": str(r.url)}),
    "redirect to nonsense": lambda _: Response(b"", 302, {"location": "http://[bad"}),
    "token in the words": lambda _: refusal(9999, message=f"bad header Bearer {SECRET}"),
}  # fmt: skip


def clean(error: BaseException) -> None:
    """Nothing that a person or a log could be shown holds the token."""
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(error) + repr(vars(error))
    for secret in (SECRET, "nmv_usr_secret"):
        assert secret not in shown.replace(f"tests/client/{secret}", "")
