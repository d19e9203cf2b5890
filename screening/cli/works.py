"""``screening works``: the known works that reproduction is detected against."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from screening import clock
from screening.cli.output import write
from screening.conceal import conceal
from screening.document import SCHEMA, dumps
from screening.errors import StoreError
from screening.reports.columns import clip, pad
from screening.reports.safe import visible
from screening.settings import load_settings
from screening.stages.reproduction.catalogue import Catalogue, Row, id_of, number_of
from screening.stages.reproduction.fingerprints import GUARANTEE
from screening.stages.reproduction.work import Licence
from screening.text.masking import Masker, long_numbers
from screening.text.normalise import normalise

_UNSTORED = 3
#: rows shown of those that were left out
_SHOWN = 20
_LABELS = {
    Licence.AUTHORISED: "已授权",
    Licence.FORBIDDEN: "原创",
    Licence.OWN: "本校",
    Licence.PUBLIC: "法规公文",
    Licence.UNKNOWN: "不明",
}
#: heading → width
_COLUMNS = {"编号": 9, "授权": 10, "来源": 16, "日期": 12, "标题": 33}
_LICENCES = click.Choice([licence.value for licence in Licence])
_FORMAT = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="输出的格式，默认 text。",
)


@click.group()
def works() -> None:
    """管理已知作品：稿件与它们比对，查出未署名的转载。

    \b
    示例：
      screening works add 作品.jsonl
    """  # noqa: D301 - click wants the character itself


@works.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--own", is_flag=True, help="都是本校自己发布的。")
@click.option("--author", metavar="NAME", help="作者；文件里没有写的用它。")
@click.option("--site", metavar="NAME", help="来源（媒体、网站、公众号）；文件里没有写的用它。")
@click.option("--url", metavar="URL", help="原文网址；只能用于一篇文章。")
@click.option("--published", metavar="DATE", help="发布日期；文件里没有写的用它。")
@click.option("--licence", type=_LICENCES, default="unknown", help="授权情况；文件里没有写的用它。")
@click.option("--encoding", metavar="NAME", help="文字编码，如 gbk；不写则由软件判断。")
@_FORMAT
@click.pass_obj
def add(
    home: str | None,
    paths: tuple[str, ...],
    *,
    own: bool,
    author: str | None,
    site: str | None,
    url: str | None,
    published: str | None,
    licence: str,
    encoding: str | None,
    style: str,
) -> None:
    """添加已知作品。网址相同或正文相同的是同一篇，重复添加不会增多。

    PATH 是 .jsonl 或 .csv 表格，或任何能审查的稿件，或装着它们的文件夹；“-”表示标准输入。
    表格的列：title 标题、text 正文、author 作者、site 来源、url 网址、published 日期、
    licence 授权。

    授权：authorised 已授权，forbidden 原创、不得转载，own 本校，public 法规公文，unknown 不明。

    随时可以中断：已加入的保留，重新运行即接着添加。

    \b
    示例：
      screening works add 作品.jsonl
      screening works add 推文/ --own
      screening works add 报道.docx --site 示例日报 --author 李示例
    """  # noqa: D301 - click wants the character itself
    from screening.cli.work_files import Told, WorkFiles  # noqa: PLC0415 - only adding reads
    from screening.stages.reproduction.writer import WorksWriter  # noqa: PLC0415

    told = Told(author, site, url, published, Licence.OWN if own else Licence(licence))
    files = WorkFiles(paths, told, encoding)
    writer = WorksWriter(_folder(home))
    now = clock.now().isoformat(timespec="seconds")
    with _progress("添加作品", files.total) as tell:
        counts = writer.add(files.works(), now, lambda done: tell(files.done, done))
    for error in files.errors:
        click.echo(str(error), err=True)
    left_out = [{"where": visible(item.where), "why": item.why} for item in files.left_out]
    summary = {
        "added": counts.added,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "short": counts.short,
        "left_out": left_out,
        "errors": [str(error) for error in files.errors],
    }
    if style == "json":
        write(dumps(summary) + "\n", style, None)
    else:
        click.echo("\n".join(_told(summary)))
    if left_out or files.errors:
        click.get_current_context().exit(_UNSTORED)


@works.command("list")
@click.option("--search", metavar="TEXT", help="只列标题、作者、来源或网址里有这些字的。")
@click.option("--licence", type=_LICENCES, help="只列一种授权情况的。")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="只列最近加入的 N 篇。")
@_FORMAT
@click.pass_obj
def list_works(
    home: str | None, search: str | None, licence: str | None, limit: int | None, style: str
) -> None:
    """列出已知作品，最近加入的在前。

    示例：screening works list --search 示例日报
    """
    catalogue = _opened(home)
    with catalogue.coded():
        rows = list(catalogue.rows(search=search, licence=licence, newest=limit))
    if style == "json":
        whole = {"schema": SCHEMA, "works": [_entry(row) for row in rows]}
        write(dumps(whole) + "\n", style, None)
    elif rows:
        click.echo("\n".join(_table(rows)))
    else:
        click.echo("没有这样的作品。" if search or licence else "还没有已知作品。")


@works.command()
@click.argument("work_id", metavar="ID")
@_FORMAT
@click.pass_obj
def show(home: str | None, work_id: str, style: str) -> None:
    """显示一篇已知作品。

    ID 是作品的编号，可用 screening works list 查看。

    示例：screening works show W000012
    """
    catalogue = _opened(home)
    with catalogue.coded():
        number = _number(catalogue, work_id)
        row, work = catalogue.row(number), catalogue.works([number])[number]
    if style == "json":
        whole = {"schema": SCHEMA, "work": _entry(row) | {"text": _safe(work.text)}}
        write(dumps(whole) + "\n", style, None)
        return
    lines = [f"{pad(label, 8)}{value}" for label, value in _particulars(row) if value]
    click.echo(visible("\n".join([*lines, "", _safe(work.text)])))


@works.command()
@click.argument("work_ids", metavar="ID...", nargs=-1, required=True)
@click.pass_obj
def remove(home: str | None, work_ids: tuple[str, ...]) -> None:
    """移除已知作品，正文和索引一并删去。

    示例：screening works remove W000012
    """
    from screening.stages.reproduction.writer import WorksWriter  # noqa: PLC0415

    catalogue = _opened(home)
    with catalogue.coded():
        numbers = [_number(catalogue, work_id) for work_id in work_ids]
        rows = [catalogue.row(number) for number in dict.fromkeys(numbers)]
    WorksWriter(catalogue.folder).remove([row.id for row in rows])
    for row in rows:
        click.echo(f"已移除 {id_of(row.id)}《{visible(_safe(row.title))}》。")


@works.command()
@_FORMAT
@click.pass_obj
def stats(home: str | None, style: str) -> None:
    """统计已知作品和索引的大小。

    示例：screening works stats
    """
    catalogue = _opened(home)
    with catalogue.coded():
        facts = catalogue.facts()
    if style == "json":
        write(dumps({"schema": SCHEMA} | facts) + "\n", style, None)
        return
    counts = facts["licences"]
    kinds = "，".join(f"{label} {counts[kind]}" for kind, label in _LABELS.items() if counts[kind])
    click.echo(f"作品    {facts['works']} 篇" + (f"（{kinds}）" if kinds else ""))
    click.echo(f"文字    {facts['letters']} 字")
    click.echo(f"索引    {_size(facts['index_bytes'])}，{facts['segments']} 段")
    click.echo(f"正文    {_size(facts['text_bytes'])}（压缩后）")
    click.echo(f"摘要    {facts['digest']}")


@works.command()
@click.pass_obj
def rebuild(home: str | None) -> None:
    """由库里的正文重建索引：软件升级后提示索引不能用时，运行一次。

    示例：screening works rebuild
    """
    from screening.stages.reproduction.writer import WorksWriter  # noqa: PLC0415

    catalogue = _opened(home)
    with catalogue.coded():
        total = int(catalogue.meta()["works"])
    with _progress("重建索引", total) as tell:
        WorksWriter(catalogue.folder).rebuild(lambda done: tell(done, done))
    click.echo(f"已重建索引，共 {total} 篇作品。")


def _folder(home: str | None) -> Path:
    return load_settings(home).home / "works"


def _opened(home: str | None) -> Catalogue:
    """Open the catalogue to read; one that is not there yet is made, empty."""
    catalogue = Catalogue(_folder(home))
    catalogue.create()
    catalogue.check()
    return catalogue


def _number(catalogue: Catalogue, work_id: str) -> int:
    number = number_of(work_id)
    if number is None or not catalogue.holds(number):
        raise StoreError("W005", number=visible(work_id))
    return number


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal: how much of ``total`` is done, and how many works."""
    if not sys.stderr.isatty():
        yield lambda _done, _works: None
        return
    from rich.console import Console  # noqa: PLC0415 - slow, and only a terminal needs it
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn(what),
        BarColumn(),
        TextColumn("{task.percentage:.0f}%  {task.fields[works]} 篇  剩余"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=max(total, 1), works=0)
        yield lambda done, count: bar.update(task, completed=done, works=count)


def _told(summary: dict[str, Any]) -> Iterator[str]:
    for item in summary["left_out"][:_SHOWN]:
        yield f"没有添加 {item['where']}：{item['why']}。"
    if (more := len(summary["left_out"]) - _SHOWN) > 0:
        yield f"……另有 {more} 行没有添加，用 --format json 可看全部。"
    parts = [f"新增 {summary['added']} 篇"]
    parts += [f"更新 {summary['updated']} 篇"] if summary["updated"] else []
    parts += [f"已有 {summary['unchanged']} 篇"] if summary["unchanged"] else []
    yield "，".join(parts) + "。"
    if summary["short"]:
        yield f"另有 {summary['short']} 篇太短（不足 {GUARANTEE} 字），无从比对，没有添加。"


def _entry(row: Row) -> dict[str, Any]:
    """Return a work without its text as JSON values."""
    return {
        "id": id_of(row.id),
        "title": _safe(row.title),
        "author": _concealed(row.author),
        "site": _concealed(row.site),
        "url": _concealed(row.url),
        "published": _concealed(row.published),
        "licence": row.licence,
        "own": row.licence == Licence.OWN,
        "letters": row.letters,
        "added": row.added,
    }


def _concealed(text: str | None) -> str | None:
    return conceal(text) if text else text


def _particulars(row: Row) -> list[tuple[str, str | None]]:
    entry = _entry(row)
    entry["licence"] = _LABELS[Licence(row.licence)]
    labels = {
        "id": "编号",
        "title": "标题",
        "author": "作者",
        "site": "来源",
        "url": "网址",
        "published": "日期",
        "licence": "授权",
        "added": "加入",
    }
    return [(label, entry[name]) for name, label in labels.items()]


def _table(rows: Sequence[Row]) -> list[str]:
    lines = ["".join(pad(heading, width) for heading, width in _COLUMNS.items()).rstrip()]
    for row in rows:
        told = dict(_particulars(row))
        shown = (visible(told[heading] or "").replace("\n", " ") for heading in _COLUMNS)
        fitted = (
            pad(clip(cell, width - 2), width)
            for cell, width in zip(shown, _COLUMNS.values(), strict=True)
        )
        lines.append("".join(fitted).rstrip())
    return lines


def _safe(text: str) -> str:
    """Mask every long number: which are personal, nobody has looked."""
    return Masker.of(long_numbers([normalise(text)])).text(text)


def _size(count: int) -> str:
    return f"{count / 1024:.0f} KB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MB"
