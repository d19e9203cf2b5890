"""Make docs/cli.md (from every --help) and docs/rules.md (from the lexicons); a test compares.

Run ``python tools/build_docs.py [FOLDER]``; the default is docs/.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from screening.cli.chinese import ChineseFormatter
from screening.cli.main import cli
from screening.finding import Category
from screening.regulation import Regulation, load_regulation
from screening.settings import load_settings
from screening.stages.lexicon.load import load_lexicon
from screening.stages.lexicon.rules import AnyRule, Excuse, Lexicon

DOCS = Path(__file__).parent.parent / "docs"


def help_pages(command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield the help page of ``command`` and of all below it, as Markdown sections."""
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from help_pages(below, click.Context(below, context, name))


def cli_page() -> str:
    """Return docs/cli.md."""
    click.Context.formatter_class = ChineseFormatter
    context = click.Context(cli, info_name="screening", terminal_width=80, max_content_width=80)
    head = "# 命令\n\n由 `tools/build_docs.py` 从各命令的 --help 生成，请勿手改。\n"
    return "\n".join([head, *help_pages(cli, context)])


def rules_page(lexicon: Lexicon, regulation: Regulation) -> str:
    """Return docs/rules.md."""
    parts = [
        "# 规则\n\n由 `tools/build_docs.py` 从 lexicons/ 生成，请勿手改。\n",
        f"共 {len(lexicon.rules)} 条规则、{len(lexicon.excuses)} 条免责语境。\n",
    ]
    order = list(Category)
    rules = sorted(lexicon.rules, key=lambda rule: (order.index(rule.category), rule.id))
    for category, group in groupby(rules, key=lambda rule: rule.category):
        rows = list(group)
        parts.append(f"## {category.label}（{category}，{len(rows)} 条）\n")
        parts.append("| 编号 | 规则 | 轻重 | 依据 | 建议 | 必须命中 | 不得命中 |")
        parts.append("|---|---|---|---|---|---|---|")
        parts += [_rule_row(rule) for rule in rows]
        cited = sorted({basis for rule in rows for basis in rule.basis})
        parts.append("\n依据：" + "；".join(map(regulation.describe, cited)) + "。\n")
    parts.append("## 免责语境\n")
    parts.append("| 编号 | 语境 | 范围 | 免责 | 不免责 |\n|---|---|---|---|---|")
    parts += [_excuse_row(excuse) for excuse in lexicon.excuses]
    return "\n".join(parts) + "\n"


def _rule_row(rule: AnyRule) -> str:
    basis = "、".join(item.label for item in rule.basis)
    cells = (rule.id, rule.name, rule.severity.label, basis, rule.advice)
    return _row(*cells, rule.hits[0], rule.misses[0])


def _excuse_row(excuse: Excuse) -> str:
    return _row(excuse.id, excuse.label, excuse.scope, excuse.hits[0], excuse.misses[0])


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    with tempfile.TemporaryDirectory() as home:
        regulation = load_regulation()
        lexicon = load_lexicon(load_settings(home).school, regulation)
    (folder / "cli.md").write_text(cli_page(), "utf-8")
    (folder / "rules.md").write_text(rules_page(lexicon, regulation), "utf-8")
