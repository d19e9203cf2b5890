"""``screening report``: the report on a stored ticket, rendered again."""

from __future__ import annotations

import click

from screening.cli.output import wants_colour, write, write_bytes
from screening.regulation import load_regulation
from screening.reports import FILES, REPORTS, render, render_file
from screening.reports.content import Options
from screening.settings import load_settings
from screening.tickets import open_archive


@click.command()
@click.argument("number")
@click.option(
    "--format",
    "name",
    type=click.Choice((*REPORTS, *FILES)),
    default="text",
    help="报告的格式，默认 text。",
)
@click.option("--output", metavar="FILE", help="把报告写入文件，默认写到屏幕。")
@click.option("--text", is_flag=True, help="json 报告里附上稿件全文。")
@click.pass_obj
def report(home: str | None, number: str, name: str, output: str | None, text: bool) -> None:
    """生成一张审批单的审查报告，说明每一处为什么被标出。

    NUMBER 是审批单的编号，可用 screening ticket list 查看。

    \b
    示例：
      screening report 2026-0001 --format html --output 报告.html
    """  # noqa: D301 - click wants the character itself
    revision = open_archive(load_settings(home)).ticket(number).revision
    heading = f"审批单 {number} · 第{revision.ordinal}稿"
    options = Options(heading=heading, text=text, colour=wants_colour(output))
    screenings = [revision.screening]
    if name in FILES:
        write_bytes(render_file(name, screenings, load_regulation(), options), output)
    else:
        write(render(name, screenings, load_regulation(), options), name, output)
