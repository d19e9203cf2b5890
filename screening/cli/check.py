"""``screening check``: screens drafts and files nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from screening.cli.input import encoding_option
from screening.cli.output import (
    fail_on_option,
    refuse_overwriting,
    tell_compiling,
    wants_colour,
    write,
    write_bytes,
)
from screening.draft import Draft
from screening.errors import ScreeningError, UsageError
from screening.finding import Screening, Severity
from screening.pipeline import Screener
from screening.readers import read_draft
from screening.regulation import load_regulation
from screening.reports import FILES, REPORTS, render, render_file
from screening.reports.content import Options, Unread

_FOUND = 1
_UNSCREENED = 3
_NUMBERS_REMAIN = "注意：写了批注的是你的原稿，里面的个人号码没有遮盖；转给别人以前请先处理。"


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--format",
    "name",
    type=click.Choice((*REPORTS, *FILES)),
    default="text",
    help="报告的格式，默认 text。",
)
@click.option("--output", metavar="FILE", help="把报告写入文件，默认写到屏幕。")
@click.option("--title", metavar="TEXT", help="稿件的标题，代替从稿件里认出的标题。")
@click.option("--account", metavar="ID", help="要发布的账号，一级平台由宣传部终审。")
@encoding_option
@click.option("--text", is_flag=True, help="json 报告里附上稿件全文。")
@fail_on_option
@click.pass_obj
def check(
    home: str | None,
    paths: tuple[str, ...],
    *,
    name: str,
    output: str | None,
    title: str | None,
    account: str | None,
    encoding: str | None,
    text: bool,
    fail_on: str,
) -> None:
    """审查稿件，给出报告，不登记审批单。

    PATH 是 .docx、.html、.md、.txt 或字幕文件，可以写多个；“-”表示标准输入。

    \b
    示例：
      screening check 新闻稿.docx
      screening check 稿件/*.docx --format html --output 报告.html
      screening check 新闻稿.docx --format docx --output 新闻稿-批注.docx

    只有一篇 Word 稿件时，docx 报告就是你的原稿加上批注，正文不动，其中的个人号码也就没有遮盖；
    有这样的号码会在屏幕上提醒。别的报告都遮盖。

    退出码：0 没有须处理的问题；1 有；2 用法、设置或规则不对；3 有稿件没能审查。
    """  # noqa: D301 - click wants the character itself
    if title is not None and len(paths) > 1:
        raise UsageError("U002", problem="--title 只能用于一篇稿件")
    if paths.count("-") > 1:
        raise UsageError("U002", problem="标准输入“-”只能写一次")
    refuse_overwriting(output, paths)
    drafts, errors = _read(paths, title, encoding)
    screener = Screener.from_home(home, tell_compiling)
    screenings = [screener.screen(draft, account=account) for draft in drafts]
    unread = tuple(Unread.of(path, error) for path, error in errors)
    if screenings or name != "text":
        options = Options(unread, text=text, colour=wants_colour(output))
        if name in FILES:
            original = _original(drafts, paths) if name == "docx" else None
            report = render_file(name, screenings, load_regulation(), options, original)
            write_bytes(report, output)
            if original is not None and screenings[0].draft.fields != drafts[0].fields:
                click.echo(_NUMBERS_REMAIN, err=True)
        else:
            write(render(name, screenings, load_regulation(), options), name, output)
    for item in unread:
        click.echo(item.message, err=True)
    click.get_current_context().exit(
        exit_code(screenings, [error for _, error in errors], Severity(fail_on))
    )


def exit_code(
    screenings: Sequence[Screening], errors: Sequence[ScreeningError], fail_on: Severity
) -> int:
    """Return 0, 1 or 3 as the contract says, or 2 where there is none of the files named.

    What is not covered in a draft weighs as much as a finding to review. A draft that could not be
    read, and a stage that failed, win over everything found.
    """
    if errors and not screenings:
        return max(error.exit_code for error in errors)
    if errors or any(screening.failures for screening in screenings):
        return _UNSCREENED
    weights = [finding.severity.rank for screening in screenings for finding in screening.findings]
    weights += [Severity.REVIEW.rank for screening in screenings if not screening.complete]
    return _FOUND if max(weights, default=-1) >= fail_on.rank else 0


def _original(drafts: Sequence[Draft], paths: Sequence[str]) -> bytes | None:
    """Return the bytes of the one draft where it is a Word file, for comments to stand in it."""
    if len(paths) != 1 or paths[0] == "-" or not drafts or drafts[0].format != "docx":
        return None
    return Path(paths[0]).read_bytes()


def _read(
    paths: Sequence[str], title: str | None, encoding: str | None
) -> tuple[list[Draft], list[tuple[str, ScreeningError]]]:
    """Read every draft that can be read; keep the error of every other."""
    drafts: list[Draft] = []
    errors: list[tuple[str, ScreeningError]] = []
    for path in paths:
        try:
            drafts.append(read_draft(path, title=title, encoding=encoding))
        except ScreeningError as error:
            errors.append((path, error))
    return drafts, errors
