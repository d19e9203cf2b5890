"""``screening model``: train, evaluate and describe the advertising classifier."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import asdict

from screening import resources
from screening.cli.output import write
from screening.document import dumps
from screening.errors import UsageError, why
from screening.reports.columns import pad
from screening.settings import Settings, load_settings
from screening.stages.advertising.model import Thresholds, dump, load, model_path
from screening.stages.advertising.signs import Sign, signs_of

if TYPE_CHECKING:
    from screening.stages.advertising.evaluation import Metrics, Row
    from screening.stages.advertising.texts import LabelledText

#: what "--from-decisions" without a file stands for
_STORE = ""
_KINDS = {"commercial": "商业广告", "soft": "软文", "school": "学校事务", "neither": "其他"}


@click.group()
def model() -> None:
    """训练、检验、查看广告识别模型。

    示例：screening model info
    """


@model.command()
@click.option("--add", "added", metavar="FILE", multiple=True, help="学校自己标注的文稿（CSV）。")
@click.option(
    "--from-decisions",
    "decisions",
    metavar="[FILE]",
    multiple=True,
    is_flag=False,
    flag_value=_STORE,
    help="加上审核人对发现的判断：不写文件，就用审批库里的。",
)
@click.option("--output", metavar="FILE", help="模型写到哪里；不写则存入工作目录，以后审查就用它。")
@click.pass_obj
def train(
    home: str | None, *, added: Sequence[str], decisions: Sequence[str], output: str | None
) -> None:
    """用随软件发布的文稿训练模型，可以加上学校自己的。

    CSV 首行写列名，“类别”和“正文”必须有，还可以有标题、行业、写法。
    类别写商业广告、软文、学校事务或其他。审核人在审批单上答复过的广告发现，
    属实的作广告，误报的作其他。也可以写在文件里，每行一条 JSON：
    text 是被标出的段落，decision 是 confirmed（属实）或 dismissed（误报）。

    \b
    示例：
      screening model train --add 本校稿件.csv
      screening model train --from-decisions
      screening model train --from-decisions 判断.jsonl
    """  # noqa: D301 - click wants the character itself
    from screening.stages.advertising.texts import read_table  # noqa: PLC0415
    from screening.stages.advertising.training import (  # noqa: PLC0415 - scikit-learn is slow
        train as fit,
    )

    settings = load_settings(home)
    texts = _texts()
    texts += [text for file in added for text in read_table(Path(file))]
    texts += [text for file in decisions for text in _decisions(file, settings)]
    if sys.stderr.isatty():
        click.echo(f"正在用 {len(texts)} 篇文稿训练……", err=True)
    trained = fit(texts, _signs(), settings.school.names)
    path = Path(output) if output else settings.home / "model" / "advertising.model"
    _store(path, dump(trained))
    click.echo(f"已用 {len(texts)} 篇文稿训练，存为 {path}（{trained.digest[:19]}）。")


@model.command()
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式。"
)
@click.option("--page", metavar="FILE", help="另存一页带图的网页。")
@click.pass_obj
def evaluate(home: str | None, *, style: str, page: str | None) -> None:
    """检验：不学留出的行业和写法，训练后看它们认得准不准。

    示例：screening model evaluate --page 检验.html
    """
    from screening.stages.advertising.evaluation import (  # noqa: PLC0415
        evaluate as compare,
    )
    from screening.stages.advertising.evaluation import judge_all  # noqa: PLC0415
    from screening.stages.advertising.texts import held_back  # noqa: PLC0415
    from screening.stages.advertising.training import (  # noqa: PLC0415 - scikit-learn is slow
        train as fit,
    )

    names = load_settings(home).school.names
    split = resources.load_toml(resources.folder("data") / "advertising" / "split.toml")
    learnt, held = held_back(_texts(), split["trades"], split["manners"])
    trained = fit(learnt, _signs(), names)
    metrics = compare(trained, held, judge_all(trained, held, names))
    if page:
        from screening.reports.evaluation import render  # noqa: PLC0415 - Jinja is slow

        write(render(metrics, len(learnt)), "html", page)
    if style == "json":
        from msgspec import to_builtins  # noqa: PLC0415

        click.echo(dumps(to_builtins(metrics)))
        return
    for line in _lines(metrics, len(learnt)):
        click.echo(line)


@model.command()
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式。"
)
@click.pass_obj
def info(home: str | None, style: str) -> None:
    """说明现在用的模型：从哪里来，用什么训练，阈值是多少。

    示例：screening model info
    """
    path = model_path(load_settings(home).home)
    found = load(path)
    thresholds = found.thresholds
    if style == "json":
        facts = {"path": str(path), "digest": found.digest, **found.facts}
        click.echo(dumps({**facts, **asdict(thresholds)}))
        return
    kinds = "、".join(f"{_KINDS[kind]} {count}" for kind, count in found.facts["texts"].items())
    click.echo(f"模型：{path}（{path.stat().st_size / 1024:.0f} KB）")
    click.echo(f"版本：{found.digest}")
    click.echo(f"文稿：{kinds}；{found.facts['trades']} 个行业，{found.facts['manners']} 种写法")
    click.echo(f"阈值：{_thresholds(thresholds)}")


def _texts() -> list[LabelledText]:
    from screening.stages.advertising.texts import read_shipped  # noqa: PLC0415 - only training

    return read_shipped(resources.folder("data"))


def _decisions(file: str, settings: Settings) -> list[LabelledText]:
    """Return reviewers' judgements as texts: those of a file, or of the home's tickets."""
    from screening.stages.advertising.texts import decided, read_decisions  # noqa: PLC0415

    if file != _STORE:
        return read_decisions(Path(file))
    from screening.tickets import open_desk  # noqa: PLC0415 - SQLAlchemy is slow

    rows = [
        {"rule": item.rule, "decision": item.judgement, "title": item.title, "text": item.text}
        for item in open_desk(settings).judged_passages()
    ]
    texts = decided(rows, "审批库")
    click.echo(f"审批库里有 {len(texts)} 条对广告发现的判断。", err=True)
    return texts


def _signs() -> tuple[Sign, ...]:
    return signs_of(
        resources.load_toml(resources.folder("data") / "advertising" / "signs.toml")["sign"]
    )


def _store(path: Path, data: bytes) -> None:
    """Write beside ``path`` and move into place, so that no check reads half a model."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError("U003", where=str(path), problem=why(error)) from error


def _lines(metrics: Metrics, learnt: int) -> list[str]:
    return [
        f"学 {learnt} 篇，检验没学过的行业和写法 {metrics.texts} 篇：",
        f"阈值：{_thresholds(metrics.thresholds)}",
        f"须核对：精确率 {metrics.precision:.1%}，召回率 {metrics.recall:.1%}，F1 {metrics.f1:.3f}",
        f"须修改：精确率 {metrics.block_precision:.1%}，召回率 {metrics.block_recall:.1%}",
        f"校准：期望误差 {metrics.error:.3f}，Brier {metrics.brier:.3f}",
        "",
        *_table("类别", metrics.kinds),
        "",
        *_table("行业", metrics.trades),
    ]


def _thresholds(found: Thresholds) -> str:
    return (
        f"概率 {found.review:.3f} 起须核对；{found.block:.3f} 起须修改，"
        f"留有联系或购买方式的 {found.reached:.3f} 起"
    )


def _table(label: str, rows: Sequence[Row]) -> list[str]:
    head = "".join(pad(cell, 10) for cell in ("篇数", "判为广告", "其中须改"))
    lines = [(pad(label, 26) + head).rstrip()]
    for row in rows:
        name = _KINDS.get(row.name, row.name) + ("" if row.advertising else "（非广告）")
        numbers = [pad(str(count), 10) for count in (row.texts, row.flagged, row.blocked)]
        lines.append((pad(name, 26) + "".join(numbers)).rstrip())
    return lines
