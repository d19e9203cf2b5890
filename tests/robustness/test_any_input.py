"""Whatever comes in: a coded error or a screening, never anything else.

``SCREENING_EXAMPLES`` raises the number of examples; 10,000 of each were run before release.
"""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import Screener, read_draft
from screening.document import envelope, to_document
from screening.errors import DraftError
from screening.finding import Screening
from screening.regulation import load_regulation
from screening.reports import REPORTS, render

EXAMPLES = int(os.environ.get("SCREENING_EXAMPLES", "150"))
REGULATION = load_regulation()
ODD = [
    "\x00",
    "\ud800",
    "😀",
    "\u200b",
    "\u202e",
    "\r\n",
    "\x1b[31m",
    "<script>",
    "=1+1",
    "{{7*7}}",
]
WORDS = ["机密★10年", "网传", "停课", "刷单", "13800000000", "110101200001010010", "。", "《", "》"]
TEXTS = st.lists(
    st.sampled_from(ODD + WORDS) | st.text(st.characters(exclude_categories=()), max_size=20),
    max_size=40,
).map("".join)


@pytest.fixture(scope="session")
def screener(tmp_path_factory):
    return Screener.from_home(tmp_path_factory.mktemp("home"))


def whole(screener, path):
    """Read, screen and report one file; every finding must be where it says it is."""
    try:
        draft = read_draft(path)
    except DraftError as error:
        assert error.code in str(error)
        return None
    screening = screener.screen(draft)
    assert isinstance(screening, Screening)
    assert not screening.failures
    document = to_document(screening, text=True)
    for finding in document["findings"]:
        field = document["fields"][finding["field"]]
        assert field[finding["start"] : finding["end"]] == finding["text"]
    for name in REPORTS:
        assert render(name, [screening], REGULATION)
    assert envelope([document])["schema"] == "screening/1"
    return screening


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=TEXTS, encoding=st.sampled_from(["utf-8", "gb18030", "utf-16", "big5"]))
def test_any_text(screener, tmp_path_factory, text, encoding):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(text.encode(encoding, "ignore"))
    whole(screener, path)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    data=st.binary(max_size=400), suffix=st.sampled_from([".txt", ".html", ".md", ".docx", ".srt"])
)
def test_any_bytes(screener, tmp_path_factory, data, suffix):
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    whole(screener, path)


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=TEXTS)
def test_any_page(screener, tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.html"
    path.write_text(f"<h1>{text[:9]}</h1><p>{text}<p hidden>{text}", "utf-8", "ignore")
    whole(screener, path)


@pytest.mark.parametrize("char", ["机", "1", " ", "\u200b", "《", "-", "a"])
def test_a_megabyte_of_one_character(screener, tmp_path, char):
    path = tmp_path / "long.txt"
    path.write_text(char * (1 << 20), "utf-8")
    whole(screener, path)
