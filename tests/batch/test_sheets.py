from __future__ import annotations

import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from python_calamine import load_workbook

from screening.batch.outcome import told_of
from screening.batch.post import Headings, Post, Refusal, Row
from screening.batch.sheets import RowFile, letters
from screening.batch.workbook import write_workbook


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (16383, "XFD")]
)
def test_columns_have_the_names_that_excel_gives_them(column, name):
    assert letters(column) == name


def book(path, cells, headings=("标题", "正文")):
    rows = [
        Row("表", number, row, Post(number, f"第{number}行"), Refusal("B002", "没有审查"))
        for number, row in enumerate(cells, 1)
    ]
    told = (told_of(row, None, (), pages=False) for row in rows)
    write_workbook(path, [(1, Headings("表", headings))], told)
    return load_workbook(str(path)).get_sheet_by_name("表").to_python()[1:]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=4),
)
def test_any_text_comes_back_as_text(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("book") / "表.xlsx"
    found = book(path, cells)

    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if name.endswith(".xml"):
                etree.fromstring(file.read(name))
    for (one, other), row in zip(cells, found, strict=True):
        for text, cell in ((one, row[0]), (other, row[1])):
            plain = "".join(char for char in text if char.isprintable())
            if plain == text and not any(char.isdigit() for char in text):
                assert cell == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "@A1", "<b>&amp;", "_x0041_", " 空格 ", "长" * 40_000]
)
def test_hostile_cells(tmp_path, text):
    (row,) = book(tmp_path / "表.xlsx", [(text, "")])

    assert row[0] == (text if len(text) < 32_767 else text[:32_766] + "…")
    with zipfile.ZipFile(tmp_path / "表.xlsx") as file:
        assert not any(b"<f>" in file.read(name) for name in file.namelist())


def test_a_row_with_more_cells_than_headings_keeps_them(tmp_path):
    (row,) = book(tmp_path / "表.xlsx", [("甲", "乙", "丙")])

    assert row[:3] == ["甲", "乙", "没有审查"]
    assert row[-1] == "丙"


def test_rows_beyond_what_excel_shows_are_left_out(monkeypatch):
    monkeypatch.setattr("screening.batch.sheets._MOST_ROWS", 3)
    rows = RowFile()

    assert [rows.append([("甲", 1)]) for _ in range(4)] == [True, True, False, False]
    assert rows.lines == 2
