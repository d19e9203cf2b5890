"""What only a schedule shows, and no single draft: likeness, slots, dates, solemn days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from screening import resources
from screening.batch.sketch import Sketch, likeness
from screening.text.normalise import fold

#: shares of trigrams in common; of 1,242 pairs of real articles that share text and 189 with like
#: titles only, every verbatim pair lies above the first, every like-titled one below the second
SAME, REWORDED = 0.7, 0.3
#: a trigram in more posts than these tells nothing
_COMMON = 200
_FEWEST_SHARED = 12
#: characters of another post's title that a remark repeats
_LONGEST_TITLE = 14
#: working days before publication that an approval takes
_DAYS = {"department": 1, "publicity": 2}


class Plan(Struct, frozen=True):
    """What the checks need of one post; ``route`` is department or publicity, "" if unscreened."""

    number: int
    where: str
    title: str
    account: str
    planned: datetime | None
    timed: bool
    route: str
    light: bool


class Remark(Struct, frozen=True):
    """One thing about a post's place in the schedule; ``others`` are numbers of other posts."""

    check: str
    severity: str
    message: str
    advice: str
    others: tuple[int, ...] = ()


class Day(Struct, frozen=True):
    """A solemn day: "12-13" every year, "2026-04-05" in one."""

    on: tuple[str, ...]
    name: str


def solemn_days(home: Path) -> tuple[Day, ...]:
    """Return the solemn days shipped, and those of the school's own ``solemn.toml``.

    Raises:
        RulesError: L001, a file cannot be read.
    """
    files = [resources.folder("data") / "batch" / "solemn.toml", home / "solemn.toml"]
    rows = [
        row for path in files if path.exists() for row in resources.load_toml(path).get("day", ())
    ]
    return tuple(Day(tuple(map(str, row["on"])), str(row["name"])) for row in rows)


def is_light(title: str, text: str) -> bool:
    """Tell whether a post is meant to amuse: one word of it in the title, or two in the text."""
    title, text = fold(title), fold(text)
    words = _light_words()
    return any(word in title for word in words) or sum(word in text for word in words) >= 2


@cache
def _light_words() -> tuple[str, ...]:
    table: dict[str, Any] = resources.load_toml(resources.folder("data") / "batch" / "solemn.toml")
    return tuple(map(fold, table["light"]["words"]))


def remarks_on(
    plans: Sequence[Plan], sketches: Sequence[Sketch], now: datetime, days: Sequence[Day]
) -> dict[int, list[Remark]]:
    """Return number → remarks of the schedule; ``now`` is local time."""
    found: dict[int, list[Remark]] = defaultdict(list)
    for plan in plans:
        found[plan.number].extend(_of_date(plan, now, days))
    for number, remark in (*_slots(plans), *_alike(plans, sketches)):
        found[number].append(remark)
    return {number: remarks for number, remarks in found.items() if remarks}


def _of_date(plan: Plan, now: datetime, days: Sequence[Day]) -> Iterator[Remark]:
    at = plan.planned
    if at is None:
        return
    over = at < now if plan.timed else at.date() < now.date()
    if over:
        yield Remark("past", "review", "计划发布的时间已经过了。", "请核对日期，改排以后的时间。")
    elif plan.route and _working_days(now.date(), at.date()) < _DAYS[plan.route]:
        who = "部门审批" if plan.route == "department" else "部门和宣传部两级审批"
        yield Remark(
            "hurried",
            "review",
            f"离发布不到 {_DAYS[plan.route]} 个工作日，{who}可能来不及（按周一至周五暂估）。",
            "请尽快送审，或改排晚些的时间。",
        )
    name = _solemn(at.date(), days)
    if name and plan.light:
        yield Remark("solemn", "review", f"当天是{name}，这篇偏轻松娱乐。", "请改日发布。")


def _solemn(day: date, days: Sequence[Day]) -> str:
    forms = {day.isoformat(), day.strftime("%m-%d")}
    return "、".join(item.name for item in days if forms & {*item.on})


def _working_days(start: date, end: date) -> int:
    """Count Mondays to Fridays after ``start``, up to the day before ``end`` inclusive of it."""
    days = (end - start).days
    weeks, rest = divmod(max(days, 0), 7)
    tail = (start + timedelta(days=7 * weeks + number) for number in range(1, rest + 1))
    return weeks * 5 + sum(day.weekday() < 5 for day in tail)


def _slots(plans: Sequence[Plan]) -> Iterator[tuple[int, Remark]]:
    """Find posts of one account at one time."""
    slots: dict[tuple[str, datetime], list[Plan]] = defaultdict(list)
    for plan in plans:
        if plan.account and plan.planned is not None and plan.timed:
            slots[plan.account, plan.planned].append(plan)
    for (_, at), group in slots.items():
        for plan in group if len(group) > 1 else ():
            others = [other for other in group if other is not plan]
            yield (
                plan.number,
                Remark(
                    "slot",
                    "review",
                    f"同一账号在 {at:%Y-%m-%d %H:%M} 还排了：{_named(others)}。",
                    "请错开时间。",
                    tuple(other.number for other in others),
                ),
            )


def _alike(plans: Sequence[Plan], sketches: Sequence[Sketch]) -> Iterator[tuple[int, Remark]]:
    by_account: dict[tuple[int, bool, bool], list[Plan]] = defaultdict(list)
    for one, other in _candidates(sketches):
        share = likeness(sketches[one], sketches[other])
        if share >= REWORDED:
            elsewhere = plans[one].account != plans[other].account
            by_account[one, share >= SAME, elsewhere].append(plans[other])
            by_account[other, share >= SAME, elsewhere].append(plans[one])
    for (index, same, elsewhere), others in by_account.items():
        yield plans[index].number, _likeness_remark(others, same=same, elsewhere=elsewhere)


def _likeness_remark(others: list[Plan], *, same: bool, elsewhere: bool) -> Remark:
    numbers = tuple(sorted(other.number for other in others))
    where = "别的账号上" if elsewhere else "同一账号上"
    if same:
        message = f"与{where}的稿件几乎相同：{_named(others)}。"
    else:
        message = f"与{where}的稿件大段相同，像是同一内容的不同写法：{_named(others)}。"
    advice = (
        "请确认是有意多处发布，并注明首发。" if elsewhere else "请核对是否重复排期，删去多余的。"
    )
    severity = "review" if same and not elsewhere else "notice"
    return Remark("same" if same else "alike", severity, message, advice, numbers)


def _named(plans: Sequence[Plan], most: int = 2) -> str:
    names = [f"{plan.where}“{_short(plan.title)}”" for plan in plans[:most]]
    rest = f"等 {len(plans)} 篇" if len(plans) > most else ""
    return "、".join(names) + rest


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"


def _candidates(sketches: Sequence[Sketch]) -> list[tuple[int, int]]:
    """Return the pairs of posts that share enough rare hashes of their sketches."""
    sizes = [len(sketch) for sketch in sketches]
    if not sum(sizes):
        return []
    hashes = np.concatenate(list(sketches))
    owners = np.repeat(np.arange(len(sketches)), sizes)
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    ends = np.append(np.flatnonzero(np.diff(hashes)) + 1, len(hashes))
    shared: Mapping[tuple[int, int], int] = _counted(owners, ends)
    return sorted(
        pair
        for pair, count in shared.items()
        if count >= min(_FEWEST_SHARED, *(sizes[index] * 3 // 10 for index in pair))
    )


def _counted(owners: Any, ends: Any) -> dict[tuple[int, int], int]:
    counts: dict[tuple[int, int], int] = defaultdict(int)
    start = 0
    for end in ends.tolist():
        if 1 < end - start <= _COMMON:
            group = owners[start:end].tolist()
            for index, one in enumerate(group):
                for other in group[index + 1 :]:
                    counts[one, other] += 1
        start = end
    return counts
