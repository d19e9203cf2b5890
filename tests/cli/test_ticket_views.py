"""How tickets look in a terminal of 80 columns, in which Chinese characters take two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from college import NOW, REGISTRY
from msgspec.structs import replace

from screening.cli.tables import point
from screening.cli.ticket_views import late, listed, next_step, summary
from screening.finding import Target, Verdict
from screening.registry.records import Department, Role
from screening.registry.registry import Registry
from screening.reports.columns import width
from screening.settings import load_settings
from screening.tickets.deadlines import load_deadlines
from screening.tickets.status import Status
from screening.tickets.ticket import Entry, State, Summary

TERMS = load_deadlines(load_settings("nowhere"))
LONG = "关于举办第十七届大学生创新创业大赛暨“互联网+”大赛校内选拔赛的通知（第二轮）"
PLACE = Department("mks", "马克思主义学院（公共教学部、创新创业学院）")
WIDE = Registry.of([*REGISTRY, PLACE])


def item(number="2026-0001", title="开放日", department="jd", editor="李示例", **more):
    return Summary(
        number=number,
        account="jd-wechat",
        editor=editor,
        department=department,
        created=NOW,
        state=more.pop("state", State.AWAITING_DEPARTMENT),
        route=Target.DEPARTMENT,
        verdict=Verdict.REVIEW,
        title=title,
        revisions=1,
        events=2,
        since=more.pop("since", NOW),
    )


def columns(line, headings):
    """Return the cells of a line, cut where the headings begin, counted in columns."""
    starts = [width(headings[: headings.index(word)]) for word in headings.split()]
    cells, place, at = [""] * len(starts), 0, 0
    for character in line:
        while place + 1 < len(starts) and at >= starts[place + 1]:
            place += 1
        cells[place] += character
        at += width(character)
    return [cell.strip() for cell in cells]


@pytest.mark.parametrize(
    ("made", "cells"),
    [
        (item(), ["2026-0001", "待部门审批", "开放日", "机电学院", "李示例", "2026-03-06"]),
        (
            item(state=State.AWAITING_PUBLICITY),
            ["2026-0001", "待宣传部审批", "开放日", "机电学院", "李示例", "2026-03-09"],
        ),
        (
            item(title=LONG, department="mks", editor="欧阳示例甲"),
            ["2026-0001", "待部门审批", f"{LONG[:9]}…", "马克思主义…", "欧阳示…", "2026-03-06"],
        ),
        (
            item(title=" ", department=None, since=NOW + timedelta(days=600)),
            ["2026-0001", "待部门审批", "（没有标题）", "", "李示例", "2027-10-27（暂估）"],
        ),
        (
            item(title="a\nb\x1b[31m", editor="x"),
            ["2026-0001", "待部门审批", "a b〔U+001B〕[31m", "机电学院", "x", "2026-03-06"],
        ),
    ],
)
def test_what_is_overdue_stands_in_columns(made, cells):
    headings, line = listed([made], WIDE, TERMS)
    assert headings.split() == ["编号", "状态", "标题", "部门", "编辑", "期限"]
    assert columns(line, headings) == cells
    assert max(map(width, (headings, line))) <= 80


def test_lists_show_what_was_found_and_since_when():
    headings, *lines = listed([item(), item(title=LONG, department="mks")], WIDE)
    assert headings.split() == ["编号", "状态", "标题", "部门", "结论", "编辑", "日期"]
    assert columns(lines[0], headings)[4:] == ["须核对", "李示例", "03-05"]
    assert max(map(width, (headings, *lines))) <= 80


def test_what_is_overdue_longest_comes_first():
    since = {"2026-0001": NOW, "2026-0002": NOW - timedelta(days=9), "2026-0003": NOW}
    items = [item(number, since=at) for number, at in since.items()]
    items.append(item("2026-0004", state=State.APPROVED, since=NOW - timedelta(days=99)))
    found = late(items, TERMS, NOW + timedelta(days=3))
    assert [made.number for made in found] == ["2026-0002", "2026-0001", "2026-0003"]
    assert late(items[:1], TERMS, NOW) == []
    assert summary(items[0], TERMS)["due"] == "2026-03-06"


def test_points_hang():
    lines = point(f"标题：{LONG}{LONG}")
    assert len(lines) == 3
    assert lines[0].startswith("        · 标题：关于")
    assert all(line.startswith(" " * 10) and line[10] != " " for line in lines[1:])
    assert max(map(width, lines)) <= 80


def test_where_nobody_can_approve_the_next_step_says_what_to_do():
    waiting = Status(State.AWAITING_DEPARTMENT, NOW, drafts=1, department="mks")
    entry = Entry("2026-0001", "mks-wechat", "李示例", NOW, (), waiting)
    said = next_step(entry, WIDE)
    assert f"--role {Role.HEAD}=mks 登记另一位{PLACE.name}部门负责人" in said
    approvable = replace(entry, status=replace(waiting, department="jd"))
    assert "现在没有人" not in next_step(approvable, WIDE)
