"""审批表: everything that was said stands on it, printable, and nothing that must not be there."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pytest
from college import NOW, PEOPLE, REGISTRY, found, register, signing_keys
from made_up import made_up, small
from msgspec.structs import replace
from sqlalchemy import URL

from screening.finding import Category, Severity, Target, Verdict
from screening.reports.form import opinions, render
from screening.tickets.decisions import Answer, Decision
from screening.tickets.desk import Desk
from screening.tickets.judgements import Judgement
from screening.tickets.permit import local
from screening.tickets.store import Store
from screening.tickets.ticket import Kind

PLANNED = NOW + timedelta(days=2)


@pytest.fixture
def desk(tmp_path):
    made = Desk(Store.at(URL.create("sqlite", database=str(tmp_path / "t.sqlite3"))), lambda: NOW)
    register(made.store)
    return made


def rows(data):
    """Return the rows of the form as lists of different cells' texts."""
    (table,) = docx.Document(io.BytesIO(data)).tables
    return [list(dict.fromkeys(cell.text for cell in row.cells)) for row in table.rows]


@pytest.fixture
def whole(desk, tmp_path):
    """A ticket that was returned once, approved by both, and released."""
    screening = made_up()
    grave = [item for item in screening.findings if item.severity is not Severity.BLOCK]
    screening = replace(screening, findings=tuple(grave), verdict=Verdict.REVIEW)
    submit = {"by": PEOPLE["li"], "planned": PLANNED}
    number = desk.submit(screening, "jd-wechat", **submit).number
    desk.decide(number, PEOPLE["gao"], Decision(Kind.RETURNED, rationale="人数请再核对"))
    desk.submit(screening, "jd-wechat", number=number, **submit)
    answers = tuple(Answer(item.id, Judgement.CONFIRMED, "已核对") for item in grave)
    first = Decision(Kind.APPROVED, None, "属实。", answers, seen="图片看过")
    desk.decide(number, PEOPLE["wang"], first)
    desk.decide(number, PEOPLE["sun"], Decision(Kind.APPROVED, answers=answers))
    ring = signing_keys(desk.store, tmp_path / "keys")
    desk.release(number, PEOPLE["li"], screening, ring.active)
    return desk.ticket(number)


def test_everything_stands_on_the_form(whole):
    table = rows(render(whole, REGISTRY))
    assert ["标题", "关于做好2026级新生入学工作的通知"] in table
    assert ["发布账号", "机电青年（jd-wechat）", "平台", "微信公众号，二级平台"] in table
    assert ["部门", "机电学院", "编辑", "li示例"] in table
    assert ["送审时间", local(NOW), "计划发布", local(PLANNED)] in table
    assert ["内容摘要", whole.revision.digest] in table
    assert ["没有审到", "图片 image1.png（没有替代文字，图里的字没有审查）"] in table
    assert [
        "1",
        "重大事项\n报宣传部",
        "第4段：“校党委书记将出席开学典礼”\n涉及校领导重要活动。MAJ004",
        "属实：已核对（宣传部）",
    ] in table
    opinions = dict(row for row in table if row[0].endswith("意见") and len(row) == 2)
    assert opinions["部门意见"].split("\n") == [
        "（第 1 稿）退回修改：人数请再核对。",
        f"机电学院部门负责人　gao示例　{local(NOW)}",
        "同意，报宣传部审批：属实；未审部分：图片看过。",
        f"机电学院部门负责人　wang示例　{local(NOW)}",
    ]
    assert opinions["宣传部意见"] == f"同意发布。\n宣传部审核员　sun示例　{local(NOW)}"
    assert table[-3] == ["放行人", "li示例", "时间", local(NOW)]
    assert table[-1][1].startswith("密钥 ")


def test_the_same_ticket_gives_the_same_file(whole):
    assert render(whole, REGISTRY) == render(whole, REGISTRY)


def test_it_prints_on_a4_and_no_row_is_torn_apart(whole):
    document = docx.Document(io.BytesIO(render(whole, REGISTRY)))
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    (table,) = document.tables
    used = sum(column.width for column in table.columns)
    room = section.page_width - section.left_margin - section.right_margin
    assert abs(used - room) < 10_000, "a hundredth of an inch"
    assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)
    assert "PAGE" in section.footer._element.xml


def test_what_was_not_done_is_said(desk):
    waiting = desk.ticket(
        desk.submit(small("\x1b[31m\ufffe\ud800。"), "strange", by=PEOPLE["li"]).number
    )
    table = rows(render(waiting, REGISTRY))
    assert ["标题", "（没有标题）"] in table
    assert ["发布账号", "strange", "平台", "没有登记"] in table
    assert ["部门意见", "尚未办理。"] in table
    assert ["放行单", "没有放行。"] in table
    assert not any(row[0] == "宣传部意见" for row in table), "the department decides this alone"


def test_a_release_that_was_taken_back_is_on_the_form(desk, whole):
    ticket = desk.revoke(whole.number, PEOPLE["sun"], "活动因天气取消")
    (row,) = [row for row in rows(render(ticket, REGISTRY)) if row[0] == "作废"]
    assert row[1].startswith("活动因天气取消。")
    assert "宣传部审核员　sun示例" in row[1]


def test_an_exception_is_an_opinion_of_publicity(desk):
    blocked = found("某段话", Severity.BLOCK, Category.VULGAR)
    number = desk.submit(blocked, "jd-wechat", by=PEOPLE["li"]).number
    answer = Answer("WOR001-1", Judgement.DISMISSED, "引用公开案例")
    ticket = desk.dismiss(number, PEOPLE["sun"], answer, PLANNED)
    (opinion,) = opinions(ticket, Target.PUBLICITY)
    assert opinion.said == f"准许保留 WOR001 所指的一处，到 {local(PLANNED)}：引用公开案例"
    assert "sun示例" in opinion.signed
    assert ["部门意见", "尚未办理。"] in rows(render(ticket, REGISTRY))
