"""The report for a terminal keeps within 80 columns and lets no draft steer the terminal."""

import re

from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up, small
from rich.cells import cell_len

from screening.draft import Unscreened
from screening.finding import Failure, Severity, Verdict
from screening.regulation import load_regulation
from screening.reports import render
from screening.reports.columns import clip, wrap
from screening.reports.content import Options, Unread

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def lines(*screenings, **options):
    return render("text", screenings, load_regulation(), Options(**options)).splitlines()


def test_no_line_is_wider_than_80_columns():
    unread = (Unread("很长的路径/" * 20, "D002", "…"),)
    report = lines(made_up(), small("x" * 300, Severity.REVIEW), unread=unread)

    assert max(map(cell_len, report)) <= 80


@given(texts)
def test_no_draft_makes_a_line_too_wide_or_steers_the_terminal(text):
    report = lines(small(text or "空", Severity.BLOCK, verdict=Verdict.BLOCK))

    assert max(map(cell_len, report)) <= 80
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "".join(report))


def test_hits_stand_in_their_sentence_most_severe_first():
    report = "\n".join(lines(made_up()))

    assert "【11010519********2X】" in report
    assert "据网传消息，隔壁学校已有【多名学生因食物中毒住院】，真假不明。" in report
    order = [report.index(words) for words in ("SEC001", "MAJ004", "RUM001", "WOR020")]
    assert order == sorted(order)
    assert report.splitlines()[-1] == "共 12 处：须修改 2 · 报宣传部 2 · 须核对 6 · 提示 2"


def test_what_was_not_screened_is_said():
    screening = small(
        verdict=Verdict.REVIEW,
        unscreened=(Unscreened("图片“a.png”", "图里的文字没有审查"),),
        failures=(Failure("lexicon", "ValueError"),),
    )
    report = lines(screening)

    assert "结论  须人工核对：有内容没有审查到，须由人查看。" in report
    assert "未审  图片“a.png”：图里的文字没有审查" in report
    assert "      词库审查：没有完成：ValueError" in report or (
        "未审  词库审查：没有完成：ValueError" in report
    )


def test_colour_only_where_asked_for():
    assert "\x1b" not in "".join(lines(made_up()))
    assert "\x1b[1;31m【机密】\x1b[0m" in "\n".join(lines(made_up(), colour=True))


@given(texts, st.integers(40, 90))
def test_wrapping_loses_nothing_and_keeps_the_width(text, columns):
    broken = wrap(text, columns)

    assert max(map(cell_len, broken)) <= columns
    assert re.sub(r"\s", "", "".join(broken)) == re.sub(r"\s", "", text)


def test_no_line_begins_with_closing_punctuation():
    broken = wrap("认真组织落实，" * 40, 60)

    assert not any(line.startswith("，") for line in broken)


def test_clipping_leaves_a_sign():
    assert clip("通知", 10) == "通知"
    assert clip("关于做好新生入学工作的通知", 10) == "关于做好…"
