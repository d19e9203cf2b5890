from __future__ import annotations

import csv
from datetime import date

import pytest

from screening.batch.headings import find_headings
from screening.batch.post import Headings, Row
from screening.batch.schedule import read_schedule
from screening.batch.spool import Rows


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("标题", "title"),
        ("推文题目", "title"),
        ("拟发推文标题", "title"),
        ("活动主题", "title"),
        ("活动安排", None),
        ("文案内容", "text"),
        ("推送内容（全文）", "text"),
        ("内容类型", None),
        ("内容审核人", None),
        ("预计推送时间", "planned"),
        ("计划 发布 日期", "planned"),
        ("发布时间(年/月/日)", "planned"),
        ("截稿时间", None),
        ("提交日期", None),
        ("发布平台", "account"),
        ("投放渠道", "account"),
        ("微信公众号", "account"),
        ("平台链接", None),
        ("供稿单位", "department"),
        ("责任部门", "department"),
        ("审核部门", None),
        ("推文负责人", "editor"),
        ("责任编辑", "editor"),
        ("稿件附件", "file"),
        ("Publish Date", "planned"),
        ("备注说明", None),
        ("序号", "other"),
        ("审核人", "other"),
    ],
)
def test_headings_as_schools_write_them(heading, column):
    found = find_headings([[heading, "标题" if column == "text" else "正文"]])

    assert found is not None
    assert found.complete
    first = next((name for name, place in found.columns.items() if place == 0), None)
    assert first == column
    assert (heading in found.known) is (column is not None)
    assert (heading in found.unread) is (column is None)


def test_a_heading_that_is_whole_comes_before_one_that_is_put_together():
    found = find_headings([["推文主题", "标题", "内容", "正文"]])

    assert found is not None
    assert (found.columns["title"], found.columns["text"]) == (1, 2)
    assert found.unread == ("推文主题", "正文")


def test_a_sheet_without_headings_says_once_what_it_lacks(tmp_path):
    path = tmp_path / "表.csv"
    rows = [["十月安排"], ["序号", "推文名目", "要点", "发布时间"], ["1", "甲", "乙", "10月8日"]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    found = [item for item in read_schedule(path, date(2026, 9, 1)) if isinstance(item, Row)]

    assert [item.refusal.code for item in found] == ["B001", "B012", "B012"]
    told = found[0].refusal.message
    assert "认出的列：序号、发布时间" in told
    assert "没认出的：推文名目、要点" in told
    assert "headings.toml" in told
    assert "第1行" in found[2].refusal.message


def test_columns_that_nobody_reads_are_named(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("标题,正文,封面文案要求,序号\n甲,乙,丙,1\n", "utf-8")
    headings = next(
        item for item in read_schedule(path, date(2026, 9, 1)) if isinstance(item, Headings)
    )

    assert headings.unread == ("封面文案要求",)


def rows_of(tmp_path, *lines):
    path = tmp_path / "表.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    items = read_schedule(path, date(2026, 9, 1))
    return [item for item in items if isinstance(item, Row)]


def test_names_on_the_left_make_every_column_a_post(tmp_path):
    one, other = rows_of(
        tmp_path,
        ["十月推文"],
        ["标题", "迎新", "运动会"],
        ["正文", "新生到校。", "比赛开始了。"],
        ["", "欢迎你们。", ""],
        ["平台", "微信", "微博"],
        ["发布时间", "10月8日", "10月9日"],
        ["部门意见", "同意", ""],
    )
    assert (one.post.where, other.post.where) == ("表.csv B列", "表.csv C列")
    assert (one.post.title, one.post.text) == ("迎新", "新生到校。\n欢迎你们。")
    assert (other.post.text, other.post.account) == ("比赛开始了。", "微博")
    assert (other.post.number, other.post.planned.day) == (2, 9)


def test_names_and_values_in_turn_are_one_post(tmp_path):
    (only,) = rows_of(
        tmp_path,
        ["宣传审批表"],
        ["标题", "迎新", "平台", "微信"],
        ["部门", "学工部", "编辑", "李示例"],
        ["发布时间", "10月8日", "", ""],
        ["正文", "新生到校。", "", ""],
        ["", "欢迎你们。", "", ""],
    )
    post = only.post
    assert (post.title, post.account, post.department) == ("迎新", "微信", "学工部")
    assert (post.editor, post.text) == ("李示例", "新生到校。\n欢迎你们。")
    assert only.cells[:4] == ("迎新", "微信", "学工部", "李示例")


def test_a_schedule_whose_posts_speak_of_headings_is_no_form(tmp_path):
    found = rows_of(
        tmp_path, ["标题", "正文", "平台"], ["标题", "谈谈标题。", "微信"], ["正文", "谈正文。", ""]
    )
    assert [item.post.text for item in found] == ["谈谈标题。", "谈正文。"]


def test_columns_without_a_heading_are_named_by_their_place(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("标题,正文,,序\n甲,乙,,1\n丙,丁,另有一段话,2,多出的\n", "utf-8")
    rows = Rows()
    rows.fill(read_schedule(path, date(2026, 9, 1)))
    assert rows.unread == [("表.csv", ("C 列（没有列名）", "E 列（没有列名）"))]
    rows.close()
