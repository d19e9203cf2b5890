"""Passages side by side: both sides whole, differences marked, hostile text harmless."""

from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up, reprint

from screening.regulation import load_regulation
from screening.reports import render
from screening.reports.comparison import _parts, compare


def test_what_differs_is_marked_on_both_sides():
    screening = reprint()
    comparison = compare(screening.findings[0], screening.draft)
    first, second = comparison.pairs

    assert [part.text for part in first.draft if part.differs] == ["五", "江底"]
    assert [part.text for part in first.work if part.differs] == ["三", "岩层"]
    assert not any(part.differs for part in (*second.draft, *second.work))
    assert (first.place, first.reason) == ("第1段", "")
    assert second.reason == "法律法规或公文，不受著作权法保护"
    assert comparison.facts == "江畔晚报 · 宋知微 · 2025-03-06"


def test_only_findings_with_a_work_are_compared():
    screening = made_up()
    assert {compare(finding, screening.draft) for finding in screening.findings} == {None}


def test_the_page_shows_text_as_text():
    page = render("html", [reprint()], load_regulation())
    assert "<b>" not in page.split("</style>")[1].replace("<b>1</b>", "")
    assert "<ins>五</ins>" in page
    assert "<del>三</del>" in page


@given(
    st.text(alphabet="桥江人去来，。", max_size=60), st.text(alphabet="桥江人去来，。", max_size=60)
)
def test_both_sides_stay_whole(mine, theirs):
    left, right = _parts(mine, theirs)
    assert "".join(part.text for part in left) == mine
    assert "".join(part.text for part in right) == theirs
    same = ["".join(part.text for part in side if not part.differs) for side in (left, right)]
    assert same[0] == same[1]
