from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime

import pytest
import xlsxwriter

from screening.batch.post import Headings, Row
from screening.batch.schedule import read_schedule
from screening.errors import DraftError, UsageError

TODAY = date(2026, 9, 20)
HEAD = ["序号", "稿件标题", "推文内容（全文）", "发布平台", "责任部门", "拟发布时间", "责任编辑"]
ROWS = [
    ["1", "迎新报到指南", "新生请于九月到校。", "校微信", "学工部", "10月8日", "李示例"],
    ["2", "运动会开幕", "比赛开始了。", "校微博", "体育部", "2026.10.9 下午3点", "王示例"],
]


def read(path):
    items = list(read_schedule(path, TODAY))
    return [item for item in items if isinstance(item, Row)]


def table(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_in_every_encoding(tmp_path, encoding):
    path = tmp_path / "排期.csv"
    path.write_bytes(table([["十月排期表"], HEAD, *ROWS]).encode(encoding))
    first, second = read(path)

    assert (first.row, first.post.title, first.post.text) == (3, ROWS[0][1], ROWS[0][2])
    assert (first.post.account, first.post.department, first.post.editor) == (
        "校微信",
        "学工部",
        "李示例",
    )
    assert (first.post.planned, first.post.timed) == (datetime(2026, 10, 8), False)
    assert (second.post.planned, second.post.timed) == (datetime(2026, 10, 9, 15), True)
    assert second.cells == tuple(ROWS[1])


def test_workbook_with_hidden_and_merged_parts(tmp_path):
    path = tmp_path / "排期.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("第一周")
        sheet.merge_range(0, 0, 0, 6, "十月宣传排期")
        sheet.write_row(2, 0, HEAD)
        sheet.write_row(3, 0, ROWS[0])
        sheet.write_row(4, 0, ["2", "藏起来的", "隐藏行的正文。"])
        sheet.merge_range(3, 4, 4, 4, "学工部")
        sheet.write_datetime(4, 5, datetime(2026, 10, 9), book.add_format({"num_format": "m/d"}))
        sheet.set_row(4, None, None, {"hidden": True})
        other = book.add_worksheet("备用")
        other.write_row(0, 0, ["题目", "文案"])
        other.write_row(1, 0, ["备用稿", "备用正文。"])
        other.hide()
        book.add_worksheet("空白")
    shown, hidden, spare = read(path)

    assert (shown.sheet, shown.row, shown.remarks) == ("第一周", 4, ())
    assert (hidden.row, hidden.post.department) == (5, "学工部")
    assert hidden.post.planned == datetime(2026, 10, 9)
    assert hidden.remarks == ("是隐藏的行",)
    assert (spare.sheet, spare.post.title, spare.remarks) == (
        "备用",
        "备用稿",
        ("在隐藏的工作表里",),
    )
    assert [item.post.number for item in (shown, hidden, spare)] == [1, 2, 3]


def test_json_lines_keep_every_key_and_every_broken_line(tmp_path):
    path = tmp_path / "排期.jsonl"
    lines = ['{"标题": "甲", "正文": "甲文"}', "{坏了", '{"标题": "乙", "文件": "乙.txt"}', "[1]"]
    path.write_text("\n".join(lines), "utf-8")
    (tmp_path / "乙.txt").write_text("乙文", "utf-8")
    rows = read(path)

    assert [row.row for row in rows] == [1, 2, 3, 4]
    assert [row.refusal.code if row.refusal else "" for row in rows] == ["", "B003", "", "B003"]
    assert rows[2].post.file.endswith("乙.txt")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("稿件/新闻.txt", ""),
        ("稿件\\新闻.txt", ""),
        ("稿件/新闻", ""),
        ("稿件/没有.txt", "B005"),
        ("../外面.txt", "B004"),
        ("稿件/../../外面.txt", "B004"),
        ("/etc/passwd", "B004"),
        ("C:\\稿件\\新闻.txt", "B004"),
        ("稿件/链接.txt", "B004"),
        ("稿件/\0.txt", "B005"),
    ],
)
def test_a_row_names_a_file_beside_the_schedule_only(tmp_path, name, code):
    folder = tmp_path / "排期"
    (folder / "稿件").mkdir(parents=True)
    (folder / "稿件" / "新闻.txt").write_text("新闻", "utf-8")
    (tmp_path / "外面.txt").write_text("外面", "utf-8")
    (folder / "稿件" / "链接.txt").symlink_to(tmp_path / "外面.txt")
    path = folder / "表.jsonl"
    path.write_text(json.dumps({"标题": "甲", "文件": name}), "utf-8")
    (row,) = read(path)

    assert (row.refusal.code if row.refusal else "") == code
    assert bool(row.post.file) == (not code)


def test_rows_without_anything_to_screen_are_told_never_dropped(tmp_path):
    path = tmp_path / "表.csv"
    lines = [HEAD, ROWS[0], ["", "", "", "校微信"], [""] * 7, HEAD, [*ROWS[1][:5], "待定"]]
    path.write_text(table(lines), "utf-8")
    good, empty, odd = read(path)

    assert good.refusal is None
    assert (empty.row, empty.refusal.code) == (3, "B002")
    assert odd.remarks == ("发布时间“待定”认不出来",)


def test_a_sheet_without_headings_is_told_row_by_row(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("随便,写写\n甲,乙\n", "utf-8")

    assert [(row.row, row.refusal.code) for row in read(path)] == [(1, "B001"), (2, "B012")]


def test_a_folder_gives_each_file(tmp_path):
    for name in ("b.txt", "a.md", "~$c.docx", "d.doc"):
        (tmp_path / name).write_text("字", "utf-8")
    items = list(read_schedule(tmp_path, TODAY))

    assert isinstance(items[0], Headings)
    assert [item.cells for item in items[1:]] == [("a.md",), ("b.txt",), ("d.doc",)]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("无.xlsx", None, UsageError),
        ("表.pdf", b"%PDF-", UsageError),
        ("表.xlsx", b"PK\x03\x04nonsense", DraftError),
        ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", DraftError),
    ],
)
def test_what_is_no_schedule(tmp_path, name, content, error):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error):
        read(path)
