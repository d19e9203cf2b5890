"""Plain text, Markdown and subtitles: blocks, labels and titles."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from screening.draft import Draft
from screening.errors import DraftError
from screening.readers import read_draft


def read(folder: Path, name: str, content: str | bytes, **kwargs: str) -> Draft:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_draft(path, **kwargs)  # type: ignore[arg-type]


def labelled(draft: Draft, field: str = "body") -> list[tuple[str, str]]:
    return [
        (block.locator.label, draft.fields[field][block.start : block.end])
        for block in draft.blocks
        if block.field == field
    ]


TEXTS = [
    pytest.param("标题\n\n一\n二\n", "标题", ["一", "二"], id="title"),
    pytest.param("\n\n标题\n\n一", "标题", ["一"], id="blank lines before the title"),
    pytest.param("一\n二\n\n三", "", ["一", "二", "三"], id="first line does not stand alone"),
    pytest.param("只有一行", "", ["只有一行"], id="one line"),
    pytest.param("只有一行\n\n", "", ["只有一行"], id="nothing follows"),
    pytest.param("长" * 101 + "\n\n一", "", ["长" * 101, "一"], id="too long for a title"),
    pytest.param("\u3000\u3000一 \n\t二", "", ["一", "二"], id="indentation"),
    pytest.param("一\r\n二\r三\u2028四\x85五\v六\f七", "", [*"一二三四五六七"], id="line ends"),
    pytest.param("a<b>&amp;\n一", "", ["a<b>&amp;", "一"], id="mark-up is text here"),
]


@pytest.mark.parametrize(("content", "title", "lines"), TEXTS)
def test_text(tmp_path: Path, content: str, title: str, lines: list[str]) -> None:
    draft = read(tmp_path, "a.txt", content)
    assert draft.format == "text"
    assert draft.title == title
    assert labelled(draft) == [(f"第{n}段", line) for n, line in enumerate(lines, start=1)]
    assert draft.fields["body"] == "\n".join(lines)


def test_text_remembers_encoding_and_lines(tmp_path: Path) -> None:
    draft = read(tmp_path, "a.txt", "标题\n\n正文一\n正文二".encode("gbk"))
    assert draft.encoding == "gb18030"
    assert [block.locator.path for block in draft.blocks] == ["line1", "line3", "line4"]


def test_given_title_keeps_the_first_line(tmp_path: Path) -> None:
    draft = read(tmp_path, "a.txt", "原标题\n\n正文", title="新标题")
    assert (draft.title, draft.fields["body"]) == ("新标题", "原标题\n正文")


def test_characters_lost_before_are_reported(tmp_path: Path) -> None:
    draft = read(tmp_path, "a.txt", "正文\ufffd\ufffd")
    assert [item.what for item in draft.unscreened] == ["2 个无法显示的字符（�）"]


STDIN = [
    pytest.param("标题\n\n正文".encode("gbk"), "text", "标题", id="text"),
    pytest.param(
        b"<!DOCTYPE html><h1>\xe6\xa0\x87\xe9\xa2\x98</h1><p>x", "html", "标题", id="html"
    ),
]


@pytest.mark.parametrize(("data", "kind", "title"), STDIN)
def test_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes, kind: str, title: str) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    draft = read_draft("-")
    assert (draft.format, draft.title, draft.path) == (kind, title, None)


MARKDOWN = [
    pytest.param("# 标题\n\n一\n\n二", "标题", ["一", "二"], id="heading"),
    pytest.param("引言\n\n## 标题\n\n一", "标题", ["引言", "一"], id="first heading wherever"),
    pytest.param("标题\n===\n\n一", "标题", ["一"], id="underlined heading"),
    pytest.param("赌**博**网`站`", "", ["赌博网站"], id="mark-up never splits a word"),
    pytest.param("一\n二", "", ["一", "二"], id="soft break"),
    pytest.param("- 甲\n- 乙\n", "", ["甲", "乙"], id="list"),
    pytest.param("|甲|乙|\n|-|-|\n|丙|丁|\n", "", [*"甲乙丙丁"], id="table"),
    pytest.param(">" * 40 + " 深处", "", ["深处"], id="nested quotes"),
    pytest.param("~~删~~留", "", ["删留"], id="strikethrough is visible"),
    pytest.param("```\nif x:\n    甲\n```", "", ["if x:", "甲"], id="code"),
    pytest.param("a &amp; b &lt;c>", "", ["a & b <c>"], id="entities"),
    pytest.param("甲<b>乙</b>丙<!-- 注 -->", "", ["甲乙丙"], id="html inside"),
]


@pytest.mark.parametrize(("content", "title", "lines"), MARKDOWN)
def test_markdown(tmp_path: Path, content: str, title: str, lines: list[str]) -> None:
    draft = read(tmp_path, "a.md", content)
    assert draft.format == "markdown"
    assert draft.title == title
    assert labelled(draft) == [(f"第{n}段", line) for n, line in enumerate(lines, start=1)]


def test_markdown_links_pictures_front_matter_and_hidden_text(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        "a.md",
        "---\ntitle: '前置标题'\nauthor: 某某\n---\n[官网](https://a.example) 见"
        '![合影](img/p.png)<span style="display:none">藏</span>\n',
    )
    assert draft.title == "前置标题"
    assert labelled(draft, "properties") == [
        ("文件头", "title: '前置标题'"),
        ("文件头", "author: 某某"),
    ]
    assert draft.fields["body"] == "官网 见"
    assert [(link.text, link.target) for link in draft.links] == [("官网", "https://a.example")]
    assert [(item.name, item.alt) for item in draft.media] == [("p.png", "合影")]
    assert [item.what for item in draft.unscreened] == ["图片“p.png”（第1段）"]
    assert draft.fields["hidden"] == "藏"


SRT = (
    "1\n00:00:01,500 --> 00:00:03,000\n<i>同学</i>们好\n第二行 a < b > c\n\n"
    "2\n01:02:03,000 --> 01:02:04,000\n再见\n"
)
ASS = (
    "[Script Info]\nTitle: 校歌\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\b1}同学{\\b0}们\\N好\n"
    "Dialogue: 0,0:00:02.00,0:00:03.00,Default,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}\n"
    "Comment: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,备注\n"
)
VTT = "WEBVTT\n\n00:05.000 --> 00:06.000\n<v 张某>甲 &amp; 乙</v>\n"
SUBTITLES = [
    pytest.param(
        "a.srt",
        SRT,
        [("00:00:01", "同学们好\n第二行 a < b > c"), ("01:02:03", "再见")],
        "",
        id="srt",
    ),
    pytest.param("a.ass", ASS, [("00:00:01", "同学们\n好")], "备注", id="ass"),
    pytest.param("a.vtt", VTT, [("00:00:05", "甲 & 乙")], "", id="vtt"),
]


@pytest.mark.parametrize(("name", "content", "blocks", "hidden"), SUBTITLES)
def test_subtitles(
    tmp_path: Path, name: str, content: str, blocks: list[tuple[str, str]], hidden: str
) -> None:
    draft = read(tmp_path, name, content)
    assert draft.format == "subtitles"
    assert labelled(draft) == blocks
    assert draft.fields.get("hidden", "") == hidden


@pytest.mark.parametrize("text", ["\u200b", " \u200b\n\ufeff ", "\u3000\n", "\u202e\u202c"])
def test_what_shows_nothing_is_empty(tmp_path, text):
    path = tmp_path / "空.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(DraftError, match="D007"):
        read_draft(path)


def test_what_is_no_plain_file_is_not_waited_for(tmp_path):
    pipe = tmp_path / "管道.txt"
    os.mkfifo(pipe)
    with pytest.raises(DraftError, match="D016"):
        read_draft(pipe)
