"""Columns: what a header says of the cells below it, in tables and in lines of text."""

from __future__ import annotations

import pytest

from screening.draft import Cell, DraftBuilder
from screening.stages.lexicon.columns import cells
from screening.stages.lexicon.field import FieldText
from screening.stages.lexicon.suspects import suspects
from screening.text import prepare
from screening.text.expression import Expression

HEADER = Expression("学号")

LINES = [
    ("学号\t姓名\n1\t甲\n2\t乙", ["1", "2"]),
    ("姓名\t学号\t班级\n甲\t1\t一班\n乙\t2\t二班", ["1", "2"]),
    ("| 姓名 | 学号 |\n|--|--|\n| 甲 | 1 |", ["--", " 1 "]),
    ("姓名,学号\n甲,1", ["1"]),
    ("姓名 学号\n甲 1\n说明\n乙 2", ["1", "说明", "2"]),
    ("姓名\t学号\n甲\t1\n到此为止。\n没有了。\n乙\t2", ["1", "到此为止。"]),
    ("学号 姓名\n1 甲 另有一格", ["1", "甲", "另有一格"]),  # nobody can tell which
    ("请写学号。\n1 甲", []),
    ("学号 2023000001\n1 甲", []),
]


def text_draft(text):
    builder = DraftBuilder("text")
    for number, line in enumerate(text.split("\n"), 1):
        builder.add("body", line, f"第{number}段")
    return builder.build()


def governed(draft):
    field = FieldText(draft, "body", prepare(draft).fields["body"])
    text = field.text
    return [text[low:high] for low, high in cells(HEADER, field, [(0, len(text))], 1.0)]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_lines_of_text(text, expected):
    assert governed(text_draft(text)) == [part.replace("\t", " ") for part in expected]


def test_a_table_with_merged_headers():
    builder = DraftBuilder("docx")
    rows = [
        ("姓名", Cell(1, 1, 1)),
        ("证件与学号", Cell(1, 1, 2, 2)),
        ("备注", Cell(1, 1, 4)),
        ("甲", Cell(1, 2, 1)),
        ("1", Cell(1, 2, 2)),
        ("2", Cell(1, 2, 3)),
        ("3", Cell(1, 2, 4)),
        ("别的表", Cell(2, 2, 2)),
    ]
    for text, cell in rows:
        builder.add("body", text, "表1", "", cell)
    assert governed(builder.build()) == ["备注", "1", "2"]  # a form might name the cell beside


def test_a_form_names_the_cell_beside_it():
    builder = DraftBuilder("html")
    for column, text in enumerate(["学号", "1", "姓名", "甲"]):
        builder.add("body", text, "表1", "", Cell(1, 1, column))
    assert governed(builder.build()) == ["1"]


def test_prose_in_a_cell_is_no_header():
    builder = DraftBuilder("html")
    builder.add(
        "body", "请同学们带好学号、准考证和身份证原件，并在九点以前到场。", "", "", Cell(1, 1, 1)
    )
    builder.add("body", "1", "", "", Cell(1, 2, 1))
    assert governed(builder.build()) == []


def table(*rows):
    builder = DraftBuilder("docx")
    for row, texts in enumerate(rows, 1):
        for column, text in enumerate(texts, 1):
            builder.add("body", text, f"表1第{row}行第{column}列", "", Cell(1, row, column))
    return builder.build()


def test_a_label_on_the_left_names_all_cells_beside_it_up_to_the_next_label():
    draft = table(("姓名", "甲", "乙"), ("学号", "2023000001", "2023000002"))
    assert governed(draft) == ["2023000001", "2023000002"]
    assert governed(table(("学号", "2023000001", "电话", "88480001"))) == ["2023000001", "电话"]


def test_a_row_of_headers_below_a_title_names_its_columns_alone():
    rows = (("姓名", "学号", "班级"), ("甲", "2023000001", "一班"))
    builder = DraftBuilder("docx")
    builder.add("body", "学号公示", "表1第1行第1列", "", Cell(1, 1, 1, 3))
    for row, texts in enumerate(rows, 2):
        for column, text in enumerate(texts, 1):
            builder.add("body", text, "表1", "", Cell(1, row, column))
    assert governed(builder.build()) == ["班级", "2023000001"]


def test_numbers_of_two_cells_are_not_read_as_one():
    draft = table(("编号", "余额"), ("6222", "0200"), ("0000", "0000"))
    field = FieldText(draft, "body", prepare(draft).fields["body"])
    assert not list(suspects(field.normalised, field.figures))
    broken = text_draft("6222 0200\n0000 0000")
    field = FieldText(broken, "body", prepare(broken).fields["body"])
    assert list(suspects(field.normalised, field.figures)) == [(0, 19)]
