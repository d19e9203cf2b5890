"""Normalisation: what becomes of each kind of character, and that every position maps back."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from screening import resources
from screening.text.normalise import fold, normalise, squeeze, squeezed_key

FOLDED = [
    ("ＡＢＣ１２３", "abc123", "width"),
    ("（）：，", "():,", "punctuation width"),
    ("VPN", "vpn", "case"),
    ("國家機密", "国家机密", "traditional"),
    ("①②③⑩", "12310", "circled digits"),
    ("❶➀⓫", "1111", "negative and sans-serif circled digits"),
    ("⑴⒉㈠", "12一", "parenthesised, full stop"),
    ("🅰🄱Ⓒⓓ🅓", "abcdd", "circled and squared letters"),
    ("𝐕𝑷𝒩", "vpn", "mathematical letters"),
    ("ᴠᴘɴ", "vpn", "small capitals"),
    ("🇻🇵🇳", "vpn", "regional indicators"),
    ("㊙", "秘", "circled ideograph"),
    ("jī mì", "ji mi", "tone marks"),
    ("㎏", "kg", "square units"),
    ("机\u200b密", "机密", "zero-width space"),
    ("机\u00ad密", "机密", "soft hyphen"),
    ("机\u202e密", "机密", "bidi override"),
    ("机\ufe0f密", "机密", "variation selector"),
    ("机\u0336密", "机密", "combining stroke"),
    ("机\x00密", "机密", "null"),
    ("a\u3000b\u00a0c\td", "a b c d", "spaces"),
    ("a\rb\u2028c\x85d", "a\nb\nc\nd", "line ends"),
    ("⼈⽇", "人日", "radicals"),
    ("1️⃣", "1", "keycap"),
    ("\ud800x", "\ud800x", "lone surrogate"),
    ("著作、乾坤、瞭望", "著作、干坤、瞭望", "one character at a time"),
]


@pytest.mark.parametrize(
    ("text", "expected"), [row[:2] for row in FOLDED], ids=[r[2] for r in FOLDED]
)
def test_folds(text, expected):
    assert fold(text) == expected


def test_positions_survive_removal_and_expansion():
    normalised = normalise("共\u200b㎏机ＭＩ")
    assert normalised.text == "共kg机mi"
    assert normalised.offsets.tolist() == [0, 2, 2, 3, 4, 5]
    assert normalised.span(1, 3) == (2, 3)
    assert normalised.span(0, 4) == (0, 4)


def test_squeezing_leaves_sentence_ends():
    squeezed = squeeze(normalise("机-密 ★文\n件。完"))
    assert squeezed.text == "机密文件。完"
    assert squeezed.positions.tolist() == [0, 2, 5, 7, 8, 9]


@pytest.mark.parametrize("term", ["机密★10年", "机 密 10 年", "機密 １０年"])
def test_terms_and_texts_meet_in_one_key(term):
    assert squeezed_key(term) == "机密10年"


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


@given(ANY_TEXT)
@example("")
@example("\u200b")
@example("½⑩\ud83d")
def test_every_position_maps_back(text):
    normalised = normalise(text)
    assert normalised.original == text
    assert len(normalised.text) == len(normalised.offsets) == len(normalised.separators)
    offsets = normalised.offsets.tolist()
    assert offsets == sorted(offsets)
    for position, offset in enumerate(offsets):
        assert normalised.text[position] in fold(text[offset])
        assert normalised.span(position, position + 1) == (offset, offset + 1)


@given(ANY_TEXT)
def test_folding_is_character_by_character_and_settles(text):
    assert fold(text) == "".join(map(fold, text))
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_squeezed_text_is_a_subsequence(text):
    normalised = normalise(text)
    squeezed = squeeze(normalised)
    picked = [normalised.text[position] for position in squeezed.positions.tolist()]
    assert "".join(picked) == squeezed.text


def test_text_data_is_what_the_tool_makes(tmp_path):
    """The shipped table and dictionary are those of the installed OpenCC, Unicode and jieba."""
    tool = resources.folder("data").parent / "tools" / "build_text_data.py"
    subprocess.run([sys.executable, tool, tmp_path], check=True, capture_output=True)
    shipped = resources.folder("data") / "text"
    for name in ("folding.txt", "spellings.txt", "words.marisa"):
        assert (tmp_path / name).read_bytes() == (shipped / name).read_bytes(), name
