from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up

from screening.draft import Span
from screening.finding import (
    Basis,
    Category,
    Finding,
    LexiconEvidence,
    Route,
    Screening,
    Severity,
    Target,
    Verdict,
    Versions,
)
from screening.readers import read_draft
from screening.regulation import load_regulation
from screening.reports import render_file

SEEN = ("t", "tab", "br")


def screened(draft, words):
    """Flag each of ``words`` where it stands first in some field."""
    found = []
    for number, word in enumerate(words):
        field = next(name for name, text in draft.fields.items() if word in text)
        start = draft.fields[field].index(word)
        found.append(
            Finding(
                *("lexicon", f"SEC{number:03}", Category.SECRECY, Severity.BLOCK),
                Span(field, start, start + len(word)),
                *("出现密级标志。", "请删去。", (Basis(16),), LexiconEvidence(word, word)),
                id=f"{number:012}",
            )
        )
    route = Route(Target.DEPARTMENT, ("有须修改的",))
    return Screening(draft, Verdict.BLOCK, route, tuple(found), (), (), Versions("1", "x"))


def made(tmp_path, build):
    path = tmp_path / "稿.docx"
    document = docx.Document()
    build(document)
    document.save(str(path))
    return path


def anchors(data):
    """Return comment text → the words that it is anchored to, read from the XML alone."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        body = parse_xml(file.read("word/document.xml"))
        comments = parse_xml(file.read("word/comments.xml"))
    texts = {
        item.get(qn("w:id")): "\n".join(
            "".join(run.text or "" for run in paragraph.iter(qn("w:t")))
            for paragraph in item.iter(qn("w:p"))
        )
        for item in comments
    }
    said, open_ = dict.fromkeys(texts, ""), set()
    for node in body.iter():
        if node.tag == qn("w:commentRangeStart"):
            open_.add(node.get(qn("w:id")))
        elif node.tag == qn("w:commentRangeEnd"):
            open_.discard(node.get(qn("w:id")))
        elif node.tag == qn("w:t") or node.tag in (qn("w:tab"), qn("w:br")):
            for key in open_:
                said[key] += node.text or "" if node.tag == qn("w:t") else "\t"
    assert not open_
    return {texts[key]: words for key, words in said.items()}


def by_rule(data):
    found = anchors(data)
    return {
        match[1]: words
        for text, words in found.items()
        if not text.startswith("审查结论") and (match := re.search(r"规则：(\w+)", text))
    }


def runs(document):
    paragraph = document.add_paragraph("按照")
    for piece in ("绝", "密文", "件要求，"):
        paragraph.add_run(piece).bold = piece == "密文"
    paragraph.add_run("注意\t保管。")


def table(document):
    document.add_paragraph("下表为安排：")
    grid = document.add_table(rows=2, cols=2)
    grid.cell(1, 1).text = "内含绝密文件一份"


def insertion(document):
    paragraph = document.add_paragraph("原句在此，")
    paragraph._p.append(
        parse_xml(
            f'<w:ins {nsdecls("w")} w:id="9" w:author="李">'
            "<w:r><w:t>新添绝密文件</w:t></w:r></w:ins>"
        )
    )
    paragraph._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="8" w:author="李">'
            "<w:r><w:delText>删去</w:delText></w:r></w:del>"
        )
    )
    paragraph.add_run("之后。")


def twice(document):
    document.add_paragraph("  甲绝密文件乙")
    document.add_paragraph("丙")


def unreadable(document):
    paragraph = document.add_paragraph("前面")
    paragraph.add_run("看不见的字").font.size = docx.shared.Pt(1)
    paragraph.add_run("的绝密文件，")
    paragraph.add_run("白字").font.color.rgb = docx.shared.RGBColor(255, 255, 255)
    paragraph.add_run("收好。")


@pytest.mark.parametrize("build", [runs, table, insertion, twice, unreadable])
def test_comments_stand_at_the_flagged_words(tmp_path, build):
    path = made(tmp_path, build)
    draft = read_draft(path)
    data = render_file(
        "docx", [screened(draft, ["绝密文件", "密"])], load_regulation(), None, path.read_bytes()
    )
    (tmp_path / "回.docx").write_bytes(data)
    back = read_draft(tmp_path / "回.docx")

    assert by_rule(data) == {"SEC000": "绝密文件", "SEC001": "密"}
    assert {name: text for name, text in back.fields.items() if name != "properties"} == {
        name: text for name, text in draft.fields.items() if name != "properties"
    }
    assert back.digest == draft.digest


def test_what_cannot_be_commented_on_stands_in_the_first_comment(tmp_path):
    def build(document):
        document.add_paragraph("正文在此。")
        document.sections[0].header.paragraphs[0].text = "绝密文件"

    path = made(tmp_path, build)
    screening = screened(read_draft(path), ["绝密文件"])
    data = render_file("docx", [screening], load_regulation(), None, path.read_bytes())
    (text,) = anchors(data)

    assert text.startswith("审查结论：须修改后再送审")
    assert "页眉1“绝密文件”" in text
    assert "SEC000" in text


@given(st.text("甲乙丙绝密\t ", min_size=4, max_size=30), st.data())
def test_any_span_of_any_runs_is_anchored_exactly(text, data):
    document = docx.Document()
    paragraph = document.add_paragraph("首")
    for cut in range(0, len(text), 3):
        paragraph.add_run(text[cut : cut + 3])
    paragraph.add_run("尾")
    buffer = io.BytesIO()
    document.save(buffer)
    from screening.readers.docx import read
    from screening.readers.sources import Source

    draft = read(Source(buffer.getvalue(), ".docx", title="")).build("")
    body = draft.fields["body"]
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    finding = screened(draft, ["首"]).findings[0]
    from msgspec.structs import replace

    screening = replace(
        screened(draft, []), findings=(replace(finding, span=Span("body", start, end)),)
    )
    report = render_file("docx", [screening], load_regulation(), None, buffer.getvalue())

    assert by_rule(report) == {"SEC000": body[start:end]}


def test_a_draft_of_another_kind_becomes_a_word_file_and_is_the_same_every_time():
    screening = made_up()
    one, two = (render_file("docx", [screening], load_regulation()) for _ in range(2))
    expected = {
        "".join(
            char if char.isprintable() else "\ufffd" for char in screening.draft.text(item.span)
        )
        for item in screening.findings
        if item.span.field in ("title", "body") and item.span.start < item.span.end
    }

    assert one == two
    assert expected <= set(anchors(one).values())


def test_the_workbook_lists_every_finding_as_text_and_is_the_same_every_time():
    from python_calamine import load_workbook

    screening = made_up()
    one, two = (render_file("xlsx", [screening], load_regulation()) for _ in range(2))
    rows = load_workbook(io.BytesIO(one)).get_sheet_by_name("发现").to_python()

    assert one == two
    assert sorted(row[10] for row in rows[1:]) == sorted(x.rule for x in screening.findings)
    with zipfile.ZipFile(io.BytesIO(one)) as file:
        assert not any(b"<f>" in file.read(name) for name in file.namelist())
