"""``screening batch``: screens a schedule of posts, or a folder of drafts."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from screening.batch.outcome import Outcome
from screening.batch.post import Post
from screening.batch.run import INDEX, WORKBOOK, Batch, Filer, Order, Progress
from screening.document import from_document
from screening.errors import UsageError
from screening.finding import Severity, Verdict
from screening.registry import open_registrar, read_registry
from screening.registry.records import Person
from screening.settings import Settings, load_settings

_FOUND, _UNSCREENED = 1, 3


@click.command()
@click.argument("schedule", metavar="SCHEDULE")
@click.option("--output", required=True, metavar="DIR", help="结果写到哪个文件夹。")
@click.option(
    "--workers", type=click.IntRange(1, 64), metavar="N", help="几个进程同时审，默认按处理器。"
)
@click.option("--resume", is_flag=True, help="接着上次中断的地方审，已审完的不重审。")
@click.option("--submit", is_flag=True, help="每篇登记一张审批单。")
@click.option("--editor", metavar="NAME", help="排期表没写编辑时，用这个姓名登记。")
@click.option("--as", "claim", metavar="PERSON", help="送审人的编号或姓名，登记了人员后要写。")
@click.option("--limit", type=click.FloatRange(1), default=60.0, help="一篇最多审几秒，默认 60。")
@click.option("--no-pages", is_flag=True, help="不写每一篇的网页报告。")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default="review",
    help="发现达到这个程度时退出码为 1，默认 review。",
)
@click.pass_obj
def batch(
    home: str | None,
    *,
    schedule: str,
    output: str,
    workers: int | None,
    resume: bool,
    submit: bool,
    editor: str | None,
    claim: str | None,
    limit: float,
    no_pages: bool,
    fail_on: str,
) -> None:
    """审查一张排期表里的全部稿件，结果写成表格和网页。

    SCHEDULE 是 .xlsx、.xls、.csv、.jsonl 排期表，或放稿件的文件夹。
    表头可写标题、正文、文件、账号、部门、拟发布时间、编辑、备注等；一行写正文，或写排期表旁边的文件名。

    \b
    示例：
      screening batch 十月排期.xlsx --output 十月审查
      screening batch 十月排期.xlsx --output 十月审查 --resume
      screening batch 来稿/ --output 审查结果 --workers 2

    退出码：0 没有须处理的问题；1 有；2 用法、设置或规则不对；3 有稿件没能审查。
    """  # noqa: D301 - click wants the character itself
    settings = load_settings(home)
    registry = read_registry(settings)
    order = Order(
        schedule=Path(schedule),
        output=Path(output),
        workers=workers or os.cpu_count() or 1,
        resume=resume,
        limit=limit,
        pages=not no_pages,
    )
    if order.output.resolve() == order.schedule.resolve():
        raise UsageError("U003", where=output, problem="这是排期表本身")
    file = _filer(settings, editor, claim) if submit else None
    whole = Batch(order, settings, registry, datetime.now(), file=file)
    try:
        with _progress() as progress:
            outcomes = whole.run(progress)
    except KeyboardInterrupt:
        click.echo("已中断，审完的都已保存；加 --resume 接着审。", err=True)
        sys.exit(130)
    for line in _told(order, outcomes):
        click.echo(line)
    click.get_current_context().exit(_exit_code(outcomes, Severity(fail_on)))


def _exit_code(outcomes: Sequence[Outcome], fail_on: Severity) -> int:
    if any(item.why for item in outcomes):
        return _UNSCREENED
    return _FOUND if any(item.worst >= fail_on.rank for item in outcomes) else 0


def _told(order: Order, outcomes: Sequence[Outcome]) -> Iterator[str]:
    verdicts = Counter(item.verdict for item in outcomes if not item.why)
    parts = [f"{item.label} {verdicts[item]}" for item in reversed(Verdict) if verdicts[item]]
    lost = [item for item in outcomes if item.why]
    parts += [f"没有审查完 {len(lost)}"] if lost else []
    yield f"共 {len(outcomes)} 篇：{' · '.join(parts)}"
    for item in lost[:20]:
        yield f"  没有审查完：{item.where} {item.why}"
    if len(lost) > 20:
        yield f"  ……共 {len(lost)} 篇，见结果表"
    yield f"网页：{order.output / INDEX}"
    yield f"表格：{order.output / WORKBOOK}"


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show a bar with rate and time left, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console  # noqa: PLC0415 - only terminals need it
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("审查"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("还需"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def show(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(
                task, completed=done, total=total, rate=f"{speed:.0f} 篇/秒" if speed else ""
            )

        yield show


def _filer(settings: Settings, editor: str | None, claim: str | None) -> Filer:
    """Return what files a screened post as a ticket, in the name of whoever is at the keyboard."""
    from screening.cli.identity import identified  # noqa: PLC0415 - loads the store
    from screening.tickets import open_desk  # noqa: PLC0415

    desk = open_desk(settings)
    registrar = open_registrar(settings)
    by: Person | None = identified(registrar, claim) if registrar.registry().people else None

    def file(post: Post, result: dict[str, Any]) -> str:
        account = result["account"]
        if not account:
            raise UsageError("U002", problem="排期表没有写账号，没有登记审批单")
        name = post.editor or editor
        if not name and by is None:
            raise UsageError("U002", problem="排期表没有写编辑，请用 --editor 写明")
        screening = from_document({**result, "elapsed_ms": {}})
        return desk.submit(screening, account, name, by=by).number

    return file
