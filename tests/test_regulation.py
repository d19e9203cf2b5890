"""The regulation's articles, and what may be cited."""

import pytest

from screening.errors import RulesError
from screening.finding import Basis
from screening.regulation import load_regulation

REGULATION = load_regulation()


def test_every_article_and_item_is_there():
    articles = {basis.article for basis in REGULATION.summaries}
    items = {basis.item for basis in REGULATION.summaries if basis.article == 22}
    assert articles == set(range(1, 27))
    assert items == {None, 1, 2, 3, 4, 5, 6, 7}
    assert REGULATION.number == "温职院党〔2021〕53号"
    assert all(summary for summary in REGULATION.summaries.values())


def test_citations():
    assert REGULATION.basis("22.6", "ADV001") == Basis(22, 6)
    assert REGULATION.describe(Basis(22, 6)) == "第22条第6项：与学校无关的商业广告"
    assert REGULATION.basis(" 16 ", "SEC001").label == "第16条"


@pytest.mark.parametrize("citation", ["27", "0", "22.8", "16.1", "", "第16条", "22.6.1"])
def test_what_does_not_exist_is_refused(citation):
    with pytest.raises(RulesError, match=r"L004.*ADV001"):
        REGULATION.basis(citation, "ADV001")


def test_a_broken_table_is_refused(tmp_path):
    path = tmp_path / "regulation.toml"
    path.write_text('title = "x"\nnumber = "y"\n[[article]]\nnumber = 1\n', "utf-8")
    with pytest.raises(RulesError, match="L007"):
        load_regulation(path)
