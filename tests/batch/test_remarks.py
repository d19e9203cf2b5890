from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from screening.batch.done import Done
from screening.batch.likes import Sketches
from screening.batch.plans import Plans
from screening.batch.post import Planned
from screening.batch.remarks import Checks, solemn_days
from screening.batch.sketch import likeness, pack, sketch_of, unpack
from screening.batch.tone import is_light
from screening.finding import Target
from screening.text.normalise import normalise
from screening.tickets.deadlines import Deadlines, load_calendar

NOW = datetime(2026, 11, 20, 9)  # a Friday
DEADLINES = Deadlines(load_calendar(), {Target.DEPARTMENT: 1, Target.PUBLICITY: 2})
DAYS = solemn_days(Path("/nonexistent"))
LONG = (
    "本周五下午两点，机电学院在实训楼举行技能竞赛开幕式，来自六个专业的一百二十名同学参加钳工、"
    "电工和数控三个项目的比拼，比赛为期三天，成绩计入学年综合测评，欢迎各班组织观摩。"
)
OTHER = (
    "图书馆从下周起延长开放时间，早上七点半开门，晚上十点半闭馆，自习区增设座位和插座，"
    "请同学们爱护公物，保持安静，离馆时带走个人物品。"
)


def sketched(text):
    return pack(sketch_of(normalise(text)))


def checks(posts, now=NOW, days=DAYS):
    """Return number → remarks; each of ``posts`` says what differs from a plain one."""
    plans, sketches = Plans(), Sketches()
    for number, given in enumerate(posts, 1):
        at, timed = given.get("at"), given.get("timed", False)
        post = Planned(number, "甲", at, timed, given.get("file", ""))
        done = Done(
            number,
            account=given.get("account", "甲"),
            unknown=given.get("unknown", False),
            to=given.get("to", Target.DEPARTMENT),
            light=given.get("light", False),
        )
        plans.append(post, done)
        sketches.append(sketched(given.get("text", "")))
    made = Checks(
        plans,
        sketches.likes(),
        now,
        days=days,
        deadlines=DEADLINES,
        named=lambda number: (f"第{number}行", f"稿{number}"),
    )
    return {number: found for number in range(1, len(posts) + 1) if (found := made.of(number))}


def kinds(posts, **more):
    return {
        number: [item.check for item in found] for number, found in checks(posts, **more).items()
    }


@pytest.mark.parametrize(
    ("at", "timed", "to", "light", "expected"),
    [
        (None, False, Target.DEPARTMENT, True, []),
        (datetime(2026, 11, 19), False, Target.DEPARTMENT, False, ["past"]),
        (datetime(2026, 11, 20, 8), True, Target.DEPARTMENT, False, ["past"]),
        (datetime(2026, 11, 20), False, Target.DEPARTMENT, False, ["hurried"]),
        (datetime(2026, 11, 22), False, Target.DEPARTMENT, False, ["hurried"]),
        (datetime(2026, 11, 23), False, Target.DEPARTMENT, False, []),
        (datetime(2026, 11, 24), False, Target.PUBLICITY, False, ["hurried"]),
        (datetime(2026, 11, 25), False, Target.PUBLICITY, False, []),
        (datetime(2026, 11, 20), False, None, False, []),
        (datetime(2026, 12, 13), False, Target.DEPARTMENT, True, ["solemn"]),
        (datetime(2026, 12, 13), False, Target.DEPARTMENT, False, []),
        (datetime(2026, 12, 14), False, Target.DEPARTMENT, True, []),
        (datetime(2027, 4, 5), False, Target.DEPARTMENT, True, ["solemn"]),
    ],
)
def test_dates(at, timed, to, light, expected):
    found = kinds([{"at": at, "timed": timed, "to": to, "light": light}])
    assert found.get(1, []) == expected


def test_holidays_are_no_working_days():
    before = datetime(2026, 9, 30, 9)  # 1 to 7 October 2026 are a holiday, the 10th is worked
    at = [datetime(2026, 10, 8), datetime(2026, 10, 9), datetime(2026, 10, 10)]
    found = checks([{"at": item, "to": Target.PUBLICITY} for item in at], now=before)

    assert {number: [item.check for item in items] for number, items in found.items()} == {
        1: ["hurried"],
        2: ["hurried"],
    }
    assert "2026-10-10" in found[1][0].message


def test_an_account_that_is_not_registered():
    found = checks([{"account": "13800001234的号", "unknown": True}, {}])

    assert [item.check for item in found[1]] == ["account"]
    assert "13800001234" not in found[1][0].message
    assert 2 not in found


def test_two_posts_of_one_account_at_one_time():
    at = datetime(2026, 12, 1, 8)
    posts = [
        {"at": at, "timed": True},
        {"at": at, "timed": True},
        {"at": at, "timed": True, "account": "乙"},
        {"at": datetime(2026, 12, 1, 9), "timed": True},
        {"at": datetime(2026, 12, 1)},
        {"at": datetime(2026, 12, 1)},
    ]
    found = checks(posts)

    assert {number: [item.others for item in items] for number, items in found.items()} == {
        1: [(2,)],
        2: [(1,)],
    }
    assert "2026-12-01 08:00" in found[1][0].message


def test_a_file_given_twice_is_told_and_not_told_again_as_like():
    posts = [
        {"file": "/稿/一.docx", "text": LONG},
        {"file": "/稿/一.docx", "text": LONG},
        {"file": "/稿/二.docx", "text": OTHER},
        {"file": "/稿/一.docx", "text": LONG, "account": "乙"},
    ]
    found = checks(posts)
    assert kinds(posts) == {1: ["file", "file"], 2: ["file", "file"], 4: ["file"]}
    near, far = found[1]
    assert (near.severity, near.others, near.holds) == ("review", (2,), True)
    assert (far.severity, far.others, far.holds) == ("notice", (4,), False)


def test_like_posts_are_told_apart_by_account():
    reworded = LONG.replace("本周五下午两点", "周五午后").replace("欢迎各班组织观摩", "请大家来看")
    found = checks(
        [{"text": LONG}, {"text": LONG}, {"text": reworded, "account": "乙"}, {"text": OTHER}]
    )

    assert {
        number: [(item.check, item.others) for item in items] for number, items in found.items()
    } == {
        1: [("same", (2,)), (found[1][1].check, (3,))],
        2: [("same", (1,)), (found[2][1].check, (3,))],
        3: [(found[3][0].check, (1, 2))],
    }
    assert found[1][0].severity == "review"
    assert found[3][0].severity == "notice"
    assert "第1行“稿1”、第2行“稿2”" in found[3][0].message


def test_hundreds_of_copies_are_all_found():
    rng = random.Random(3)
    posts = [{"text": LONG + chr(0x4E00 + rng.randrange(5000)) * 3} for _ in range(300)]
    found = checks([*posts, {"text": OTHER}])

    assert sorted(found) == [*range(1, 301)]
    assert all("等 " in items[0].message for items in found.values())


def test_a_sketch_survives_as_bytes_and_ignores_writing():
    sketch = sketch_of(normalise(LONG))

    def share(one, other):
        return likeness(unpack(sketched(one))[None], unpack(sketched(other))[None])[0]

    assert np.array_equal(unpack(pack(sketch))[: len(sketch)], sketch)
    assert share(LONG, LONG.replace("，", ", ")) == 1.0
    assert share(LONG, OTHER) < 0.1
    assert len(sketch_of(normalise("太短"))) == 0
    assert share("太短", "太短") == 0.0


@pytest.mark.parametrize("length", [40, 200, 1000])
def test_likeness_estimates_the_share_of_trigrams(length):
    rng = random.Random(length)
    one = "".join(chr(0x4E00 + rng.randrange(2000)) for _ in range(length))
    other = one[: length // 2] + "".join(
        chr(0x6E00 + rng.randrange(2000)) for _ in range(length // 2)
    )
    grams = [{text[i : i + 3] for i in range(len(text) - 2)} for text in (one, other)]
    true = len(grams[0] & grams[1]) / len(grams[0] | grams[1])
    found = likeness(unpack(sketched(one))[None], unpack(sketched(other))[None])[0]

    assert abs(found - true) < 0.12


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
    found = checks([{"at": datetime(2026, 12, 2), "light": True}], days=days)

    assert "哀悼日" in found[1][0].message
