"""The same job with every server, by every way to it, in both styles."""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path

from fake_hosted import DRAFT, MP4, Hosted, call, text

from reelframe.client import Changed, CreditsShown, Exported, Notice, Text, TimelineShown, Uploaded

from .peers import Peer, Style, client, png


def probed(path: Path) -> dict[str, object]:
    asked = subprocess.run(
        [
            "ffprobe",
            "-v",
            "error",
            "-of",
            "json",
            "-show_entries",
            "format=duration:stream=codec_name,width,height",
            path,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(asked.stdout)


def script(hosted: Hosted) -> None:
    """What the fake's agent does about the story's two messages."""
    hosted.replies += [
        [
            call("secret_tool", hidden="argument"),
            lambda draft: draft.update(copy.deepcopy(DRAFT)),
            text("I made ", partial=True),
            text("a video.", partial=True),
            text("I made a video."),
        ],
        [text("Undone.")],
    ]


def test_a_job_from_the_first_file_to_the_finished_video(peer: Peer, style: Style, hosted: Hosted) -> None:
    script(hosted)
    with client(style, peer.server, token=peer.token) as c:
        session = c.create_session("promo", language="en")
        assert [m.name for m in session.upload(("a.png", png("red")), ("b.png", png("blue")))] == ["a.png", "b.png"]
        events = list(session.send("combine these into a 2-second video"))
        said = "".join(e.text for e in events if isinstance(e, Text))
        assert said.count("ade a video") == 1
        assert "secret" not in repr(events)
        assert "hidden" not in repr(events)
        changed = [e for e in events if isinstance(e, Changed)]
        assert len(changed) == 1
        draft = session.state().draft
        assert draft.exportable
        assert changed[0].draft == draft
        shown = session.ask("show tracks")
        assert isinstance(shown.events[-1], TimelineShown)
        assert shown.text.startswith("Timeline (")
        balance = session.ask("how many credits do I have?").events[-1]
        assert isinstance(balance, CreditsShown)
        assert balance.credits == c.credits()
        assert balance.credits.total == 100
        steps = []
        video = session.export("out.mp4", on_progress=steps.append, **peer.small)
        assert {"render", "download", "done"} <= {step.stage for step in steps}
        if peer.embedded:
            told = probed(video.path)
            assert [(s["width"], s["height"]) for s in told["streams"] if "width" in s] == [(160, 90)]
            assert abs(float(told["format"]["duration"]) - 2) < 0.11
        else:
            assert video.path.read_bytes() == MP4
        undone = session.undo()
        if peer.embedded:
            assert session.state().draft.to_wire() == {}
        else:
            assert isinstance(undone.events[0], Notice)
        again = c.session(session.id)
        assert again.state().draft == session.state().draft
        assert "/workspace/claim?ct=clm_" in session.claim_url()
        assert peer.token not in repr(c) + repr(session) + session.claim_url()
    assert sorted(p.name for p in Path().iterdir()) == ["out.mp4"]


def test_words_that_skip_the_stream_do_what_they_say(peer: Peer, style: Style, hosted: Hosted) -> None:
    script(hosted)
    with client(style, peer.server, token=peer.token, language="en") as c:
        session = c.create_session("promo")
        Path("b.png").write_bytes(png("blue"))
        events = list(
            session.send("combine these into a 1-second 160x90 video", files=[("a.png", png("red")), "b.png"])
        )
        uploaded = next(e for e in events if isinstance(e, Uploaded))
        assert uploaded.text == "Uploaded a.png, b.png."
        assert events.index(uploaded) < next(i for i, e in enumerate(events) if isinstance(e, Text))
        reply = session.ask("export")
        assert isinstance(reply.events[-1], Exported)
        assert reply.videos[0].path.name == "promo-1.mp4"
        assert reply.videos[0].path.stat().st_size > 1000
        assert "promo-1.mp4" in reply.text
        if peer.embedded:
            both = session.ask("export as mp4 and as gif")
            assert [v.path.name for v in both.videos] == ["promo-2.mp4", "promo-1.gif"]
            assert [v.path.read_bytes()[:6] for v in both.videos] == [b"\0\0\0 ft", b"GIF89a"]
