"""Fingerprints: the guarantee, and what makes no difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.stages.reproduction.fingerprints import (
    GUARANTEE,
    HASH_BITS,
    fingerprint,
    fingerprint_many,
)
from screening.text.normalise import normalise

#: few characters, so that grams repeat; letters, separators, expansions, astral ones
ANY = st.text(st.sampled_from("甲乙丙丁国國A1，。 \n㎏…𠀀\u200b\ud800"), max_size=120)
LETTERS = st.text(st.sampled_from("甲乙丙丁戊己庚辛壬癸子丑寅卯"), max_size=80)
RUN = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    min_size=GUARANTEE,
    max_size=GUARANTEE + 20,
)


@given(RUN, LETTERS, LETTERS, LETTERS, LETTERS)
def test_texts_that_share_a_run_share_two_places(run, a, b, c, d):
    one, other = fingerprint(normalise(a + run + b)), fingerprint(normalise(c + run + d))
    inside = (one.positions >= len(a)) & (one.positions + 8 <= len(a) + len(run))
    here = dict(zip(one.positions[inside].tolist(), one.hashes[inside].tolist(), strict=True))
    there = dict(zip(other.positions.tolist(), other.hashes.tolist(), strict=True))
    shift = len(c) - len(a)
    assert sum(there.get(place + shift) == value for place, value in here.items()) >= 2


@given(ANY)
def test_positions_rise_and_stand_on_letters(text):
    normalised = normalise(text)
    prints = fingerprint(normalised)
    assert (np.diff(prints.positions) > 0).all()
    assert all(normalised.text[place] not in "，,。 \n." for place in prints.positions.tolist())
    assert len(prints.hashes) == len(prints.positions)
    assert ((prints.hashes > 0) & (prints.hashes < 1 << HASH_BITS)).all()


@given(st.lists(ANY, max_size=8))
def test_many_at_once_are_as_one_by_one(texts):
    batch = fingerprint_many(texts)
    assert (np.diff(batch.texts) >= 0).all()
    for number, text in enumerate(texts):
        one, mine = fingerprint(normalise(text)), batch.texts == number
        assert batch.hashes[mine].tolist() == one.hashes.tolist()
        assert batch.positions[mine].tolist() == one.positions.tolist()
    assert [len(content) for content in batch.contents] == [16] * len(texts)


PLAIN = "新闻网报道2026年3月15日山村小学的图书馆落成并迎来第一批读者他们来自ABC三个年级共计四十五人"


@pytest.mark.parametrize(
    "written",
    [
        "新聞網報道2026年3月15日山村小學的圖書館落成並迎來第一批讀者他們來自ABC三個年級共計四十五人",
        "新闻网报道２０２６年３月15日山村小学的图书馆落成并迎来第一批读者他们来自ａｂｃ三个年级"
        "共计四十五人",
        "新闻网报道：2026年3月15日，山村小学的图书馆落成！\n并迎来“第一批”读者？"
        "\n\n他们来自ABC三个年级；共计四十五人。",
        " ".join(PLAIN),
        PLAIN.replace("图书", "图\u200b书"),
    ],
)
def test_script_width_case_punctuation_and_spaces_make_no_difference(written):
    plain, other = fingerprint(normalise(PLAIN)), fingerprint(normalise(written))
    assert len(plain.hashes) >= 3
    assert plain.hashes.tolist() == other.hashes.tolist()
    assert fingerprint_many([PLAIN]).contents == fingerprint_many([written]).contents


@pytest.mark.parametrize("text", ["", "短", "，。！？" * 50, "一二三四五六七八九十"])
def test_what_is_too_short_has_none(text):
    assert len(fingerprint(normalise(text)).hashes) == 0


def test_one_character_over_and_over():
    prints = fingerprint(normalise("哈" * 100))
    assert len(set(prints.hashes.tolist())) == 1
