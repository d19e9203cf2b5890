"""The page of a batch in a browser: searched, filtered, sorted, to a post's report and back."""

import json
from datetime import datetime

import pytest
from browser import DESK, PHONE, faults, opened, texts
from click.testing import CliRunner

from screening.cli.main import cli

pytestmark = pytest.mark.xdist_group("browser")
ROWS = [
    ("图书馆读书分享会", "图书馆举办读书分享会，欢迎同学参加。", "图书馆", "2027-03-02 10:00"),
    ("<b>兼职</b>", "日结兼职刷单返利，加微信 lizi8800。", "学生处", "2027-03-01 10:00"),
    ("安排", "内部资料，请勿外传。网传明天停课，大家快转发。", "学生处", "2027-03-03 10:00"),
    ("丢了", "没有.docx", "学生处", "2027-03-04 10:00"),
]
TITLES = "#posts tbody td:nth-child(2)"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("batch")
    names = ("标题", "内容", "部门", "拟发布时间")
    lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in ROWS]
    (folder / "三月.jsonl").write_text("\n".join(lines), "utf-8")
    order = ["--home", folder / "home", "batch", folder / "三月.jsonl", "--output", folder / "out"]
    done = CliRunner().invoke(cli, [*map(str, order), "--workers", "1"])
    assert done.exit_code == 3, done.output
    return folder / "out" / "index.html"


@pytest.fixture
def page(browser, index):
    page = opened(browser, index)
    yield page
    assert page.said == []
    page.close()


def shown(page):
    return [text.split("\n")[0] for text in texts(page, TITLES)]


def test_search_and_filters_leave_what_fits(page):
    everything = [title for title, *_ in ROWS]
    assert shown(page) == everything
    page.fill("#words", "学生处 兼职")
    assert shown(page) == ["<b>兼职</b>"]
    assert page.text_content("#position") == "4 篇中的 1 篇"
    page.fill("#words", "没有这个词")
    assert shown(page) == []
    assert page.is_visible("#none")
    page.fill("#words", "")
    page.select_option("#verdict", "unread")
    assert shown(page) == ["丢了"]
    page.select_option("#verdict", "")
    page.select_option("#category", "未经证实")
    assert shown(page) == ["安排"]


def test_columns_sort_both_ways_and_say_so(page):
    heads = page.locator("#posts th")
    heads.filter(has_text="发布时间").locator("button").click()
    planned = [datetime.fromisoformat(text) for text in filter(None, texts(page, ".when"))]
    assert len(planned) == 3
    assert planned == sorted(planned)
    assert heads.nth(4).get_attribute("aria-sort") == "ascending"
    assert heads.nth(0).get_attribute("aria-sort") is None
    heads.filter(has_text="结论").locator("button").click()
    heads.filter(has_text="结论").locator("button").click()
    assert heads.nth(5).get_attribute("aria-sort") == "descending"
    assert shown(page)[0] == "丢了"
    assert shown(page)[-1] == "图书馆读书分享会"


def test_by_keyboard_alone_to_a_report_its_findings_and_back(page):
    page.keyboard.press("j")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.textContent") == "<b>兼职</b>"
    assert page.text_content("#position") == "第 2 篇，共 4 篇"
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts/00002.html")
    count = page.locator(".card").count()
    assert count >= 2
    for number in range(1, count + 1):
        page.keyboard.press("j")
        focused = page.evaluate("document.activeElement.getAttribute('aria-labelledby')")
        label = page.text_content(f"#{focused}")
        assert label.startswith(str(number))
        assert page.text_content("#position") == f"第 {number} 条，共 {count} 条"
    page.click("text=回到全部稿件")
    page.wait_for_url("**/index.html")


def test_letters_typed_in_the_search_stay_there(page):
    page.focus("#words")
    page.keyboard.type("jnkp")

    assert page.input_value("#words") == "jnkp"
    assert page.evaluate("document.activeElement.id") == "words"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_anybody_can_use_it(browser, index, width, scheme):
    page = opened(browser, index, width=width, scheme=scheme)

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()
