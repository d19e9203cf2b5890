"""``screening lexicon``: list, show, check and switch the rules; import a school's own list."""

from __future__ import annotations

from typing import Any

import click
from msgspec import to_builtins

from screening.cli.own_rules import disable, enable, import_file, open_rules
from screening.document import SCHEMA, dumps
from screening.errors import RulesError
from screening.settings import load_settings
from screening.stages.lexicon.check import check_lexicon
from screening.stages.lexicon.load import RuleBook
from screening.stages.lexicon.own import Switch
from screening.stages.lexicon.rules import AnyRule, CooccurrenceRule, PatternRule, TermRule

_FORMAT = click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式。"
)
#: judgements below which a share says little
_FEW = 5
_KINDS: dict[type[AnyRule], str] = {
    TermRule: "term",
    PatternRule: "pattern",
    CooccurrenceRule: "cooccurrence",
}
_STATES = {"active": "启用", "disabled": "停用", "retired": "废止"}


@click.group()
def lexicon() -> None:
    """查看、检查、停用规则，导入学校自己的词表。

    示例：screening lexicon check
    """


for command in (import_file, disable, enable):
    lexicon.add_command(command)


@lexicon.command("list")
@click.option("--category", help="只列一个类别，如 secrecy。")
@_FORMAT
@click.pass_obj
def list_rules(home: str | None, category: str | None, style: str) -> None:
    """列出全部规则。

    示例：screening lexicon list --category wording
    """
    book, switches = _load(home)
    rules = [rule for rule in book.rules if category in (None, rule.category)]
    if style == "json":
        summaries = [_summary(rule, switches.get(rule.id)) for rule in rules]
        click.echo(dumps({"digest": book.lexicon().digest, "rules": summaries}))
        return
    for rule in rules:
        cells = (rule.id, rule.category.label, rule.severity.label, rule.name)
        click.echo("  ".join((*cells, _state(rule, switches.get(rule.id)))))
    click.echo(f"共 {len(rules)} 条。")


@lexicon.command()
@click.argument("rule_id", metavar="RULE")
@_FORMAT
@click.pass_obj
def show(home: str | None, rule_id: str, style: str) -> None:
    """显示一条规则的全部内容。

    示例：screening lexicon show SEC001
    """
    book, switches = _load(home)
    rule = book.rule(rule_id.upper())
    switch = switches.get(rule.id)
    if style == "json":
        click.echo(dumps(_summary(rule, switch)))
        return
    for label, value in [*_details(rule, book), ("状态", _state(rule, switch))]:
        click.echo(f"{label}：{value}")


@lexicon.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """用每条规则自带的例句检查全部规则，停用的也查；有不符的，退出码为 2。

    学校自己的词表没有例句，只查每个词能否找到、例句若有是否相符。

    示例：screening lexicon check
    """
    book, _ = _load(ctx.obj)
    found = book.lexicon(with_disabled=True)
    problems = check_lexicon(found, load_settings(ctx.obj).pattern_seconds)
    for problem in problems:
        click.echo(f"{problem.rule}  {problem.problem}：{problem.text}")
    examples = sum(len(rule.hits) + len(rule.misses) for rule in found.rules)
    click.echo(
        f"{len(found.rules)} 条规则、{len(found.excuses)} 条免责语境、{examples} 个例句，"
        + (f"有 {len(problems)} 处不符。" if problems else "全部相符。")
    )
    if problems:
        ctx.exit(RulesError.exit_code)


@lexicon.command()
@_FORMAT
@click.pass_obj
def stats(home: str | None, style: str) -> None:
    """按审批人的答复统计每条规则：属实多少，误报多少。

    答复不到 5 次的规则，比例仅供参考，标“少”。

    示例：screening lexicon stats
    """
    from screening.cli.tables import table  # noqa: PLC0415 - opens the store; only stats needs it
    from screening.tickets import open_archive  # noqa: PLC0415

    found = open_archive(load_settings(home)).tallies()
    if style == "json":
        rules = [to_builtins(item) | {"precision": item.precision} for item in found]
        click.echo(dumps({"schema": SCHEMA, "rules": rules}))
        return
    names = {rule.id: rule.name for rule in _load(home)[0].rules}
    rows = [
        (
            item.rule,
            names.get(item.rule, ""),
            str(item.confirmed),
            str(item.dismissed),
            f"{item.precision:.0%}" + ("（少）" if item.judged < _FEW else ""),
        )
        for item in sorted(found, key=lambda item: item.precision)
    ]
    headings = ("规则", "名称", "属实", "误报", "属实比例")
    click.echo("\n".join(table(headings, rows, "名称")) if rows else "还没有人答复过任何发现。")


def _load(home: str | None) -> tuple[RuleBook, dict[str, Switch]]:
    book, store = open_rules(home)
    return book, store.switches()


def _status(rule: AnyRule, switch: Switch | None) -> str:
    return rule.status if switch is None or rule.status == "retired" else switch.state


def _state(rule: AnyRule, switch: Switch | None) -> str:
    status = _status(rule, switch)
    if switch is None or status != "disabled":
        return _STATES[status]
    return f"停用：{switch.reason}（{switch.stamp.by}，{switch.stamp.at[:10]}）"


def _summary(rule: AnyRule, switch: Switch | None) -> dict[str, Any]:
    disabled = switch if switch is not None and _status(rule, switch) == "disabled" else None
    return {
        "id": rule.id,
        "kind": _KINDS[type(rule)],
        "name": rule.name,
        "term": rule.name if isinstance(rule, TermRule) else None,
        "topic": rule.topic,
        "category": rule.category,
        "severity": rule.severity,
        "status": _status(rule, switch),
        "disabled": disabled
        and {"reason": disabled.reason, "by": disabled.stamp.by, "at": disabled.stamp.at},
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


def _details(rule: AnyRule, book: RuleBook) -> list[tuple[str, str]]:
    rows = [
        ("编号", rule.id),
        ("名称", rule.name),
        ("类别", rule.category.label),
        ("轻重", rule.severity.label),
        ("提示语", rule.message),
        ("建议", rule.advice),
        *(("依据", book.sources.regulation.describe(basis)) for basis in rule.basis),
    ]
    if isinstance(rule, TermRule):
        rows.append(("词语", "、".join(rule.terms)))
    elif isinstance(rule, PatternRule):
        rows += [("正则", rule.regex.source), ("触发", "、".join(rule.triggers))]
    else:
        rows += [("共现", " + ".join("/".join(group) for group in rule.groups))]
    rows += [("例外", "、".join(rule.unless))] if rule.unless else []
    rows += [("免责语境", "、".join(rule.excuses))] if rule.excuses else []
    rows += [*(("命中例句", text) for text in rule.hits), *(("近似例句", t) for t in rule.misses)]
    return rows
