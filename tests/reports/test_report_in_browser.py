"""The report page in a browser: filtered, ordered, walked by keyboard, without faults of access."""

import pytest
from browser import DESK, PHONE, faults, opened, texts
from made_up import HOSTILE, made_up, reprint

from screening.regulation import load_regulation
from screening.reports import render
from screening.reports.pages import render_page
from screening.reports.safe import visible

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    report = render("html", [made_up(), reprint()], load_regulation())
    (folder / "report.html").write_text(report, "utf-8")
    facts = [("标题", "新桥通车"), ("摘要", "sha256:" + "ab" * 32)]
    permit = render_page("permit", number="2026-0001", facts=facts, key="k", signature="s" * 88)
    (folder / "permit.html").write_text(permit, "utf-8")
    return folder


@pytest.fixture
def page(browser, pages):
    page = opened(browser, pages / "report.html")
    yield page
    assert page.said == []
    page.close()


def said(page):
    return page.text_content("#position")


def now(page):
    return page.evaluate("document.activeElement.id")


def marked(page):
    """Return the words in the draft's text that are pointed out, where they can be seen."""
    return page.evaluate(
        """[...document.querySelectorAll('.text mark.now')].filter((mark) => {
             const box = mark.getBoundingClientRect();
             return box.bottom > 0 && box.top < innerHeight;
           }).map((mark) => mark.textContent).join('')"""
    )


def test_keys_walk_the_findings_and_show_their_words(page):
    findings = made_up().ordered
    for number, key in enumerate("jnjn", 1):
        page.keyboard.press(key)
        assert now(page) == f"d1f{number}"
        assert said(page) == f"第 {number} 条，共 13 条"
    page.keyboard.press("k")
    page.keyboard.press("p")
    assert now(page) == "d1f2"

    words = made_up().draft.text(findings[1].span)
    assert marked(page) == visible(words)
    box = page.locator("#d1f2").bounding_box()
    assert 0 < box["y"] < 900


def test_the_ends_are_told(page):
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert said(page) == "第 1 条，共 13 条，前面没有了"
    for _ in range(14):
        page.keyboard.press("j")
    assert (now(page), said(page)) == ("d2f1", "第 13 条，共 13 条，后面没有了")


def test_keys_rest_while_somebody_chooses_and_when_they_are_turned_off(page):
    page.focus("#category")
    page.keyboard.press("j")
    assert now(page) == "category"
    page.uncheck("#keys")
    page.keyboard.press("j")
    assert now(page) == "keys"
    page.click("#next")
    assert now(page) == "d1f1"
    page.keyboard.press("Control+j")
    assert now(page) == "d1f1"


def test_severities_and_categories_filter_findings_marks_and_numbers(page):
    page.uncheck("input[value=block]")
    page.uncheck("input[value=notice]")
    shown = [f for f in made_up().ordered if f.severity.value in ("escalate", "review")]
    assert said(page) == "13 条中的 9 条"
    assert texts(page, ".tag") == [f.severity.label for f in (*shown, *reprint().findings)]
    assert "机密" in texts(page, ".text mark.review")  # still within another finding's words
    assert "11010519********2X" in texts(page, ".text mark.off")
    assert "1" not in texts(page, "#d1 .ref")
    page.select_option("#category", "reproduction")
    assert said(page) == "13 条中的 1 条"
    assert page.is_visible(".comparison")
    page.keyboard.press("j")
    assert now(page) == "d2f1"
    page.select_option("#category", "rumor")
    assert not page.is_visible(".comparison")


def test_findings_can_stand_as_in_the_draft(page):
    page.select_option("#order", "place")
    reading = sorted(range(12), key=lambda index: made_up().ordered[index].position)
    numbers = [page.text_content(f"#d1f{n + 1} .number") for n in reading]

    assert texts(page, ".findings .number") == [*numbers, "1"]
    page.keyboard.press("j")
    assert now(page) == f"d1f{reading[0] + 1}"


def test_words_lead_to_their_finding_and_back(page):
    page.click(".text mark >> text=机密")
    assert now(page) == "d1f1"
    page.click("#d1f1 .back a")
    assert page.evaluate("location.hash") == "#d1m1"


def test_a_work_stands_beside_the_draft_with_what_differs(page):
    left, right = page.locator(".comparison .pair").nth(1).locator("p").all()
    one, other = left.bounding_box(), right.bounding_box()

    assert texts(page, ".comparison ins") == ["五", "江底"]
    assert texts(page, ".comparison del") == ["三", "岩层"]
    assert one["y"] == other["y"]
    assert one["x"] + one["width"] <= other["x"]


def test_hostile_text_does_nothing(page):
    assert visible(HOSTILE) in page.text_content("main")
    assert page.evaluate("document.scripts.length") == 1


def test_paper_shows_everything_but_the_tools(page):
    page.uncheck("input[value=block]")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert not page.is_visible(".tools")
    assert len(texts(page, ".card")) == 13


def test_without_script_everything_stands(browser, pages):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / "report.html").as_uri())

    assert page.locator(".card").count() == 13
    assert not page.is_visible(".tools")
    context.close()


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        *(("report", width, scheme) for width in (DESK, PHONE) for scheme in ("light", "dark")),
        ("permit", DESK, "light"),
        ("permit", PHONE, "dark"),
    ],
)
def test_anybody_can_use_it(browser, pages, name, width, scheme):
    page = opened(browser, pages / f"{name}.html", width=width, scheme=scheme)
    page.keyboard.press("j")

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")
    page.close()
