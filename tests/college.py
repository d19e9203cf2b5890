"""A made-up college: two departments, people in every post, and screenings of every kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from made_up import small
from msgspec.structs import replace

from screening.database.log import append
from screening.finding import Category, Route, Severity, Target, Verdict
from screening.registry.records import Account, Department, Person, Post, Role
from screening.registry.registry import Registry
from screening.registry.store import Rolls
from screening.tickets import key_log
from screening.tickets.keys import Keyring

AT = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 5, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def person(key, *posts):
    """Return a person whose posts are written "role@department"."""
    pairs = [post.split("@") for post in posts]
    return Person(
        key, f"{key}示例", tuple(sorted(Post(Role(role), place) for role, place in pairs))
    )


PEOPLE = {
    item.id: item
    for item in (
        person("li", "editor@jd"),
        person("zhao", "editor@jd", "administrator@jd"),
        person("wang", "head@jd"),
        person("gao", "head@jd"),
        person("qian", "head@jj", "editor@jj"),
        person("han", "head@jj"),
        person("chen", "editor@jj"),
        person("wu", "editor@xcb"),
        person("sun", "publicity@xcb"),
        person("zhou", "publicity@xcb", "head@xcb"),
        person("both", "head@jd", "publicity@xcb"),
        person("boss", "editor@jd", "head@jd", "publicity@xcb"),
        person("adm", "system@xcb"),
    )
}
RECORDS = (
    Department("jd", "机电学院"),
    Department("jj", "经济学院"),
    Department("xcb", "宣传部"),
    *PEOPLE.values(),
    Account("jd-wechat", "机电青年", "微信公众号", 2, "jd"),
    Account("jj-wechat", "经管青年", "微信公众号", 2, "jj"),
    Account("school", "校官微", "微博", 1, "xcb"),
)
REGISTRY = Registry.of(RECORDS)


def register(store):
    """Put everybody and everything into a store."""
    with store.writing() as ledger:
        for record in RECORDS:
            Rolls(ledger.connection).put(record, AT, "adm")


def signing_keys(store, folder):
    """Return a ring with one key that the store's log knows."""
    ring = Keyring(folder)
    key = ring.make(AT)
    with store.writing() as ledger:
        kind, payload = key_log.made(key)
        append(ledger.connection, kind, NOW, "adm", payload)
    return ring


def found(text="今天下雨。", severity=Severity.REVIEW, category=Category.WORDING, rule="WOR001"):
    """Return a screening with one finding, and the verdict and route that follow from it."""
    screening = small(text, severity)
    (item,) = screening.findings
    item = replace(item, category=category, rule=rule, id=f"{rule}-1")
    verdict = {Severity.BLOCK: Verdict.BLOCK, Severity.NOTICE: Verdict.PASS}
    to = Target.PUBLICITY if severity is Severity.ESCALATE else Target.DEPARTMENT
    return replace(
        screening,
        findings=(item,),
        verdict=verdict.get(severity, Verdict.REVIEW),
        route=Route(to, ("理由",)),
    )


def major(text="学校党委换届。"):
    """Return a screening that goes to 宣传部 with nothing to answer."""
    return replace(small(text), route=Route(Target.PUBLICITY, ("一级平台",)))
