"""Drafts: blocks are slices of their fields, and the digest follows the content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from screening.draft import FIELD_LABELS, Draft, DraftBuilder, Link, Media, Span

NAMES = st.sampled_from(sorted(FIELD_LABELS))
TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)


def build(blocks: list[tuple[str, str]], **more: list) -> Draft:
    builder = DraftBuilder("text", **more)
    for number, (name, text) in enumerate(blocks, 1):
        builder.add(name, text, f"第{number}段")
    return builder.build()


@given(st.lists(st.tuples(NAMES, TEXTS), max_size=12))
def test_blocks_are_slices_in_order(blocks):
    draft = build(blocks)
    expected = [(name, text) for name, text in blocks if text]
    assert [(b.field, draft.fields[b.field][b.start : b.end]) for b in draft.blocks] == expected
    for name in {name for name, _ in expected}:
        assert draft.fields[name] == "\n".join(text for other, text in expected if other == name)
    assert {"title", "body"} <= set(draft.fields)


def test_locations():
    draft = build([("title", "标题"), ("body", "第一"), ("body", "第二")])
    assert draft.locate(Span("body", 0, 1)) == "第2段"
    assert draft.locate(Span("body", 3, 5)) == "第3段"
    assert draft.locate(Span("links", 0, 1)) == "链接地址"


def test_a_title_can_be_given():
    builder = DraftBuilder("text")
    builder.add("title", "旧", "标题")
    builder.add("body", "正文", "第1段")
    assert builder.build("新").fields == {"title": "新", "body": "正文"}
    assert builder.build().title == "旧"


BASE = {
    "links": [Link("这里", "https://example.com/a")],
    "media": [Media("picture", "a.png", "图", "d1")],
}


@pytest.mark.parametrize(
    "other",
    [
        build([("title", "甲"), ("body", "乙丙")], **BASE),
        build([("title", "甲"), ("body", "乙")], links=[], media=BASE["media"]),
        build([("title", "甲"), ("body", "乙")], links=BASE["links"], media=[]),
        build(
            [("title", "甲"), ("body", "乙")],
            links=[Link("这里", "https://example.com/b")],
            media=BASE["media"],
        ),
        build(
            [("title", "甲"), ("body", "乙")],
            links=BASE["links"],
            media=[Media("picture", "a.png", "图", "d2")],
        ),
        build([("title", "甲乙")], **BASE),
        build([("title", "甲"), ("body", "\n乙")], **BASE),
    ],
)
def test_any_change_of_content_changes_the_digest(other):
    base = build([("title", "甲"), ("body", "乙")], **BASE)
    assert base.digest != other.digest


def test_properties_and_path_do_not_change_the_digest():
    base = build([("title", "甲"), ("body", "乙")])
    other = build([("title", "甲"), ("body", "乙"), ("properties", "作者甲")])
    assert base.digest == other.digest == replace(base, path="b.txt").digest
    assert base.digest.startswith("sha256:")


def test_lone_surrogates_have_a_digest():
    assert build([("body", "\ud800")]).digest != build([("body", "\ud801")]).digest
