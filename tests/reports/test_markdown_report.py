"""The Markdown report: draft text stays text."""

from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from screening.regulation import load_regulation
from screening.reports import render
from screening.reports.markdown import escape
from screening.reports.safe import visible

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@given(st.text(st.characters(exclude_categories=["Cs", "Zs"]), max_size=40))
def test_escaped_text_is_shown_as_it_is(text):
    tree = HTMLParser(RENDERER.render(f"- 标签：{escape(text)}。"))

    assert not tree.css("a, em, strong, code, img, script, s")
    shown = tree.css_first("li").text()
    assert shown == f"标签：{visible(text)}。".replace("\n", " ")


def test_no_link_tag_or_heading_comes_from_the_draft():
    tree = HTMLParser(RENDERER.render(render("markdown", [made_up()], load_regulation())))

    assert not tree.css("a, em, code, img, script, table, b")
    assert [node.text() for node in tree.css("h1, h2")] == [
        "稿件审查报告",
        "关于做好2026级新生入学工作的通知",
    ]
