"""``screening batch``: screens a schedule of posts, or a folder of drafts."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from screening.batch.filing import Filer
from screening.batch.outcome import Kept, Outcome, Totals
from screening.batch.run import INDEX, WORKBOOK, Batch, Order, Progress
from screening.cli.output import fail_on_option
from screening.errors import UsageError
from screening.finding import Severity, Verdict
from screening.registry import open_registrar, read_registry
from screening.registry.records import Person
from screening.reports.safe import visible
from screening.settings import Settings, load_settings

_FOUND, _UNSCREENED = 1, 3
_UNFILED = (
    "  原因消除后，加 --resume --submit 再登记；确认就这样排的，再加 --with-remarks。"
    "要改排期表的，把这几行另存一张表另审：整张表重来，已登记的会再登记一次。"
)
#: seconds between two looks of the progress bar
_REDRAWN = 0.1


@click.command()
@click.argument("schedule", metavar="SCHEDULE")
@click.option("--output", required=True, metavar="DIR", help="结果写到哪个文件夹。")
@click.option(
    "--workers", type=click.IntRange(1, 64), metavar="N", help="几个进程同时审，默认按处理器。"
)
@click.option("--resume", is_flag=True, help="接着上次中断的地方审，已审完的不重审。")
@click.option("--submit", is_flag=True, help="每篇登记一张审批单。")
@click.option(
    "--with-remarks", is_flag=True, help="登记时，有排期提示（重复、撞期、过期等）的也登记。"
)
@click.option("--editor", metavar="NAME", help="排期表没写编辑时，用这个姓名登记。")
@click.option("--as", "claim", metavar="PERSON", help="送审人的编号或姓名，登记了人员后要写。")
@click.option(
    "--executor",
    type=click.Choice(["local", "dask"]),
    default="local",
    help="在本机审（local，默认），还是交给 Dask 集群（dask）。",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Dask 调度程序的地址，如 tcp://10.0.0.5:8786。"
)
@click.option("--limit", type=click.FloatRange(1), default=60.0, help="一篇最多审几秒，默认 60。")
@click.option("--no-pages", is_flag=True, help="不写每一篇的网页报告。")
@fail_on_option
@click.pass_obj
def batch(
    home: str | None,
    *,
    schedule: str,
    output: str,
    workers: int | None,
    resume: bool,
    submit: bool,
    with_remarks: bool,
    editor: str | None,
    claim: str | None,
    executor: str,
    scheduler: str | None,
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
      screening batch 十月排期.xlsx --output 十月审查 --resume --submit --editor 李示例
      screening batch 来稿/ --output 审查结果 --workers 2
      screening batch 全市.xlsx --output 结果 --executor dask --scheduler tcp://10.0.0.5:8786

    --submit 在全部审完后按行的次序登记审批单。日期已过、账号没有登记、撞期、重复、纪念日不宜的，
    以及隐藏的、时间认不出来的行先不登记，逐行说明；确认就这样排的，加 --with-remarks 登记。

    退出码：0 没有须处理的问题；1 有；2 用法、设置或规则不对；3 有稿件没能审查或登记。
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
        scheduler=_address(executor, scheduler),
    )
    if order.output.resolve() == order.schedule.resolve():
        raise UsageError("U003", where=output, problem="这是排期表本身")
    if with_remarks and not submit:
        raise UsageError("U002", problem="--with-remarks 要和 --submit 一起写")
    filer = _filer(settings, editor, claim, remarked=with_remarks) if submit else None
    whole = Batch(order, settings, registry, datetime.now(), filer=filer)
    try:
        with _progress() as progress:
            totals = whole.run(progress)
    except KeyboardInterrupt:
        click.echo("已中断，审完的都已保存；加 --resume 接着审。", err=True)
        sys.exit(130)
    for line in _told(order, totals, whole.unread):
        click.echo(line)
    click.get_current_context().exit(_exit_code(totals, Severity(fail_on)))


def _address(executor: str, scheduler: str | None) -> str:
    """Return the address of the cluster, "" for this machine."""
    if (executor == "dask") != bool(scheduler):
        raise UsageError("U002", problem="--executor dask 和 --scheduler 地址要一起写")
    return scheduler or ""


def _exit_code(totals: Totals, fail_on: Severity) -> int:
    if totals.lost.count or totals.unfiled.count:
        return _UNSCREENED
    return _FOUND if totals.worst >= fail_on.rank else 0


def _told(
    order: Order, totals: Totals, unread: Iterable[tuple[str, tuple[str, ...]]]
) -> Iterator[str]:
    verdicts = totals.verdicts
    parts = [f"{item.label} {verdicts[item]}" for item in reversed(Verdict) if verdicts[item]]
    parts += [f"没有审查完 {totals.lost.count}"] if totals.lost.count else []
    yield f"共 {totals.total} 篇：{' · '.join(parts)}"
    yield from _listed("没有审查完：", totals.lost, lambda item: item.why)
    if totals.remarked.count:
        kinds = "、".join(f"{name} {count}" for name, count in totals.kinds.most_common())
        yield f"有排期提示的 {totals.remarked.count} 篇：{kinds}"
        yield from _listed("", totals.remarked, lambda item: " ".join(item.remarks))
    if totals.filed.count:
        yield f"已登记审批单 {totals.filed.count} 张，从 {totals.filed.first[0].ticket} 起"
    if totals.unfiled.count:
        yield f"没有登记审批单的 {totals.unfiled.count} 篇："
        yield from _listed("", totals.unfiled, lambda item: item.unfiled)
        yield _UNFILED
    for sheet, columns in unread:
        yield f"  “{visible(sheet)}”里这些列不认识，没有审查：{visible('、'.join(columns))}"
    yield f"网页：{order.output / INDEX}"
    yield f"表格：{order.output / WORKBOOK}"


def _listed(before: str, kept: Kept, said: Callable[[Outcome], str]) -> Iterator[str]:
    for item in kept.first:
        yield f"  {before}{visible(item.where)} {visible(said(item))}"
    if kept.count > len(kept.first):
        yield f"  另有 {kept.count - len(kept.first)} 篇，见结果表"


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show a bar with rate and time left, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda done, total, what="": None
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
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("还需"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None, rate="")

        drawn = [0.0]  # no thread redraws: forked workers must not inherit its locks

        def show(done: int, total: int, what: str = "审查") -> None:
            if bar.tasks[0].description != what:
                bar.reset(task, description=what)
            speed = bar.tasks[0].speed
            bar.update(
                task, completed=done, total=total, rate=f"{speed:.0f} 篇/秒" if speed else ""
            )
            if (now := time.monotonic()) - drawn[0] > _REDRAWN or done == total:
                drawn[0] = now
                bar.refresh()

        yield show


def _filer(settings: Settings, editor: str | None, claim: str | None, *, remarked: bool) -> Filer:
    """Return what files a screened post as a ticket, in the name of whoever is at the keyboard."""
    from screening.cli.identity import identified  # noqa: PLC0415 - loads the store
    from screening.tickets import open_desk  # noqa: PLC0415

    registrar = open_registrar(settings)
    by: Person | None = identified(registrar, claim) if registrar.registry().people else None
    return Filer(open_desk(settings), editor, by, remarked=remarked)
