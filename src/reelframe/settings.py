"""Where things are kept and what the environment says: the one room that reads environment variables.

===========================  =========================  =======================================================
variable                     default                    meaning
===========================  =========================  =======================================================
``REELFRAME_HOME``           the user's data folder     drafts, media, jobs, the render cache
``REELFRAME_QUOTA_GB``       20                         how much of the disk they may take
``REELFRAME_STRICT_GLYPHS``  no                         a character that no font has is an error, not a warning
``REELFRAME_LLM_URL``        none                       base URL of a chat endpoint that plans requests
``REELFRAME_LLM_MODEL``      none                       the model's name there
``REELFRAME_LLM_API_KEY``    none                       its key, where it wants one
``NEMO_TOKEN``               none                       bearer token of the hosted service
``NEMO_API_URL``             the hosted base URL        another server that speaks the protocol
``NEMO_CLIENT_ID``           a stored UUID              the anonymous client's identity
``NEMO_WEB_URL``             ``https://nemovideo.com``  for links shown to a person
===========================  =========================  =======================================================
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import platformdirs

from reelframe.errors import ConfigurationError, StorageError

__all__ = [
    "HOSTED_URL",
    "LanguageModel",
    "api_url",
    "client_id",
    "config_folder",
    "home",
    "language_model",
    "quota_bytes",
    "strict_glyphs",
    "token",
    "web_url",
    "write_private",
]

HOSTED_URL: Final = "https://mega-api-prod.nemovideo.ai"
_WEB_URL: Final = "https://nemovideo.com"
_GB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A chat endpoint of the OpenAI kind that plans requests in the place of the built-in rules.

    Attributes:
        url: its base URL, such as ``http://localhost:11434/v1``.
        model: the model's name there.
        api_key: its key; never shown, logged or stored.
        timeout_s: how long a request may take, seconds; then the rules plan it.
    """

    url: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    timeout_s: float = 30.0


def home() -> Path:
    """The folder that holds everything reelframe keeps; made when it is missing.

    Raises:
        StorageError: the folder can't be made or written.
    """
    path = Path(
        os.environ.get("REELFRAME_HOME") or platformdirs.user_data_dir("reelframe", appauthor=False)
    ).expanduser()
    try:
        # Timelines and photos are nobody else's business.
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        message = f"The data folder {path} can't be made: {error.strerror}."
        raise StorageError(message, hint="Set REELFRAME_HOME to a folder you may write.") from error
    return path.absolute()


def quota_bytes() -> int:
    """How many bytes the data folder may take (``REELFRAME_QUOTA_GB``, in units of 2^30 bytes)."""
    text = os.environ.get("REELFRAME_QUOTA_GB", "20")
    try:
        gigabytes = float(text)
    except ValueError:
        gigabytes = -1.0
    if not 0 < gigabytes < float("inf"):
        message = f"REELFRAME_QUOTA_GB is {text!r}, which is not a positive number."
        raise ConfigurationError(message, hint="Give the quota in gigabytes, for example 20.")
    return int(gigabytes * _GB)


def strict_glyphs() -> bool:
    """Whether a text that no font can draw completely is an error (``REELFRAME_STRICT_GLYPHS``: 1, true, yes, on)."""
    return os.environ.get("REELFRAME_STRICT_GLYPHS", "").strip().lower() in {"1", "true", "yes", "on"}


def language_model() -> LanguageModel | None:
    """The language model that the user set up; None when there is none, and the rules plan.

    Raises:
        ConfigurationError: a model without an address, or an address without a model.
    """
    url = os.environ.get("REELFRAME_LLM_URL", "").strip()
    model = os.environ.get("REELFRAME_LLM_MODEL", "").strip()
    if not url and not model:
        return None
    if not url or not model:
        given, lacking = ("REELFRAME_LLM_URL", "REELFRAME_LLM_MODEL")[:: 1 if url else -1]
        message = f"{given} is set, but {lacking} is not."
        raise ConfigurationError(message, hint="A language model needs both; the built-in rules need neither.")
    return LanguageModel(url, model, os.environ.get("REELFRAME_LLM_API_KEY", "").strip() or None)


def api_url() -> str:
    """The base URL of the hosted service, without a trailing slash."""
    return (os.environ.get("NEMO_API_URL") or HOSTED_URL).rstrip("/")


def web_url() -> str:
    """The base URL of pages that a person opens, without a trailing slash."""
    return (os.environ.get("NEMO_WEB_URL") or _WEB_URL).rstrip("/")


def token() -> str | None:
    """The bearer token that the user set, if any. It is never stored."""
    return os.environ.get("NEMO_TOKEN") or None


def config_folder() -> Path:
    """Where the anonymous client's identity and token are kept. Not made until written."""
    return Path(platformdirs.user_config_dir("nemovideo", appauthor=False))


def client_id() -> str:
    """The anonymous client's UUID: ``NEMO_CLIENT_ID``, else the stored one, else a new one, stored.

    A token is granted once per client per 7 days, so the identity has to outlive the process. The file
    holds the UUID and nothing else. Where it can't be written, the identity lasts as long as the process.
    """
    if given := os.environ.get("NEMO_CLIENT_ID"):
        return given
    path = config_folder() / "client_id"
    with contextlib.suppress(OSError, ValueError):
        return str(uuid.UUID(path.read_text(encoding="ascii").strip()))
    fresh = str(uuid.uuid4())
    with contextlib.suppress(OSError):
        write_private(path, fresh)
    return fresh


def write_private(path: Path, text: str) -> None:
    """Write ``text`` so that only the user can read it (mode 0600), whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes the file with mode 0600 from its first instant: a chmod afterwards would leave a gap.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
