"""The HTML report: whole, linked both ways, and harmless whatever the draft says."""

import base64
import hashlib
import re
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st
from made_up import HOSTILE, made_up, small
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from screening.draft import Span
from screening.finding import Severity
from screening.regulation import load_regulation
from screening.reports import render
from screening.reports.marks import lines
from screening.reports.pages import TEMPLATES
from screening.reports.safe import visible

SCRIPTS = ("base.js", "report.js")


def page(*screenings):
    return HTMLParser(render("html", screenings, load_regulation()))


def test_the_draft_text_is_there_block_by_block():
    draft = made_up().draft
    shown = []
    for node in page(made_up()).css(".text .words"):
        for reference in node.css("sup"):
            reference.decompose()
        shown.append(node.text())

    assert shown == [visible(draft.text(Span(b.field, b.start, b.end))) for b in draft.blocks]


def test_marks_and_reasons_link_both_ways():
    tree = page(made_up(), made_up())
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    targets = [node.attributes["href"].removeprefix("#") for node in tree.css("a[href]")]

    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)
    numbers = range(1, 13)
    assert {f"d{draft}{kind}{n}" for draft in (1, 2) for kind in "fm" for n in numbers} <= set(
        targets
    )


def digest(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_nothing_comes_from_outside_and_only_our_script_runs():
    report = render("html", [made_up()], load_regulation())
    tree = HTMLParser(report)
    (script,) = re.findall("<script>(.*?)</script>", report, re.DOTALL)
    (style,) = re.findall("<style>(.*?)</style>", report, re.DOTALL)

    assert HOSTILE not in report
    assert script == "\n".join((TEMPLATES / name).read_text("utf-8") for name in SCRIPTS)
    assert not tree.css("iframe, object, embed, link, img, base, form[action]")
    names = {name for node in tree.css("*") for name in node.attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "style")}
    assert all(urlsplit(node.attributes["href"]).path == "" for node in tree.css("[href]"))
    assert "url(" not in report
    assert "@import" not in report
    policy = tree.css_first("meta[http-equiv]").attributes["content"]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest(style)}'; "
        f"script-src 'sha256-{digest(script)}'; base-uri 'none'; form-action 'none'"
    )


@given(st.text(st.characters(), min_size=1, max_size=60))
def test_any_text_is_shown_as_text(text):
    tree = page(small(text, Severity.REVIEW))
    mark = tree.css_first(".text mark")

    assert not tree.css("body > :not(script) script, img, iframe")
    expected = re.sub(r"\r\n?", "\n", visible(text)).replace("\x00", "\ufffd")
    assert mark.text() == expected


ranges = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


@given(ranges)
def test_pieces_cover_the_text_and_know_their_findings(bounds):
    from msgspec.structs import replace

    from screening.draft import DraftBuilder

    builder = DraftBuilder("text")
    for number, text in enumerate(
        ("一二三四五六七八九十", "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳"), 1
    ):
        builder.add("body", text, f"第{number}段")
    draft = builder.build()
    size = len(draft.fields["body"])
    template = made_up().findings[0]
    spans = [Span("body", *sorted((min(a, size), min(b, size)))) for a, b in bounds]
    findings = [replace(template, span=span) for span in spans]
    shown = lines(draft, "body", findings)

    assert "\n".join("".join(p.text for p in line.pieces) for line in shown) == draft.fields["body"]
    pieces = [piece for line in shown for piece in line.pieces]
    for number, span in enumerate(spans, 1):
        covered = "".join(piece.text for piece in pieces if number in piece.numbers)
        if span.start < span.end:
            assert covered == draft.text(span).replace("\n", "")
        opened = [number in piece.opens for piece in pieces]
        closed = [number in piece.closes for piece in pieces]
        assert sum(opened) == sum(closed) == bool(covered)


def test_an_empty_span_points_at_its_place():
    from msgspec.structs import replace

    draft = small("标题下没有署名").draft
    nothing = replace(made_up().findings[0], span=Span("body", 2, 2))
    (line,) = lines(draft, "body", [nothing])

    assert [piece.text for piece in line.pieces if piece.numbers] == ["下"]


def test_words_have_the_colour_of_the_narrowest_finding_and_none_where_all_is_flagged():
    from msgspec.structs import replace

    whole = small("名额有限，网传明天停课。", Severity.BLOCK)
    (all_of_it,) = whole.findings
    part = replace(all_of_it, span=Span("body", 5, 11), severity=Severity.REVIEW, id="2")
    marks = page(replace(whole, findings=(all_of_it, part))).css(".text mark")

    assert [(mark.text(), mark.attributes["class"]) for mark in marks] == [
        ("名额有限，", "block wide"),
        ("网传明天停课", "review"),
        ("。", "block wide"),
    ]
    assert marks[1].attributes["data-of"] == "d1f2 d1f1"
