"""What changed between two revisions, in the text and in what was found."""

from __future__ import annotations

import pytest
from college import found
from hypothesis import given
from hypothesis import strategies as st
from made_up import small
from msgspec.structs import replace

from screening.draft import DraftBuilder, Link, Media
from screening.tickets.changes import EditKind, changes


def screening(*paragraphs, title="标题", links=(), media=()):
    builder = DraftBuilder("text", links=list(links), media=list(media))
    for number, text in enumerate(paragraphs, 1):
        builder.add("body", text, f"第{number}段")
    return replace(small(), draft=builder.build(title))


@pytest.mark.parametrize(
    ("after", "kind", "where", "old", "new"),
    [
        (screening("甲", "乙2", "丙"), EditKind.CHANGED, "第2段", "乙", "乙2"),
        (screening("甲", "丙"), EditKind.REMOVED, "第2段", "乙", ""),
        (screening("甲", "乙", "丙", "丁"), EditKind.ADDED, "第4段", "", "丁"),
        (screening("甲", "乙", "丙", title="新标题"), EditKind.CHANGED, "标题", "标题", "新标题"),
        (
            screening("甲", "乙", "丙", links=[Link("看", "https://a.example")]),
            EditKind.ADDED, "链接", "", "看 → https://a.example",
        ),
        (
            screening("甲", "乙", "丙", media=[Media("图片", "a.png", digest="sha256:1")]),
            EditKind.ADDED, "图片", "", "a.png sha256:1",
        ),
    ],
)  # fmt: skip
def test_one_edit(after, kind, where, old, new):
    told = changes(screening("甲", "乙", "丙"), after)
    (edit,) = told.edits
    assert (edit.kind, edit.where, edit.before, edit.after) == (kind, where, old, new)
    assert not told.hidden


def test_what_differs_within_a_paragraph():
    (edit,) = changes(screening("定于3月5日在礼堂举行"), screening("定于3月6日在礼堂举行")).edits
    assert edit.before[edit.start : len(edit.before) - edit.end] == "5"
    assert edit.after[edit.start : len(edit.after) - edit.end] == "6"


def test_a_masked_number_that_changed_is_told():
    before = small("号码138****5678。")
    after = replace(before, draft=replace(before.draft, digest="sha256:other"))
    told = changes(before, after)
    assert (told.edits, told.hidden) == ((), True)
    assert not changes(before, before).hidden


def test_findings_that_went_and_came():
    told = changes(found(rule="A"), found(rule="B"))
    assert [item.rule for item in told.gone] == ["A"]
    assert [item.rule for item in told.new] == ["B"]


@given(st.lists(st.text("甲乙丙ab", max_size=6)), st.lists(st.text("甲乙丙ab", max_size=6)))
def test_the_edits_lead_from_one_text_to_the_other(old, new):
    told = changes(screening(*old), screening(*new))
    edits = [edit for edit in told.edits if edit.where != "标题"]
    gone = [edit.before for edit in edits if edit.kind is not EditKind.ADDED]
    came = [edit.after for edit in edits if edit.kind is not EditKind.REMOVED]
    rest = [text for text in old if text]
    for text in gone:
        rest.remove(text)
    assert sorted([*rest, *came]) == sorted(text for text in new if text)
    for edit in edits:
        if edit.kind is EditKind.CHANGED:
            assert edit.before[: edit.start] == edit.after[: edit.start]
            assert edit.end <= min(len(edit.before), len(edit.after)) - edit.start
