"""The registry as CSV and Excel, out and in again."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from college import RECORDS, REGISTRY
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from screening.errors import RegistryError
from screening.registry.exchange import read_table, table, to_csv, to_excel
from screening.registry.records import Account, Department, Person, Standing
from screening.registry.registry import Registry

KINDS = ("department", "person", "account")


def of(kind, registry=REGISTRY):
    return [item for item in registry if item.kind == kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("write", [to_csv, to_excel])
def test_tables_come_back(kind, write):
    rows = table(kind, of(kind), REGISTRY)
    assert read_table(write(rows), kind, REGISTRY) == of(kind)


def test_headings_are_chinese():
    assert table("account", [], REGISTRY) == [
        ["编号", "名称", "平台", "级别", "部门", "管理员", "负责人", "状态", "说明"]
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_other_headings(encoding):
    text = "部门名称,id,多余的\n 图书馆 ,lib,1\n,,\n档案馆,arc,2\n"
    assert read_table(text.encode(encoding), "department", REGISTRY) == [
        Department("lib", "图书馆"),
        Department("arc", "档案馆"),
    ]


def test_numbers_in_excel_cells():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["账号", "账号名称", "平台类型", "级别", "主管部门", "状态"])
        sheet.write_row(1, 0, [2026, "机电", "APP", 2, "机电学院", "暂停"])
    record = Account("2026", "机电", "APP", 2, "jd", state=Standing.SUSPENDED)
    assert read_table(buffer.getvalue(), "account", REGISTRY) == [record]


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("department", "", "缺少列名“编号”“名称”"),
        ("department", "编号\nlib", "缺少列名“名称”"),
        ("department", '编号,名称\n"lib,图书馆', "引号不成对"),
        ("department", "编号,名称,状态\nlib,图书馆,开着", "应为 在用、暂停、注销 之一。（第2行）"),
        ("department", "编号,名称\nlib,图书馆\nlib,档案馆", "lib 出现了两次，内容不同。（第3行）"),
        ("person", "编号,姓名,职务,部门\nx,新,主任,机电学院", "职务“主任”应为"),
        ("person", "编号,姓名,职务,部门\nx,新,编辑,火箭学院", "没有登记部门“火箭学院”。（第2行）"),
        ("person", "编号,姓名,职务,部门\nx,新,编辑,jd\nx,旧,编辑,jj", "x 出现了两次"),
        ("account", "编号,名称,平台,级别,部门\na,b,c,三级,jd", "级别“三级”应为 1 或 2"),
    ],
)  # fmt: skip
def test_tables_that_make_no_sense(kind, text, problem):
    with pytest.raises(RegistryError) as caught:
        read_table(text.encode(), kind, REGISTRY)
    assert problem in str(caught.value)


@pytest.mark.parametrize("data", [b"PK\x03\x04 no workbook", b"\xd0\xcf\x11\xe0 neither"])
def test_files_that_are_no_excel(data):
    with pytest.raises(RegistryError, match="Excel"):
        read_table(data, "account", REGISTRY)


def test_formulas_stay_text():
    record = Department("lib", "=1+1", "@SUM(A1)")
    rows = table("department", [record], REGISTRY)
    assert b"'=1+1,'@SUM" in to_csv(rows)
    for write in (to_csv, to_excel):
        assert read_table(write(rows), "department", REGISTRY) == [record]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="'"), min_size=1))
def test_any_name_survives_csv(name):
    name = name.strip()
    record = replace(of("person")[0], name=name, posts=())
    registry = Registry.of([*RECORDS, record])
    if name and isinstance(record, Person):
        assert read_table(to_csv(table("person", [record], registry)), "person", registry) == [
            record
        ]
