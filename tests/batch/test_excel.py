from __future__ import annotations

import zipfile
from datetime import datetime

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.batch.tables import read_sheets
from screening.errors import DraftError


def cells(path):
    return {
        sheet.name: {line.row: line.cells for line in sheet.rows} for sheet in read_sheets(path)
    }


@pytest.mark.parametrize("inline", [False, True])
def test_every_kind_of_cell(tmp_path, inline):
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": inline}) as book:
        sheet = book.add_worksheet("甲 & 乙")
        day = book.add_format({"num_format": "yyyy年m月d日"})
        hour = book.add_format({"num_format": "h:mm"})
        red = book.add_format({"num_format": '[Red]0.0"天"'})
        sheet.write_row(0, 1, ["文字", 3, 2.5, True])
        sheet.write_datetime(1, 0, datetime(2026, 10, 8, 15, 30), day)
        sheet.write_number(1, 1, 0.375, hour)
        sheet.write_number(1, 2, 46303, red)
        sheet.write_formula(1, 3, '=A1&"x"', None, "算得")
        sheet.write_string(3, 0, "  前后空格 \n换行_x0041_ ")
        if not inline:
            sheet.write_rich_string(3, 1, book.add_format({"bold": True}), "粗", "细")

    assert cells(path) == {
        "甲 & 乙": {
            1: [None, "文字", 3, 2.5, True],
            2: [datetime(2026, 10, 8, 15, 30), "09:00", 46303, "算得"],
            4: ["  前后空格 \n换行_x0041_ ", *(() if inline else ("粗细",))],
        }
    }


def test_what_is_merged_is_said_below_and_not_beside(tmp_path):
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        framed = book.add_format({"border": 1})
        sheet.merge_range(0, 0, 0, 2, "十月排期", framed)
        sheet.merge_range(1, 1, 3, 2, "学工部", framed)
        sheet.write(1, 0, "甲")
        sheet.write(3, 0, "乙")

    assert cells(path)["Sheet1"] == {
        1: ["十月排期", None, None],
        2: ["甲", "学工部", None],
        3: [None, None, None],  # nothing of its own
        4: ["乙", "学工部", None],
    }


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.integers(-(10**9), 10**9),
                st.text(
                    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"]), min_size=1
                ),
            ),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_reader_agrees_with_calamine(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("book") / "表.xlsx"
    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "角")
        for index, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(index, column, value)
                elif value is not None:
                    sheet.write_number(index, column, value)
    expected = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    found = cells(path)["Sheet1"]
    for number, row in enumerate(expected, 1):
        mine = [*found.get(number, []), *[None] * len(row)][: len(row)]
        assert ["" if cell is None else cell for cell in mine] == row


@pytest.mark.parametrize("damage", ["cut", "no workbook", "bad xml", "bad index"])
def test_a_damaged_workbook_is_refused(tmp_path, damage):
    whole, path = tmp_path / "全.xlsx", tmp_path / "坏.xlsx"
    with xlsxwriter.Workbook(str(whole)) as book:
        book.add_worksheet().write_row(0, 0, ["标题", "正文"])
    if damage == "cut":
        path.write_bytes(whole.read_bytes()[:-200])
    else:
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if damage == "no workbook" and name == "xl/workbook.xml":
                    continue
                if damage == "bad xml" and "worksheets/sheet" in name:
                    data = data[: len(data) // 2]
                if damage == "bad index" and "worksheets/sheet" in name:
                    data = data.replace(b"<v>1</v>", b"<v>99</v>")
                new.writestr(name, data)

    with pytest.raises(DraftError) as caught:
        cells(path)
    assert caught.value.code == "D006"
