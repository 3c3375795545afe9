"""Files fetched from URLs, without becoming a door into the user's own network.

A server that fetches what it is told to can be made to ask the machines around it (routers, cloud metadata,
other users' servers). So for every hop: only http and https; the name is resolved here, every address it has
must be public, and the connection is made to the very address that was checked, because a second look-up may
give another answer. Size and time are limited, and what came is told by content like any other upload.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import mimetypes
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from email.message import Message
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from reelframe.backend.files import Incoming, Received, too_large
from reelframe.errors import MediaError
from reelframe.media.formats import EXTENSIONS, check_name_and_size

__all__ = ["fetch", "is_public"]

_HOPS: Final = 5
_CONNECT_S: Final = 10.0
_SILENCE_S: Final = 30.0
_CHUNK: Final = 256 * 1024
_PORTS: Final = {"http": 80, "https": 443}
_AGENT: Final = "reelframe"
# What media servers send, where Python's own table has nothing or something rare first.
_EXTENSION_OF: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
    "video/x-msvideo": ".avi",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
}
# Addresses that carry an IPv4 address inside (RFC 6052, RFC 3056): the inner one decides.
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address is one of the internet's, and not of this machine or the networks around it."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def fetch(url: str, path: Path, *, allow_private: bool, most_bytes: int, seconds: float) -> Received:
    """Download one file.

    Args:
        url: http or https.
        path: where to write it; must not be there yet.
        allow_private: whether addresses of this machine and its networks may be asked.
        most_bytes: the longest file that is taken.
        seconds: how long all of it may take.

    Raises:
        MediaError: it can't be fetched; the message names the URL's file and the reason.
        FileTooLargeError: it is longer than ``most_bytes``.
        UnsupportedMediaError: neither its name nor its declared type is of an accepted kind.
    """
    deadline = time.monotonic() + seconds
    asked = url
    for _ in range(_HOPS + 1):
        parts = _checked(url, asked)
        address = _resolve(parts, asked, allow_private=allow_private)
        with _opened(parts, address, asked, deadline) as response:
            if response.status in {301, 302, 303, 307, 308}:
                target = response.getheader("Location")
                if not target:
                    raise _refused(asked, "redirects to nowhere")
                url = urljoin(url, target)
                continue
            if response.status != http.client.OK:
                reason = f"the server answered {response.status} {response.reason}".strip()
                raise _refused(asked, reason)
            return _download(response, _name(url, response), path, most_bytes, deadline)
    raise _refused(asked, f"redirects more than {_HOPS} times")


def _checked(url: str, asked: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused(asked, "is not a URL") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise _refused(asked, "is not an http or https URL")
    if parts.username or parts.password:
        raise _refused(asked, "carries a user name or password, which is not accepted")
    if port == 0:
        raise _refused(asked, "is not a URL")
    return parts


def _resolve(parts: SplitResult, asked: str, *, allow_private: bool) -> str:
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _refused(asked, f"the address of {host} can't be found") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private and not all(is_public(address) for address in addresses):
        hint = "Save the file and upload that; `reelframe serve --allow-private-urls` lifts the limit."
        reason = f"{host} is this machine or in its own network, and nothing is fetched from there"
        raise _refused(asked, reason, hint)
    return addresses[0]


@contextlib.contextmanager
def _opened(parts: SplitResult, address: str, asked: str, deadline: float) -> Iterator[http.client.HTTPResponse]:
    """The response of one GET, with everything closed at the end, by force at the deadline."""
    connection = http.client.HTTPConnection(parts.hostname or "", _port(parts))
    watchdog: threading.Timer | None = None
    lines: list[socket.socket] = []
    try:
        try:
            left = deadline - time.monotonic()
            plain = socket.create_connection((address, _port(parts)), timeout=max(0.1, min(_CONNECT_S, left)))
            lines.append(plain)
            # A server that sends a byte now and then never times out by silence: the watchdog cuts the line.
            watchdog = threading.Timer(max(0.1, deadline - time.monotonic()), _cut, (lines,))
            watchdog.daemon = True
            watchdog.start()
            if parts.scheme == "https":
                # The certificate is checked against the name, though the connection goes to the checked address.
                secured = ssl.create_default_context().wrap_socket(
                    plain, server_hostname=parts.hostname, do_handshake_on_connect=False
                )
                lines.append(secured)
                secured.do_handshake()
            connection.sock = lines[-1]
            connection.sock.settimeout(_SILENCE_S)
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
            connection.request("GET", _ascii(target), headers=headers)
            response = connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _broken(asked, error, deadline) from error
        try:
            yield response
        except (OSError, http.client.HTTPException) as error:
            raise _broken(asked, error, deadline) from error
        finally:
            response.close()
    finally:
        if watchdog is not None:
            watchdog.cancel()
        connection.close()
        for line in lines:
            line.close()


def _cut(lines: list[socket.socket]) -> None:
    """End a connection from another thread; wrapped in TLS, the plain socket is an empty shell."""
    with contextlib.suppress(OSError):
        lines[-1].shutdown(socket.SHUT_RDWR)


def _download(response: http.client.HTTPResponse, name: str, path: Path, most_bytes: int, deadline: float) -> Received:
    declared = response.length
    check_name_and_size(name, declared or 0)
    if declared is not None and declared > most_bytes:
        raise too_large(name, most_bytes)
    incoming = Incoming(path, name)
    try:
        while piece := response.read1(_CHUNK):
            incoming.write(piece)
            _check(name, incoming.size, most_bytes, deadline)
        # The watchdog ends a connection in the same way as a server that has sent everything.
        _check(name, incoming.size, most_bytes, deadline, missing=response.length or 0)
        return incoming.done()
    except BaseException:
        incoming.abort()
        raise


def _check(name: str, size: int, most_bytes: int, deadline: float, *, missing: int = 0) -> None:
    if size > most_bytes:
        raise too_large(name, most_bytes)
    if time.monotonic() > deadline:
        raise _refused(name, "took too long to download")
    if missing:
        raise _refused(name, "the connection ended before the file was whole", "Try again.")


def _name(url: str, response: http.client.HTTPResponse) -> str:
    """What the file is called: as the server says, else as the URL ends; with an extension if its type has one."""
    message = Message()
    message["Content-Disposition"] = response.getheader("Content-Disposition") or "inline"
    given = message.get_filename() or unquote(PurePosixPath(urlsplit(url).path).name)
    name = PurePosixPath(re.sub(r"[\\\x00-\x1f]", "/", given)).name or "download"
    if PurePosixPath(name).suffix.lower().lstrip(".") in EXTENSIONS:
        return name
    kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    return name + (_EXTENSION_OF.get(kind) or mimetypes.guess_extension(kind) or "")


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


def _ascii(target: str) -> str:
    """A request target without anything that could end the request line."""
    return quote(target, safe="/?&=%:@!$'()*+,;~-._[]|")


def _short(url: str) -> str:
    parts = url.partition("?")[0]
    return PurePosixPath(unquote(parts)).name or parts


def _refused(url: str, reason: str, hint: str = "") -> MediaError:
    return MediaError.of(_short(url), reason, hint)


def _broken(url: str, error: Exception, deadline: float) -> MediaError:
    if time.monotonic() >= deadline or isinstance(error, TimeoutError):
        return _refused(url, "took too long to download")
    if isinstance(error, ssl.SSLError):
        return _refused(url, f"the server's certificate can't be trusted ({error.reason or error})")
    return _refused(url, f"can't be downloaded ({error or type(error).__name__})")
