"""Masking: the length stays, the middle goes, wherever the number stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.draft import DraftBuilder, Link, Media, Span, Unscreened
from screening.text.masking import Masker, mask, secrets_of, shortened

MASKED = [
    ("11010519000101002X", "11010519********2X"),
    ("13800000000", "138******00"),
    ("138-0000-0000", "138-****-**00"),
    ("6222 0000 0000 0000", "6222 0000 **** **00"),
    ("E12345", "******"),
    ("zhangsan@example.com", "zh******@example.com"),
    ("ab@example.com", "a*@example.com"),
    ("138 0013\n8009", "138 ****\n**09"),
]


@pytest.mark.parametrize(("secret", "masked"), MASKED)
def test_masks(secret, masked):
    assert mask(secret) == masked


@given(st.text(max_size=40))
def test_length_stays_and_something_is_hidden(secret):
    masked = mask(secret)
    assert len(masked) == len(secret)
    if any(char.isalnum() for char in secret):
        assert masked != secret


def test_a_draft_is_masked_everywhere():
    number = "13800000000"
    builder = DraftBuilder("text", path=f"通讯录{number}.txt")
    builder.add("title", f"电话 {number}", "标题")
    builder.add("body", "电话 138-0000-0000，又是 13800000000", "第1段")
    builder.links.append(Link(number, f"tel:{number}"))
    builder.media.append(Media("picture", f"{number}.png", number))
    builder.unscreened.append(Unscreened(f"图片“{number}.png”", "没有审查"))
    draft = builder.build()
    masker = Masker.of(secrets_of(draft, [Span("body", 3, 16)]))
    safe = masker.draft(draft)
    assert number not in repr(safe)
    assert "138-0000-0000" not in repr(safe)
    assert safe.digest == draft.digest
    assert [len(text) for text in safe.fields.values()] == [len(t) for t in draft.fields.values()]


def test_a_row_of_a_list_is_masked_number_by_number():
    builder = DraftBuilder("text")
    builder.add("body", "李示例\n2023000001\n138 0000 0000，三班\n王示例", "表1")
    draft = builder.build()
    row = Span("body", 0, draft.characters)
    safe = Masker.of(secrets_of(draft, [row])).draft(draft)
    assert safe.fields["body"] == "李示例\n202*****01\n138 **** **00，三班\n王示例"


def test_a_number_in_words_is_masked_whole():
    builder = DraftBuilder("text")
    builder.add("body", "电话一三八零零零零零零零零", "第1段")
    draft = builder.build()
    safe = Masker.of(secrets_of(draft, [Span("body", 2, 13)])).draft(draft)
    assert safe.fields["body"] == "电话一三八******零零"


BROKEN = ["138 0000\n0000", "13八零零0000零零", "330000 200001\n01000x"]


@pytest.mark.parametrize("number", BROKEN)
def test_a_single_number_is_masked_whole_however_it_is_parted(number):
    builder = DraftBuilder("text")
    builder.add("body", f"电话{number}完", "第1段")
    draft = builder.build()
    safe = Masker.of(secrets_of(draft, [Span("body", 2, 2 + len(number))])).draft(draft)
    assert safe.fields["body"] == f"电话{mask(number)}完"


def test_white_space_does_not_hide_a_secret():
    assert Masker.of(["138 0000\n0000"]).text("电话138 0000 0000") == "电话138 **** **00"


SHORTENED = [
    ("短", "短"),
    ("一行\n又一行", "一行 又一行"),
    ("十一个字以上的这样一句话", "十一个字以上的这样…"),
    ("联系电话13800000000", "联系电话…"),
    ("电话一三八零零零零零零零零", "电话…"),
]


@pytest.mark.parametrize(("text", "expected"), SHORTENED)
def test_shortening_never_cuts_a_number(text, expected):
    assert shortened(text, 10) == expected


def test_values_of_evidence_are_masked_at_any_depth():
    masker = Masker.of(["13800000000"])
    value = {"contacts": ["13800000000"], "features": ({"text": "加13800000000"},), "score": 1.0}
    expected = {"contacts": ["138******00"], "features": ({"text": "加138******00"},), "score": 1.0}
    assert masker.value(value) == expected


def test_nothing_to_mask_changes_nothing():
    assert Masker.of([]).text("电话") == "电话"
