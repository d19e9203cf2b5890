"""``screening lexicon``: list, show and check the rules."""

from __future__ import annotations

import json
from typing import Any

import click

from screening.errors import RulesError
from screening.regulation import Regulation, load_regulation
from screening.settings import Settings, load_settings
from screening.stages.lexicon.check import check_lexicon
from screening.stages.lexicon.load import load_lexicon
from screening.stages.lexicon.rules import (
    AnyRule,
    CooccurrenceRule,
    Lexicon,
    PatternRule,
    TermRule,
)

_FORMAT = click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式。"
)
_KINDS: dict[type[AnyRule], str] = {
    TermRule: "term",
    PatternRule: "pattern",
    CooccurrenceRule: "cooccurrence",
}


@click.group()
def lexicon() -> None:
    """查看和检查规则。

    示例：screening lexicon check
    """


@lexicon.command("list")
@click.option("--category", help="只列一个类别，如 secrecy。")
@_FORMAT
@click.pass_obj
def list_rules(home: str | None, category: str | None, style: str) -> None:
    """列出全部规则。

    示例：screening lexicon list --category wording
    """
    _, found, _ = _load(home)
    rules = [rule for rule in found.rules if category in (None, rule.category)]
    if style == "json":
        _echo_json({"digest": found.digest, "rules": [_summary(rule) for rule in rules]})
        return
    for rule in rules:
        click.echo(f"{rule.id}  {rule.category.label}  {rule.severity.label}  {rule.name}")
    click.echo(f"共 {len(rules)} 条。")


@lexicon.command()
@click.argument("rule_id", metavar="RULE")
@_FORMAT
@click.pass_obj
def show(home: str | None, rule_id: str, style: str) -> None:
    """显示一条规则的全部内容。

    示例：screening lexicon show SEC001
    """
    _, found, regulation = _load(home)
    rule = found.rule(rule_id.upper())
    if rule is None:
        raise RulesError("L005", rule=rule_id)
    if style == "json":
        _echo_json(_summary(rule))
        return
    for label, value in _details(rule, regulation):
        click.echo(f"{label}：{value}")


@lexicon.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """用每条规则自带的例句检查全部规则；有不符的，退出码为 2。

    示例：screening lexicon check
    """
    settings, found, _ = _load(ctx.obj)
    problems = check_lexicon(found, settings.pattern_seconds)
    for problem in problems:
        click.echo(f"{problem.rule}  {problem.problem}：{problem.text}")
    examples = sum(len(rule.hits) + len(rule.misses) for rule in found.rules)
    click.echo(
        f"{len(found.rules)} 条规则、{len(found.excuses)} 条免责语境、{examples} 个例句，"
        + (f"有 {len(problems)} 处不符。" if problems else "全部相符。")
    )
    if problems:
        ctx.exit(RulesError.exit_code)


def _load(home: str | None) -> tuple[Settings, Lexicon, Regulation]:
    settings, regulation = load_settings(home), load_regulation()
    return settings, load_lexicon(settings.school, regulation), regulation


def _summary(rule: AnyRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "kind": _KINDS[type(rule)],
        "name": rule.name,
        "term": rule.name if isinstance(rule, TermRule) else None,
        "topic": rule.topic,
        "category": rule.category,
        "severity": rule.severity,
        "status": rule.status,
        "evasions": _evasions(rule),
        "message": rule.message,
        "advice": rule.advice,
        "basis": [{"article": basis.article, "item": basis.item} for basis in rule.basis],
        "unless": rule.unless,
        "excuses": rule.excuses,
        "hit": rule.hits,
        "miss": rule.misses,
    }


def _evasions(rule: AnyRule) -> list[str]:
    """Name the disguises that the rule sees through."""
    always = ["width", "case", "traditional", "styled", "invisible"]
    parted = isinstance(rule, CooccurrenceRule) or (isinstance(rule, TermRule) and not rule.exact)
    asked = rule.evasions if isinstance(rule, TermRule) else ()
    return [*always, *(["separator"] if parted else []), *asked]


def _details(rule: AnyRule, regulation: Regulation) -> list[tuple[str, str]]:
    rows = [
        ("编号", rule.id),
        ("名称", rule.name),
        ("类别", rule.category.label),
        ("轻重", rule.severity.label),
        ("提示语", rule.message),
        ("建议", rule.advice),
        *(("依据", regulation.describe(basis)) for basis in rule.basis),
    ]
    if isinstance(rule, TermRule):
        rows.append(("词语", "、".join(rule.terms)))
    elif isinstance(rule, PatternRule):
        rows += [("正则", rule.regex), ("触发", "、".join(rule.triggers))]
    else:
        rows += [("共现", " + ".join("/".join(group) for group in rule.groups))]
    rows += [("例外", "、".join(rule.unless))] if rule.unless else []
    rows += [("免责语境", "、".join(rule.excuses))] if rule.excuses else []
    rows += [*(("命中例句", text) for text in rule.hits), *(("近似例句", t) for t in rule.misses)]
    return rows


def _echo_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
