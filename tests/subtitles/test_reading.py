"""Subtitle files as people have them: read, and what can't be read named by its line."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.errors import MediaError
from reelframe.subtitles import Cue, flattened, looks_like_subtitles, read_subtitles, to_srt, to_vtt

SRT = """1
00:00:01,000 --> 00:00:03,500
Hand thrown,
fired twice.

2
00:00:04,000 --> 00:00:06,000
From 29 €
"""


def only(text):
    (cue,) = read_subtitles(text).cues
    return cue


def one(words, settings=""):
    return only(f"1\n00:00:01,000 --> 00:00:02,000{settings}\n{words}\n")


def web(words, settings=""):
    return only(f"WEBVTT\n\n00:01.000 --> 00:02.000{settings}\n{words}\n")


def test_times_and_lines():
    first, second = read_subtitles(SRT).cues
    assert first == Cue(1000, 3500, "Hand thrown,\nfired twice.")
    assert second == Cue(4000, 6000, "From 29 €")


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_marks(ends, mark):
    read = read_subtitles((mark + SRT.replace("\n", ends)).encode())
    assert [cue.text for cue in read.cues] == ["Hand thrown,\nfired twice.", "From 29 €"]
    assert read.problems == ()


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("00:00:01,000 --> 00:00:03,500", (1000, 3500)),
        ("00:00:01.000 --> 00:00:03.500", (1000, 3500)),
        ("0:00:01,0 --> 0:00:03,5", (1000, 3500)),
        ("00:01,000-->00:03,500", (1000, 3500)),
        ("00:00:01:000 --> 00:00:03:500", (1000, 3500)),
        ("00:00:01 --> 00:00:03", (1000, 3000)),
        ("  00 : 00 : 01,000  ->  00:00:03,500  ", (1000, 3500)),
        ("00:00:01,000000 --> 00:00:03,500000", (1000, 3500)),
        ("01:00:01,000 --> 01:00:03,500 X1:100 X2:200 Y1:1 Y2:2", (3601000, 3603500)),
    ],
)
def test_ways_to_write_times(times, expected):
    cue = only(f"1\n{times}\nwords\n")
    assert (cue.start_ms, cue.end_ms) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("<i>all of it</i>", Cue(1000, 2000, "all of it", italic=True)),
        ("a <i>part</i> of it", Cue(1000, 2000, "a part of it")),
        ("<b><i>both</i></b>", Cue(1000, 2000, "both", italic=True, bold=True)),
        ('<font color="#ff8000">warm</font>', Cue(1000, 2000, "warm", color="#ff8000")),
        ("<font color=red>red</font>", Cue(1000, 2000, "red", color="#ff0000")),
        ("<font color='nonsense'>so</font>", Cue(1000, 2000, "so")),
        ("<i>first</i>\n<i>second</i>", Cue(1000, 2000, "first\nsecond", italic=True)),
        ("{\\an8}above", Cue(1000, 2000, "above", "top")),
        ("{\\an2}below", Cue(1000, 2000, "below")),
        ("{\\i1}slanted{\\i0}", Cue(1000, 2000, "slanted", italic=True)),
        ("{\\pos(1,2)\\fs20}there", Cue(1000, 2000, "there")),
        ("one\\Ntwo", Cue(1000, 2000, "one\ntwo")),
        ("one<br/>two", Cue(1000, 2000, "one\ntwo")),
        ("I <3 you, a < b > c", Cue(1000, 2000, "I <3 you, a < b > c")),
        ("salt &amp; pepper&nbsp;mill", Cue(1000, 2000, "salt & pepper mill")),
        ("<unknown>kept</unknown>", Cue(1000, 2000, "<unknown>kept</unknown>")),
        ("<i>never closed", Cue(1000, 2000, "never closed", italic=True)),
        ("{not a tag}", Cue(1000, 2000, "{not a tag}")),
    ],
)
def test_tags(words, expected):
    assert one(words) == expected


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ("", None),
        (" line:0", "top"),
        (" line:10%", "top"),
        (" line:50%", "center"),
        (" line:90%", None),
        (" line:-1", None),
        (" align:start", "bottom_left"),
        (" line:0 position:95% align:end", "top_right"),
        (" line:50%,center position:10%,line-left", "left"),
        (" line:nonsense position:x", None),
        (" region:fred", None),
    ],
)
def test_places_of_webvtt(settings, place):
    assert web("words", settings).position == place


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("<v Ana Ribeiro>Good morning", Cue(1000, 2000, "Good morning", speaker="Ana Ribeiro")),
        ("<c.yellow.bg_blue>bright</c>", Cue(1000, 2000, "bright", color="#ffff00")),
        ("<00:01.200>word <00:01.400>by word", Cue(1000, 2000, "word by word")),
        ("<ruby>漢字<rt>かんじ</rt></ruby>です", Cue(1000, 2000, "漢字です")),
        ("<lang en-GB>colour</lang>", Cue(1000, 2000, "colour")),
        ("1 &lt; 2 &amp;&amp; 3", Cue(1000, 2000, "1 < 2 && 3")),
    ],
)
def test_spans_of_webvtt(words, expected):
    assert web(words) == expected


def test_webvtt_notes_styles_and_names_are_no_words():
    read = read_subtitles(
        "WEBVTT - my film\nKind: captions\n\nSTYLE\n::cue { color: lime }\n\nNOTE a\nremark\n\n"
        "intro\n00:01.000 --> 00:02.000 line:0\nOne\n\nNOTE between\n\n2\n00:03.000 --> 00:04.000\nTwo\n\nNOTE end\n"
    )
    assert [cue.text for cue in read.cues] == ["One", "Two"]
    assert read.format == "vtt"
    assert read.problems == ()


def test_srt_without_numbers_or_empty_lines_and_with_too_many():
    bare = "00:00:01,000 --> 00:00:02,000\nOne\n00:00:03,000 --> 00:00:04,000\nTwo"
    assert [cue.text for cue in read_subtitles(bare).cues] == ["One", "Two"]
    tight = "1\n00:00:01,000 --> 00:00:02,000\nOne\n2\n00:00:03,000 --> 00:00:04,000\nTwo"
    assert [cue.text for cue in read_subtitles(tight).cues] == ["One", "Two"]
    loose = "\n\n1\n\n00:00:01,000 --> 00:00:02,000\n\nOne\n\nand a half\n\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n\n"
    assert [cue.text for cue in read_subtitles(loose).cues] == ["One\nand a half", "Two"]
    number = "1\n00:00:01,000 --> 00:00:02,000\n42\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo"
    assert [cue.text for cue in read_subtitles(number).cues] == ["42", "Two"]


def test_cues_come_in_the_order_of_time():
    late_first = "1\n00:00:05,000 --> 00:00:06,000\nLate\n\n2\n00:00:01,000 --> 00:00:02,000\nEarly\n"
    assert [cue.text for cue in read_subtitles(late_first).cues] == ["Early", "Late"]


def test_bad_lines_are_told_by_number_and_the_rest_is_kept():
    read = read_subtitles(
        "My subtitles\n1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:xx --> 00:00:04,000\nLost\n\n"
        "3\n00:00:06,000 --> 00:00:05,000\nBackwards\n\n4\n00:00:07,000 --> 00:00:08,000\n\n"
        "5\n00:00:09,000 --> 00:00:10,000\nLast\n"
    )
    assert [cue.text for cue in read.cues] == ["One", "Last"]
    assert [(p.line, p.reason.split(":")[0]) for p in read.problems] == [
        (1, 'no times are given for "My subtitles"'),
        (7, "the times can't be read"),
        (11, "the end is not after the start"),
        (15, "there are no words"),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (b"WEBVTT\n\n", "holds no subtitle"),
        (b"Dear diary", 'line 1: no times are given for "Dear diary"'),
        (b"1\n00:00:05,000 --> 00:00:01,000\nx\n", "line 2: the end is not after the start"),
        (bytes(range(256)) * 40, "holds no subtitle"),
        (b"x" * 5_000_000, "too large"),
    ],
)
def test_what_holds_no_subtitle_is_refused_in_words(data, reason):
    with pytest.raises(MediaError, match=r"^captions\.srt: ") as caught:
        read_subtitles(data, "captions.srt")
    assert reason in str(caught.value)


SPOKEN = {
    "cp1252": "Où est la café crème ? Voilà, très bien. Ça va être une journée merveilleuse à l'été.",
    "cp1252 ": "Größe zählt. Über den Dächern von München. Schöne Grüße!",
    "cp1252  ": "¿Dónde está el café? Mañana será otro día. Corazón.",
    "cp1252   ": "Não há café. A oficina de cerâmica é muito boa. Coração e pão.",
    "cp1252    ": "It’s a “nice” café — isn’t it? Yes, it is.",
    "cp1250 ": "Příliš žluťoučký kůň úpěl ďábelské ódy. Vítejte v naší dílně.",
    "cp1250  ": "Üdvözöljük műhelyünkben. Minden csésze kézzel készült, és kétszer égetjük.",
    "cp1254": "Atölyemize hoş geldiniz. Her fincan el yapımıdır ve iki kez pişirilir. Güneş ışığı.",
    "cp1255": "ברוכים הבאים לסדנה שלנו. כל ספל עשוי בעבודת יד ונשרף פעמיים.",
    "cp874": "ยินดีต้อนรับสู่เวิร์กช็อปของเรา ถ้วยทุกใบทำด้วยมือและเผาสองครั้ง",
    "gb18030 ": "欢迎来到。谢谢大家",
    "euc_jp": "私たちの陶芸工房へようこそ。カップはすべて手作りです。",
    "cp1250": "Zażółć gęślą jaźń, proszę państwa. Dziękuję bardzo, to było świetne przedstawienie.",
    "cp1251": "Добро пожаловать в нашу мастерскую. Каждая чашка сделана вручную и обожжена дважды.",
    "koi8-r": "Добро пожаловать в нашу мастерскую. Каждая чашка сделана вручную и обожжена дважды.",
    "gb18030": "欢迎来到我们的陶艺工作室。每一只杯子都是手工制作的，经过两次烧制。今天全场五折。",
    "big5": "歡迎來到我們的陶藝工作室。每一隻杯子都是手工製作的，經過兩次燒製。今天全場五折。",
    "cp932": "私たちの陶芸工房へようこそ。カップはすべて手作りで、二度焼いています。",
    "cp949": "우리 도예 공방에 오신 것을 환영합니다. 모든 컵은 손으로 만들고 두 번 굽습니다.",
    "cp1253": "Καλώς ήρθατε στο εργαστήριό μας. Κάθε φλιτζάνι είναι φτιαγμένο στο χέρι.",
    "cp1256": "مرحبا بكم في ورشة الخزف. كل فنجان مصنوع يدويا ويحرق مرتين في الفرن.",
    "utf-16": "Größe zählt, 欢迎",
    "utf-16-le": "Größe zählt, und der Ton ist warm",
    "utf-16-be": "Größe zählt, und der Ton ist warm",
    "utf-32": "Größe zählt",
    "utf-8-sig": "Größe zählt",
    "utf-8": "Größe zählt 👍🏽",
}


@pytest.mark.parametrize("encoding", SPOKEN)
def test_encodings(encoding):
    """The blanks only tell languages of one encoding apart."""
    lines = SPOKEN[encoding].replace(". ", ".\n").replace("。", "。\n").split("\n")
    text = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{line}\n\n" for n, line in enumerate(lines, 1) if line)
    read = read_subtitles(text.encode(encoding.strip()))
    assert [cue.text for cue in read.cues] == [line for line in lines if line], read.encoding


def test_one_broken_byte_does_not_turn_utf_8_into_something_else():
    text = "".join(f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\nGröße {n}\n\n" for n in range(1, 50))
    data = text.encode()
    read = read_subtitles(data[:-5] + b"\xff" + data[-5:])
    assert read.cues[0].text == "Größe 1"
    assert len(read.cues) == 49


@given(st.text() | st.binary())
def test_anything_is_read_or_refused(data):
    try:
        read = read_subtitles(data)
    except MediaError:
        return
    assert read.cues
    assert all(cue.end_ms > cue.start_ms and cue.text for cue in read.cues)


pieces = st.sampled_from(
    ["1", "00:00:01,000 --> 00:00:02,000", "00:02.000 --> 00:01.000", "-->", "WEBVTT", "NOTE x", "<i>", "</b>", "a",
     "{\\an8}", "<v", "&amp;", "", "\n", "99:99:99,999 --> 00:00:00", "\x00", "<font color=", "00:00:01,500 --> 1:00:00"]
)  # fmt: skip


@given(st.lists(pieces, max_size=40).map("\n".join))
def test_damaged_files_keep_what_can_be_kept(text):
    try:
        read = read_subtitles(text)
    except MediaError:
        return
    count = text.count("\n") + 1
    assert all(1 <= problem.line <= count for problem in read.problems)
    flat = flattened(read.cues)
    for place in {cue.position for cue in flat}:
        same = [cue for cue in flat if cue.position == place]
        assert all(a.end_ms <= b.start_ms for a, b in itertools.pairwise(same))
    # What was read and written is read the same again.
    for write in (to_srt, to_vtt):
        again = read_subtitles(write(flat)).cues
        assert [(cue.start_ms, cue.end_ms) for cue in again] == [(cue.start_ms, cue.end_ms) for cue in flat]


def test_a_subtitle_file_is_told_from_other_text():
    assert looks_like_subtitles(SRT.encode("utf-16"))
    assert looks_like_subtitles(b"\xef\xbb\xbfWEBVTT\n")
    assert not looks_like_subtitles(b"# Captions\n\nFrom 1 to 2.")
