"""``screening lexicon import|disable|enable``: what a school adds and what it switches off."""

from __future__ import annotations

import getpass
from collections import Counter
from pathlib import Path
from typing import Any

import click

from screening import clock
from screening.cli.input import read_bytes
from screening.document import dumps
from screening.errors import UsageError
from screening.finding import Category, Severity
from screening.regulation import load_regulation
from screening.settings import load_settings
from screening.stages.lexicon.importing import (
    Defaults,
    Imported,
    LeftOut,
    Why,
    import_list,
    named,
)
from screening.stages.lexicon.lists import SchoolList, read_list
from screening.stages.lexicon.load import RuleBook, read_rules
from screening.stages.lexicon.own import OwnStore, Stamp, State, Switch
from screening.stages.lexicon.switching import switch_rule

_REASONS: dict[Why, str] = {"bad": "不能用", "duplicate": "重复", "ordinary": "会误报"}
#: lines shown of each kind that was left out
_SHOWN = 20
_AS = click.option("--as", "by", metavar="PERSON", help="谁在操作；不写则取登录系统的用户名。")


def open_rules(home: str | None) -> tuple[RuleBook, OwnStore]:
    """Return every rule, shipped and the school's own, and where the own ones are kept."""
    settings = load_settings(home)
    store = OwnStore(settings.home / "lexicon")
    return read_rules(settings.school, load_regulation(), own=store.folder), store


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--category", metavar="NAME", help="词语的类别，如 internal 或“内部事项”。")
@click.option("--topic", metavar="NAME", help="归入一个已有的主题，代替类别。")
@click.option("--severity", metavar="NAME", help="轻重，如 review 或“须核对”；不写则按类别。")
@click.option("--name", metavar="NAME", help="词表的名称；不写则用文件名。")
@click.option("--encoding", metavar="NAME", help="文字编码，如 gbk；不写则由软件判断。")
@click.option("--force", is_flag=True, help="普通文章里也会命中的词，照样导入。")
@_AS
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式。"
)
@click.pass_obj
def import_file(
    home: str | None,
    *,
    file: str,
    category: str | None,
    topic: str | None,
    severity: str | None,
    name: str | None,
    encoding: str | None,
    force: bool,
    by: str | None,
    style: str,
) -> None:
    """导入学校自己的词表：每行一个词，或 CSV。

    CSV 首行写列名：词语、同义写法、类别、轻重、例外、提示语、建议、备注，只有“词语”必须有。
    不能用的、重复的、普通文章里也会命中的，列出原因，不导入。词表只存在工作目录里。

    FILE 写“-”则读标准输入。

    \b
    示例：
      screening lexicon import 保密词.txt --category internal
      screening lexicon import 词表.csv --severity 须核对 --as 李示例
    """  # noqa: D301 - click wants the character itself
    book, store = open_rules(home)
    defaults = Defaults(
        name=name or (Path(file).stem if file != "-" else "标准输入"),
        topic=_topic(book, topic, category),
        category=_category(category),
        severity=_severity(severity),
    )
    found = read_list(read_bytes(file), Path(file).name, encoding)
    if not (defaults.topic or defaults.category or found.columns & {"category", "topic"}):
        raise UsageError("U002", problem="请用 --category 写明类别，或在词表里加一列“类别”")
    result = import_list(store, book, found, defaults, _stamp(by), force=force)
    if style == "json":
        click.echo(dumps(_summary(result, found)))
    else:
        _echo_import(result, found)


@click.command()
@click.argument("rule_id", metavar="RULE")
@click.option("--reason", required=True, metavar="TEXT", help="为什么停用。")
@_AS
@click.pass_obj
def disable(home: str | None, rule_id: str, reason: str, by: str | None) -> None:
    """停用一条规则，记下谁在何时为何停用。涉密规则和号码规则不能停用。

    示例：screening lexicon disable WOR012 --reason 本校名称里有这个词
    """
    _switch(home, rule_id, "disabled", reason, by)


@click.command()
@click.argument("rule_id", metavar="RULE")
@click.option("--reason", default="", metavar="TEXT", help="为什么恢复。")
@_AS
@click.pass_obj
def enable(home: str | None, rule_id: str, reason: str, by: str | None) -> None:
    """恢复一条停用的规则。

    示例：screening lexicon enable WOR012
    """
    _switch(home, rule_id, "active", reason, by)


def _switch(home: str | None, rule_id: str, state: State, reason: str, by: str | None) -> None:
    if state == "disabled" and not reason.strip():
        raise UsageError("U002", problem="--reason 不能为空")
    book, store = open_rules(home)
    switch = Switch(state, " ".join(reason.split()), _stamp(by))
    rule = switch_rule(store, book, rule_id.upper(), switch)
    click.echo(f"已{'停用' if state == 'disabled' else '启用'} {rule.id}（{rule.name}）。")


def _stamp(by: str | None) -> Stamp:
    return Stamp(by or _user(), clock.now().isoformat(timespec="seconds"))


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "未知用户"


def _topic(book: RuleBook, name: str | None, category: str | None) -> str:
    if name and book.topic_of(name) is None:
        raise UsageError("U002", problem=f"--topic：没有主题“{name}”")
    if name and category:
        raise UsageError("U002", problem="--topic 和 --category 只能写一个")
    return name or ""


def _category(text: str | None) -> Category | None:
    try:
        return named(Category, text or "", "--category：类别")
    except ValueError as error:
        raise UsageError("U002", problem=str(error)) from error


def _severity(text: str | None) -> Severity | None:
    try:
        return named(Severity, text or "", "--severity：轻重")
    except ValueError as error:
        raise UsageError("U002", problem=str(error)) from error


def _summary(result: Imported, found: SchoolList) -> dict[str, Any]:
    left_out = [
        {"line": o.line, "term": o.term, "why": o.why, "reason": o.reason, "imported": o.forced}
        for o in result.left_out
    ]
    return {"imported": result.ids, "lines": left_out, "ignored_columns": found.ignored}


def _echo_import(result: Imported, found: SchoolList) -> None:
    for kind, label in _REASONS.items():
        lines = [item for item in result.left_out if item.why == kind]
        for item in lines[:_SHOWN]:
            click.echo(_line(item, label))
        if len(lines) > _SHOWN:
            click.echo(f"  ……{label}的另有 {len(lines) - _SHOWN} 行，用 --format json 可看全部。")
    if found.ignored:
        click.echo("没有用到的列：" + "、".join(found.ignored))
    ids = result.ids
    span = f"（{ids[0]}" + (f"–{ids[-1]}" if len(ids) > 1 else "") + "）" if ids else ""
    counts = Counter(item.why for item in result.left_out if not item.forced)
    left = "，".join(f"{label} {counts[why]} 行" for why, label in _REASONS.items() if counts[why])
    click.echo(f"已导入 {len(ids)} 条{span}。" + (f"没有导入：{left}。" if left else ""))
    if counts["ordinary"]:
        click.echo("会误报的词确需使用时，可加 --force 重新导入。")


def _line(item: LeftOut, label: str) -> str:
    done = "（仍已导入）" if item.forced else ""
    return f"第 {item.line} 行 {label}{done}“{item.term}”：{item.reason}"
