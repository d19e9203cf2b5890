"""What only a schedule shows, and no single draft: likeness, slots, dates, solemn days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from screening import resources
from screening.batch.likes import Likes
from screening.batch.plans import Plans
from screening.conceal import conceal
from screening.finding import Target
from screening.tickets.deadlines import Deadlines

#: characters of another post's title that a remark repeats
_LONGEST_TITLE = 14
#: numbers of other posts that a remark carries
_MOST_OTHERS = 20


#: check → what it is called; those named here first make it pointless to file a ticket
_HOLDING = {
    "account": "账号没有登记",
    "past": "日期已过",
    "solemn": "纪念日不宜",
    "slot": "撞期",
    "file": "同一个文件排了几次",
    "same": "重复",
}
_TELLING = {"hurried": "可能来不及审批", "alike": "内容相近"}


class Remark(Struct, frozen=True):
    """One thing about a post's place in the schedule; ``others`` are numbers of other posts."""

    check: str
    severity: str
    message: str
    advice: str
    others: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """What the remark is about, in a word."""
        return (_HOLDING | _TELLING)[self.check]

    @property
    def holds(self) -> bool:
        """Tell whether the row should be put right before a ticket is filed for it."""
        return self.check in _HOLDING and self.severity != "notice"


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


class Checks:
    """The checks of a whole schedule; ``now`` is local time.

    ``named`` gives the place and the title of a post, by its number.
    """

    def __init__(
        self,
        plans: Plans,
        likes: Likes,
        now: datetime,
        *,
        days: Sequence[Day],
        deadlines: Deadlines,
        named: Callable[[int], tuple[str, str]],
    ) -> None:
        self._plans = plans
        self._likes = likes
        self._slots = plans.slots()
        self._files = plans.files()
        self._now = now
        self._days = days
        self._approved = lru_cache(lambda steps: deadlines.approved(steps, now.date()))
        self._named = lru_cache(maxsize=4096)(named)

    def of(self, number: int) -> list[Remark]:
        """Return the remarks on one post."""
        return [
            *self._account(number),
            *self._date(number),
            *self._slot(number),
            *self._alike(number),
        ]

    def _account(self, number: int) -> Iterator[Remark]:
        if self._plans.unknown(number):
            name = conceal(self._plans.accounts[self._plans.account(number)])
            yield Remark(
                "account",
                "review",
                f"账号“{name}”不在登记的账号里。",
                "请核对写法，或写账号编号（screening account list）；新账号先到宣传部登记备案。",
            )

    def _date(self, number: int) -> Iterator[Remark]:
        at = self._plans.planned(number)
        if at is None:
            return
        timed, steps = self._plans.timed(number), self._plans.steps(number)
        if at < self._now if timed else at.date() < self._now.date():
            advice = "请核对日期，改排以后的时间。"
            yield Remark("past", "review", "计划发布的时间已经过了。", advice)
        elif steps and at.date() < self._approved(steps).day:
            yield self._hurried(steps)
        name = self._solemn(at.date())
        if name and self._plans.light(number):
            yield Remark("solemn", "review", f"当天是{name}，这篇偏轻松娱乐。", "请改日发布。")

    def _hurried(self, steps: tuple[Target, ...]) -> Remark:
        who = "部门审批" if len(steps) == 1 else "部门和宣传部两级审批"
        return Remark(
            "hurried",
            "review",
            f"今天送审，{who}按工作日最晚到 {self._approved(steps).label}，可能来不及。",
            "请尽快送审，或改排晚些的时间。",
        )

    def _solemn(self, day: date) -> str:
        forms = {day.isoformat(), day.strftime("%m-%d")}
        return "、".join(item.name for item in self._days if forms & {*item.on})

    def _slot(self, number: int) -> Iterator[Remark]:
        others = self._slots.beside(number)
        if others:
            at = self._plans.planned(number)
            message = f"同一账号在 {at:%Y-%m-%d %H:%M} 还排了：{self._names(others)}。"
            yield Remark("slot", "review", message, "请错开时间。", (*others[:_MOST_OTHERS],))

    def _alike(self, number: int) -> Iterator[Remark]:
        found = {
            index + 1: "same" if same else "alike" for index, same in self._likes.of(number - 1)
        }
        found |= dict.fromkeys(self._files.beside(number), "file")
        groups: dict[tuple[str, bool], list[int]] = {}
        account = self._plans.account(number)
        for other, how in found.items():
            groups.setdefault((how, self._plans.account(other) != account), []).append(other)
        order = (*_HOLDING, *_TELLING)
        for how, elsewhere in sorted(groups, key=lambda key: (order.index(key[0]), key[1])):
            yield self._likeness(how, groups[how, elsewhere], elsewhere=elsewhere)

    def _likeness(self, check: str, others: list[int], *, elsewhere: bool) -> Remark:
        where = "别的账号上" if elsewhere else "同一账号上"
        how = {"file": "用的是同一个文件", "same": "几乎相同"}.get(
            check, "大段相同，像是同一内容的不同写法"
        )
        advice = "请核对是否重复排期，删去多余的。"
        if elsewhere:
            advice = "请确认是有意多处发布，并注明首发。"
        return Remark(
            check,
            "review" if check != "alike" and not elsewhere else "notice",
            f"与{where}的稿件{how}：{self._names(others)}。",
            advice,
            (*others[:_MOST_OTHERS],),
        )

    def _names(self, numbers: Sequence[int], most: int = 2) -> str:
        named = (self._named(number) for number in numbers[:most])
        names = [f"{where}“{_short(title)}”" for where, title in named]
        rest = f"等 {len(numbers)} 篇" if len(numbers) > most else ""
        return "、".join(names) + rest


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"
