"""Where a report goes: the terminal, a pipe, or a file that is never half written; and the exit."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from screening.errors import UsageError, why
from screening.finding import Severity

fail_on_option: Callable[[Any], Any] = click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default="review",
    help="发现达到这个程度时退出码为 1，默认 review。",
)


def wants_colour(output: str | None) -> bool:
    """Tell whether text that goes to ``output`` is for a terminal that may show colours."""
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def tell_compiling() -> None:
    """Say on a terminal why the first start takes seconds."""
    if sys.stderr.isatty():
        click.echo("正在准备规则：首次使用或规则有变时做一次，约需几秒……", err=True)


def write(report: str, name: str, output: str | None) -> None:
    """Write a report in the format ``name`` to the file ``output``, or to standard output.

    Text goes to a terminal in the terminal's own encoding; everything else is UTF-8.

    Raises:
        UsageError: U003, the file cannot be written.
    """
    if output is not None:
        _replace(Path(output), report.encode())
    elif name == "text":
        click.echo(report, nl=False)
    else:
        click.echo(report.encode(), nl=False)


def write_bytes(data: bytes, output: str | None) -> None:
    """Write a file of any kind to ``output``, or to standard output.

    Raises:
        UsageError: U003, the file cannot be written.
    """
    if output is not None:
        _replace(Path(output), data)
    else:
        click.echo(data, nl=False)


def refuse_overwriting(output: str | None, paths: Sequence[str]) -> None:
    """Refuse a report that would replace one of the drafts.

    Raises:
        UsageError: U003.
    """
    if output is not None and Path(output).resolve() in [Path(path).resolve() for path in paths]:
        raise UsageError("U003", where=output, problem="这是稿件本身，写入会毁掉它")


def _replace(path: Path, data: bytes) -> None:
    """Write beside ``path`` and move into place; a device or a pipe is written to directly."""
    if path.is_dir():
        raise UsageError("U003", where=str(path), problem="这是一个文件夹")
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        try:
            draft.write_bytes(data)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError("U003", where=str(path), problem=why(error)) from error
