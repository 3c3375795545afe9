"""Files in: by multipart and by URL, whole or not at all, told by content."""

from __future__ import annotations

import hashlib
import http.server
import itertools
import socket
import threading
import time
import tracemalloc
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.backend.core import Limits
from reelframe.backend.files import Incoming
from reelframe.backend.uploads import _Parts
from reelframe.backend.urls import fetch, is_public
from reelframe.errors import MediaError

from .conftest import data, photo, refusal


def kept(home):
    return sorted(p.name for p in (home / "media").rglob("*") if p.is_file())


def nothing_left(home):
    return kept(home) == [] and list((home / "incoming").iterdir()) == []


async def test_files_are_kept_under_their_content_and_listed_in_order(api, home):
    sid = await api.session()
    red, blue = photo("red"), photo("blue", (30, 90), "PNG")
    files = data(await api.upload(sid, ("b 图.JPG", red), ("a.png", blue)))["files"]
    assert [f["name"] for f in files] == ["b 图.JPG", "a.png"]
    assert [f["id"] for f in files] == [hashlib.sha256(x).hexdigest() for x in (red, blue)]
    assert (files[1]["width"], files[1]["height"], files[1]["kind"], files[1]["format"]) == (30, 90, "image", "png")
    assert all("path" not in f for f in files)
    assert kept(home) == sorted([f"{files[0]['id']}.jpg", f"{files[1]['id']}.png"])
    assert (home / "media" / files[0]["id"][:2] / f"{files[0]['id']}.jpg").read_bytes() == red
    assert [f["id"] for f in (await api.state(sid))["video_infos"]] == [f["id"] for f in files]


async def test_the_same_content_is_one_file(api, home):
    sid, other = await api.session(), await api.session()
    for session, name in ((sid, "a.jpg"), (sid, "b.jpg"), (other, "c.jpg")):
        data(await api.upload(session, (name, photo())))
    assert len(kept(home)) == 1
    assert [f["name"] for f in (await api.state(sid))["video_infos"]] == ["b.jpg"]
    assert [f["name"] for f in (await api.state(other))["video_infos"]] == ["c.jpg"]


@pytest.mark.parametrize(
    ("name", "content", "expected", "says"),
    [
        ("notes.txt", b"hello", (415, 4001), "notes.txt"),
        ("noextension", b"hello", (415, 4001), "noextension"),
        ("a.jpg", b"", (415, 4001), "empty"),
        ("a.mp4", b"#EXTM3U\nfile:///etc/passwd\n", (415, 4001), "playlist"),
        ("a.jpg", photo()[:200], (415, 4001), "a.jpg"),
    ],
)
async def test_one_bad_file_refuses_the_whole_request(api, home, name, content, expected, says):
    sid = await api.session()
    answer = await api.upload(sid, ("good.jpg", photo()), (name, content))
    assert refusal(answer) == expected
    assert says in answer.json()["message"]
    assert nothing_left(home)
    assert (await api.state(sid))["video_infos"] == []


async def test_a_file_over_the_limit_is_4002_and_leaves_nothing(make_api, home):
    api = make_api(limits=Limits(file_bytes=100_000))
    sid = await api.session()
    answer = await api.upload(sid, ("good.jpg", photo()), ("big.png", b"\x89PNG" + bytes(3_000_000)))
    assert refusal(answer) == (413, 4002)
    assert "big.png" in answer.json()["message"]
    assert nothing_left(home)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=x"),
        (b"--x--\r\n", "multipart/form-data; boundary=x"),
        (b"a", "multipart/form-data"),
        (b"a", "image/jpeg"),
        (b'--x\r\nContent-Disposition: form-data; name="other"; filename="a.jpg"\r\n\r\nabc\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="role"\r\n\r\nking\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\nabc',
         "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
async def test_broken_multipart_is_refused_in_words(api, home, content, kind):
    sid = await api.session()
    path = f"/api/upload-video/nemo_agent/me/{sid}"
    answer = await api.http.post(path, content=content, headers={"Content-Type": kind})
    assert refusal(answer) == (400, 400)
    assert nothing_left(home)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('form-data; name="files"; filename="a.jpg"', "a.jpg"),
        ('form-data; name="files"; filename="图.jpg"', "图.jpg"),
        ("form-data; name=\"files\"; filename*=utf-8''%e5%9b%be.jpg", "图.jpg"),
        ('form-data; name="files"; filename="a%22b.jpg"', 'a"b.jpg'),
        ('form-data; name="files"; filename="C:\\\\dir\\\\a.jpg"', "a.jpg"),
        ('form-data; name="files"; filename="../../etc/a.jpg"', "a.jpg"),
        ('form-data; name="files"; filename="a;b.jpg"', "a;b.jpg"),
    ],
)
async def test_names_of_all_spellings(api, disposition, name):
    sid = await api.session()
    body = b"--x\r\nContent-Disposition: " + disposition.encode() + b"\r\n\r\n" + photo() + b"\r\n--x--\r\n"
    answer = await api.http.post(
        f"/api/upload-video/nemo_agent/me/{sid}",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert data(answer)["files"][0]["name"] == name


@given(cut=st.lists(st.integers(0, 700), max_size=12), content=st.binary(max_size=300))
def test_multipart_is_the_same_however_it_is_cut(tmp_path_factory, cut, content):
    folder = tmp_path_factory.mktemp("parts")
    body = (
        b'--xyz\r\nContent-Disposition: form-data; name="role"\r\n\r\nlogo\r\n'
        b'--xyz\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        + content
        + b"\r\n--xyz--\r\n"
    )
    parts = _Parts(folder, b"xyz", 10_000, 10)
    places = sorted({min(c, len(body)) for c in cut} | {0, len(body)})
    for a, b in itertools.pairwise(places):
        parts.feed(body[a:b])
    parts.finish()
    assert parts.refusal is None
    assert parts.fields == {"role": "logo"}
    assert [(r.name, r.path.read_bytes(), r.id) for r in parts.received] == [
        ("a.jpg", content, hashlib.sha256(content).hexdigest())
    ]


async def test_a_large_upload_is_never_in_memory(api, home):
    sid = await api.session()
    block = bytes(range(256)) * 4096

    async def body():
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'
        for _ in range(64):
            yield block
        yield b"\r\n--x--\r\n"

    tracemalloc.start()
    answer = await api.http.post(
        f"/api/upload-video/nemo_agent/me/{sid}",
        content=body(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # 64 MB of something that is no video: taken in, looked at, refused.
    assert refusal(answer) == (415, 4001)
    assert peak < 16_000_000
    assert nothing_left(home)


async def test_roles_order_and_removal(api):
    sid = await api.session()
    a, b, c = [
        data(await api.upload(sid, (f"{n}.png", photo(n, kind="PNG")), role=role))["files"][0]
        for n, role in (("red", None), ("green", None), ("blue", "logo"))
    ]
    assert (a["role"], c["role"]) == (None, "logo")
    change = {"session_id": sid, "order": [c["id"], a["id"], b["id"]], "roles": {a["id"]: "logo", c["id"]: None}}
    files = data(await api.post("/api/ext/media", change))["files"]
    assert [(f["name"], f["role"]) for f in files] == [("blue.png", None), ("red.png", "logo"), ("green.png", None)]
    files = data(await api.post("/api/ext/media", {"session_id": sid, "remove": [a["id"]]}))["files"]
    assert [f["name"] for f in files] == ["blue.png", "green.png"]
    # Given again, it comes at the end and without the role that it had.
    again = data(await api.upload(sid, ("red.png", photo("red", kind="PNG"))))["files"][0]
    assert again["role"] is None
    assert [f["name"] for f in (await api.state(sid))["video_infos"]] == ["blue.png", "green.png", "red.png"]
    for bad, expected in [
        ({"order": [b["id"]]}, (400, 400)),
        ({"remove": ["f" * 64]}, (404, 404)),
        ({"roles": {b["id"]: "king"}}, (400, 400)),
    ]:
        assert refusal(await api.post("/api/ext/media", {"session_id": sid, **bad})) == expected


async def test_thumbnails_are_small_pictures(api):
    import io

    from PIL import Image

    sid = await api.session()
    media = data(await api.upload(sid, ("a.png", photo("blue", (900, 300), "PNG"))))["files"][0]
    for side in (64, 320):
        answer = await api.get(media["thumbnail"], params={"side": side})
        assert answer.headers["content-type"] == "image/jpeg"
        picture = Image.open(io.BytesIO(answer.content))
        assert max(picture.size) == side
        r, g, b = picture.convert("RGB").getpixel((side // 2, side // 6))
        assert b > 200 > 60 > max(r, g)
    for side in ("0", "5000", "x", "٣٢٠"):
        assert refusal(await api.get(media["thumbnail"], params={"side": side})) == (400, 400)
    assert refusal(await api.get(f"/api/ext/thumbnail/{'f' * 64}")) == (404, 404)


# --- URLs ------------------------------------------------------------------------------------------------


class Site(http.server.BaseHTTPRequestHandler):
    """Every path is an odd server of its own."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        port = self.server.server_address[1]
        moved = {
            "/to-photo": "/photo.jpg",
            "/to-private": f"http://localhost:{port}/photo.jpg",
            "/to-file": "file:///etc/passwd",
            "/loop": "/loop",
            "/nowhere": "",
        }
        if path in moved:
            self.send_response(302)
            if moved[path]:
                self.send_header("Location", moved[path])
            self.end_headers()
            return
        content = {"/photo.jpg": photo(), "/text.jpg": b"hello", "/named": photo("blue"), "/typed": photo(kind="PNG")}
        if path == "/missing.jpg":
            self.send_error(404)
            return
        self.send_response(200)
        if path == "/named":
            self.send_header("Content-Disposition", "attachment; filename*=UTF-8''%e5%9b%be.jpg")
        if path == "/typed":
            self.send_header("Content-Type", "image/png; x=y")
        if path == "/drip.jpg":
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
            return
        if path == "/cut.jpg":
            self.send_header("Content-Length", "1000000")
        if path == "/big.jpg":
            self.end_headers()
            for _ in range(50):
                self.wfile.write(bytes(100_000))
            return
        self.end_headers()
        self.wfile.write(content.get(path, b"short"))

    def log_message(self, *args):
        pass


@contextmanager
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("path", "name"),
    [("/photo.jpg?x=1", "photo.jpg"), ("/to-photo", "photo.jpg"), ("/named", "图.jpg"), ("/typed", "typed.png")],
)
async def test_a_url_is_fetched_and_named(make_api, path, name):
    api = make_api(allow_private_urls=True)
    sid = await api.session()
    with site() as base:
        body = {"urls": [base + path], "source_type": "url", "role": "logo"}
        file = data(await api.post(f"/api/upload-video/nemo_agent/me/{sid}", body))["files"][0]
    assert (file["name"], file["role"], file["width"]) == (name, "logo", 64)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/missing.jpg", "404"),
        ("/text.jpg", "text"),
        ("/loop", "redirects more than"),
        ("/nowhere", "redirects to nowhere"),
        ("/to-file", "not an http"),
        ("/cut.jpg", "ended before"),
        ("/drip.jpg", "too long"),
        ("/big.jpg", "over the limit"),
        ("/noname", "extension"),
    ],
)
async def test_what_a_url_must_not_do(make_api, home, path, says):
    api = make_api(allow_private_urls=True, limits=Limits(url_seconds=1.0, file_bytes=2_000_000))
    sid = await api.session()
    started = time.monotonic()
    with site() as base:
        answer = await api.post(f"/api/upload-video/nemo_agent/me/{sid}", {"urls": [f"{base}/photo.jpg", base + path]})
    assert refusal(answer)[1] in {4001, 4002}
    assert says in answer.json()["message"]
    assert time.monotonic() - started < 5
    assert nothing_left(home)


PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_our_own_networks_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://{}/photo.jpg",
        "http://localhost:{}/photo.jpg",
        "http://[::1]:{}/photo.jpg",
        "http://[::ffff:127.0.0.1]:{}/photo.jpg",
        "http://2130706433:{}/photo.jpg",
        "http://0x7f.1:{}/photo.jpg",
        "http://0:{}/photo.jpg",
    ],
)
async def test_private_addresses_are_never_asked(api, url):
    asked = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    port = listener.getsockname()[1]
    where = url.format(f"127.0.0.1:{port}" if "{}/" in url and "//{}" in url else port)
    sid = await api.session()
    answer = await api.post(f"/api/upload-video/nemo_agent/me/{sid}", {"urls": [where]})
    try:
        asked.append(listener.accept()[0])
    except TimeoutError:
        pass
    finally:
        listener.close()
    assert asked == []
    assert refusal(answer) == (415, 4001)
    assert "its own network, and nothing is fetched from there. Save the file" in answer.json()["message"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/a.jpg", "http://", "a.jpg", "http://u:p@example.com/a.jpg",
            "http://example.com:99999/a.jpg", "http://example.com:0/a.jpg", "gopher://x", "", "http://[bad/a.jpg"],
)  # fmt: skip
async def test_only_plain_http_urls(api, url):
    sid = await api.session()
    assert refusal(await api.post(f"/api/upload-video/nemo_agent/me/{sid}", {"urls": [url]})) == (415, 4001)


def test_a_redirect_into_the_network_is_not_followed(tmp_path, monkeypatch):
    """The first hop is public as far as the resolver says; what it points at is not."""
    from reelframe.backend import urls

    with site() as base:
        port = int(base.rpartition(":")[2])
        real = socket.create_connection
        # The checked address is what is connected to; here the test server plays the public one.
        monkeypatch.setattr(
            urls.socket, "create_connection", lambda address, **kw: real(("127.0.0.1", address[1]), **kw)
        )

        def resolve(host, port, *_, **__):
            where = "93.184.216.34" if host == "public.example" else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

        monkeypatch.setattr(urls.socket, "getaddrinfo", resolve)
        limits = {"allow_private": False, "most_bytes": 1_000_000, "seconds": 5}
        assert fetch(f"http://public.example:{port}/photo.jpg", tmp_path / "a", **limits).size == len(photo())
        with pytest.raises(MediaError, match="its own network"):
            fetch(f"http://public.example:{port}/to-private", tmp_path / "b", **limits)


def test_the_address_that_was_checked_is_the_one_that_is_asked(tmp_path, monkeypatch):
    """A name that answers differently the second time is asked for once only."""
    from reelframe.backend import urls

    looked, asked = [], []

    def resolve(host, port, **_):
        looked.append(host)
        where = "93.184.216.34" if len(looked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

    def connect(address, **_):
        asked.append(address)
        raise ConnectionRefusedError("no")

    monkeypatch.setattr(urls.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(urls.socket, "create_connection", connect)
    with pytest.raises(MediaError):
        fetch("http://rebind.example/a.jpg", tmp_path / "a", allow_private=False, most_bytes=10, seconds=5)
    assert (looked, asked) == (["rebind.example"], [("93.184.216.34", 80)])


async def test_an_unknown_role_is_refused(api, home):
    sid = await api.session()
    assert refusal(await api.upload(sid, ("a.jpg", photo()), role="king")) == (400, 400)
    assert nothing_left(home)


async def test_several_urls_are_fetched_at_once_and_in_order(api, monkeypatch):
    together = threading.Barrier(4, timeout=20)

    def fetch(url, path, **_):
        together.wait()
        name = url.rpartition("/")[2]
        incoming = Incoming(path, name)
        incoming.write(photo(name.removesuffix(".jpg")))
        return incoming.done()

    monkeypatch.setattr("reelframe.backend.urls.fetch", fetch)
    sid = await api.session()
    colors = ["red", "green", "blue", "white"]
    body = {"urls": [f"https://example.com/{c}.jpg" for c in colors], "source_type": "url"}
    files = data(await api.post(f"/api/upload-video/nemo_agent/me/{sid}", body))["files"]
    assert [one["name"] for one in files] == [f"{c}.jpg" for c in colors]
