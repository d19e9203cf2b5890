from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from screening.batch.remarks import Plan, is_light, remarks_on, solemn_days
from screening.batch.sketch import likeness, pack, sketch_of, unpack

NOW = datetime(2026, 11, 20, 9)  # a Friday
LONG = (
    "本周五下午两点，机电学院在实训楼举行技能竞赛开幕式，来自六个专业的一百二十名同学参加钳工、"
    "电工和数控三个项目的比拼，比赛为期三天，成绩计入学年综合测评，欢迎各班组织观摩。"
)
OTHER = (
    "图书馆从下周起延长开放时间，早上七点半开门，晚上十点半闭馆，自习区增设座位和插座，"
    "请同学们爱护公物，保持安静，离馆时带走个人物品。"
)


def plan(number=1, at=None, *, account="甲", timed=False, route="department", light=False):
    return Plan(number, f"第{number}行", f"稿{number}", account, at, timed, route, light)


def checks(plans, texts=None, now=NOW, tmp_path=None):
    texts = texts or [""] * len(plans)
    found = remarks_on(plans, [sketch_of(text) for text in texts], now, DAYS)
    return {number: [item.check for item in items] for number, items in found.items()}


DAYS = solemn_days(__import__("pathlib").Path("/nonexistent"))


@pytest.mark.parametrize(
    ("at", "timed", "route", "light", "expected"),
    [
        (None, False, "department", True, []),
        (datetime(2026, 11, 19), False, "department", False, ["past"]),
        (datetime(2026, 11, 20, 8), True, "department", False, ["past"]),
        (datetime(2026, 11, 20), False, "department", False, ["hurried"]),
        (datetime(2026, 11, 22), False, "department", False, ["hurried"]),
        (datetime(2026, 11, 23), False, "department", False, []),
        (datetime(2026, 11, 23), False, "publicity", False, ["hurried"]),
        (datetime(2026, 11, 24), False, "publicity", False, []),
        (datetime(2026, 12, 13), False, "department", True, ["solemn"]),
        (datetime(2026, 12, 13), False, "department", False, []),
        (datetime(2026, 12, 14), False, "department", True, []),
        (datetime(2027, 4, 5), False, "department", True, ["solemn"]),
    ],
)
def test_dates(at, timed, route, light, expected):
    found = checks([plan(at=at, timed=timed, route=route, light=light)])
    assert found.get(1, []) == expected


def test_two_posts_of_one_account_at_one_time():
    at = datetime(2026, 12, 1, 8)
    plans = [
        plan(1, at, timed=True),
        plan(2, at, timed=True),
        plan(3, at, timed=True, account="乙"),
        plan(4, datetime(2026, 12, 1, 9), timed=True),
    ]
    assert checks(plans) == {1: ["slot"], 2: ["slot"]}


def test_like_posts_are_told_apart_by_account():
    reworded = LONG.replace("本周五下午两点", "周五午后").replace("欢迎各班组织观摩", "请大家来看")
    plans = [plan(1), plan(2), plan(3, account="乙"), plan(4)]
    found = remarks_on(plans, [sketch_of(text) for text in (LONG, LONG, reworded, OTHER)], NOW, ())

    assert {
        number: [(item.check, item.others) for item in items] for number, items in found.items()
    } == {
        1: [("same", (2,)), (found[1][1].check, (3,))],
        2: [("same", (1,)), (found[2][1].check, (3,))],
        3: [(found[3][0].check, (1, 2))],
    }
    assert found[1][0].severity == "review"
    assert found[3][0].severity == "notice"


def test_a_sketch_survives_as_text_and_ignores_writing():
    sketch = sketch_of(LONG)

    assert np.array_equal(unpack(pack(sketch)), sketch)
    assert likeness(sketch, sketch_of(LONG.replace("，", ", "))) == 1.0
    assert likeness(sketch, sketch_of(OTHER)) < 0.1
    assert len(sketch_of("太短")) == 0


@pytest.mark.parametrize(
    ("title", "text", "light"),
    [
        ("跨年狂欢夜", "", True),
        ("通知", "现场有抽奖和游园会。", True),
        ("通知", "现场有抽奖。", False),
        ("缅怀先烈", "全校师生默哀。", False),
    ],
)
def test_light_hearted_posts(title, text, light):
    assert is_light(title, text) is light


def test_a_school_adds_solemn_days(tmp_path):
    (tmp_path / "solemn.toml").write_text(
        '[[day]]\non = ["2026-12-02"]\nname = "哀悼日"\n', "utf-8"
    )
    days = solemn_days(tmp_path)
    found = remarks_on([plan(at=datetime(2026, 12, 2), light=True)], [sketch_of("")], NOW, days)

    assert "哀悼日" in found[1][0].message
