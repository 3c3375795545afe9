"""Which requests skip the stream: a table of cases, English and Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.client.routing import Route, route

CASES: list[tuple[str, str, dict[str, object]]] = [
    # export
    ("export", "export", {}),
    ("Export", "export", {}),
    ("EXPORT!", "export", {}),
    ("export it", "export", {}),
    ("export please", "export", {}),
    ("please export the video", "export", {}),
    ("export it as mp4 please", "export", {"format": "mp4"}),
    ("can you export the final video now?", "export", {}),
    ("ok, looks good, export it", "export", {}),
    ("Perfect! Export.", "export", {}),
    ("download", "export", {}),
    ("download the video", "export", {}),
    ("I want to download my video", "export", {}),
    ("download it to my computer", "export", {}),
    ("send me the video", "export", {}),
    ("send me the finished video please", "export", {}),
    ("give me the file", "export", {}),
    ("save the video", "export", {}),
    ("save it as promo.mp4", "export", {"path": "promo.mp4"}),
    ("export to out/final.mp4", "export", {"path": "out/final.mp4"}),
    ('export to "my promo.mp4"', "export", {"path": "my promo.mp4"}),
    ("export as webm", "export", {"format": "webm"}),
    ("export in 4k", "export", {"short_side": 2160}),
    ("export in 1080p", "export", {"short_side": 1080}),
    ("export at 60 fps", "export", {"fps": 60}),
    ("export for tiktok", "export", {"preset": "tiktok"}),
    ("Export it for YouTube, thanks", "export", {"preset": "youtube"}),
    ("export in high quality", "export", {"quality": "high"}),
    ("render the video", "export", {}),
    ("let's export", "export", {}),
    ("start the export", "export", {}),
    ("export again", "export", {}),
    ("导出", "export", {}),
    ("导出视频", "export", {}),
    ("请导出", "export", {}),
    ("帮我导出视频吧", "export", {}),
    ("把视频导出来", "export", {}),
    ("导出成mp4", "export", {"format": "mp4"}),
    ("导出为 1080p", "export", {"short_side": 1080}),
    ("导出到 out.mp4", "export", {"path": "out.mp4"}),
    ("下载", "export", {}),
    ("我要下载视频", "export", {}),
    ("把视频发给我", "export", {}),
    ("好的，导出吧", "export", {}),
    ("可以导出了", "export", {}),
    # credits
    ("credits", "credits", {}),
    ("my credits", "credits", {}),
    ("How many credits do I have left?", "credits", {}),
    ("how many credits are left", "credits", {}),
    ("check my balance", "credits", {}),
    ("what's my balance?", "credits", {}),
    ("show me my remaining credits", "credits", {}),
    ("balance please", "credits", {}),
    ("am I out of credits?", "credits", {}),
    ("积分", "credits", {}),
    ("余额", "credits", {}),
    ("我还有多少积分？", "credits", {}),
    ("查一下积分", "credits", {}),
    ("还剩多少积分", "credits", {}),
    ("查询余额", "credits", {}),
    ("积分余额是多少", "credits", {}),
    # status
    ("status", "status", {}),
    ("what's the status?", "status", {}),
    ("show tracks", "status", {}),
    ("show me the timeline", "status", {}),
    ("list all tracks", "status", {}),
    ("project status", "status", {}),
    ("what's on the timeline?", "status", {}),
    ("状态", "status", {}),
    ("查看状态", "status", {}),
    ("显示轨道", "status", {}),
    ("看看时间线", "status", {}),
    ("现在是什么状态", "status", {}),
    ("当前进度怎么样", "status", {}),
    # upload
    ("upload", "upload", {}),
    ("upload a photo", "upload", {}),
    ("I want to upload some pictures", "upload", {}),
    ("upload more files please", "upload", {}),
    ("上传", "upload", {}),
    ("上传文件", "upload", {}),
    ("我想上传几张照片", "upload", {}),
    ("upload https://example.com/a.jpg", "upload", {"sources": ("https://example.com/a.jpg",)}),
    (
        "https://example.com/a.jpg https://example.com/b.mp4?x=1",
        "upload",
        {"sources": ("https://example.com/a.jpg", "https://example.com/b.mp4?x=1")},
    ),
    ("upload ./photos/a.png", "upload", {"sources": ("./photos/a.png",)}),
    ("上传 ~/photos/a.png", "upload", {"sources": ("~/photos/a.png",)}),
    # the stream
    ("make it square and export", "stream", {}),
    ("export and make it square", "stream", {}),
    ("add a caption 'download our app'", "stream", {}),
    ('add the text "export"', "stream", {}),
    ("把标题改成「导出」", "stream", {}),
    ("标题改为“下载”", "stream", {}),
    ('"export"', "stream", {}),
    ("「导出」", "stream", {}),
    ("download our app", "stream", {}),
    ("export only the first 10 seconds", "stream", {}),
    ("export the audio", "stream", {}),
    ("export the first clip", "stream", {}),
    ("don't export yet", "stream", {}),
    ("how do I export?", "stream", {}),
    ("why did the export fail", "stream", {}),
    ("不要导出", "stream", {}),
    ("导出之前把标题改大", "stream", {}),
    ("裁成方形然后导出", "stream", {}),
    ("make a video for an export business", "stream", {}),
    ("add end credits", "stream", {}),
    ("show credits at the end of the video", "stream", {}),
    ("roll the credits over the last clip", "stream", {}),
    ("片尾加上积分说明", "stream", {}),
    ("balance the colours", "stream", {}),
    ("balance the audio levels", "stream", {}),
    ("make a video about our loyalty credits", "stream", {}),
    ("add a status bar at the top", "stream", {}),
    ("show the tracks as runners on a stadium", "stream", {}),
    ("add a second audio track", "stream", {}),
    ("把状态栏去掉", "stream", {}),
    ("upload and make a 30-second video", "stream", {}),
    ("use the uploaded photos for a slideshow", "stream", {}),
    ("上传的照片做成视频", "stream", {}),
    ("save the first clip for the end", "stream", {}),
    ("save the date: 12 June", "stream", {}),
    ("get the music louder", "stream", {}),
    ("send me a proposal", "stream", {}),
    ("give me a better title", "stream", {}),
    ("make the title bigger", "stream", {}),
    ("combine these images into a 30-second video with background music and text overlays", "stream", {}),
    ("beach.jpg", "stream", {}),
    ("https://example.com/", "stream", {}),
    ("make a video of https://example.com/a.jpg", "stream", {}),
    ("", "stream", {}),
    ("thanks", "stream", {}),
    ("ok", "stream", {}),
    ("render the text in red", "stream", {}),
    ("download speed is 10 MB/s, show that as a caption", "stream", {}),
    ("the timeline is too long", "stream", {}),
    ("时间线太长了", "stream", {}),
    ("what's the status quo of ads? make a video on that", "stream", {}),
]


@pytest.mark.parametrize(("message", "kind", "args"), CASES)
def test_route(message: str, kind: str, args: dict[str, object]) -> None:
    assert route(message) == Route(kind, args)  # type: ignore[arg-type]


def test_the_table_is_large_enough() -> None:
    assert len({message for message, _, _ in CASES}) >= 80


FILES = [
    ("", Route("upload")),
    ("upload these", Route("upload")),
    ("上传", Route("upload")),
    ("here are my photos", Route("upload")),
    ("make a video of these", Route("upload", then=Route("stream"))),
    ("export", Route("upload", then=Route("export"))),
]


@pytest.mark.parametrize(("message", "expected"), FILES)
def test_with_files(message: str, expected: Route) -> None:
    assert route(message, has_files=True) == expected


@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "「{}」", "『{}』", "'{}'", "‘{}’", "《{}》", "`{}`"])
@pytest.mark.parametrize("word", ["export", "credits", "status", "upload", "导出", "积分", "状态", "上传"])
def test_quoted_text_never_routes(quotes: str, word: str) -> None:
    assert route(quotes.format(word)).kind == "stream"
    assert route(f"change the title to {quotes.format(word)}").kind == "stream"


@given(st.text(max_size=400))
def test_any_text_has_a_route_soon(message: str) -> None:
    assert route(message).kind in {"export", "credits", "status", "upload", "stream"}


@pytest.mark.parametrize("message", ["please " * 42, "export the video " * 17, "的视频" * 99, "now, " * 58, "a" * 299,
                                     "export " + "it " * 90 + "x", "上传" + "照片" * 140, "how many credits " * 17])  # fmt: skip
def test_no_message_takes_long(message: str) -> None:
    import time

    start = time.perf_counter()
    route(message)
    assert time.perf_counter() - start < 0.5
