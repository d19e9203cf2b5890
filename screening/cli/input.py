"""What commands read: files besides drafts, and how the text of drafts is encoded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from screening.errors import DraftError, UsageError, why


def read_bytes(file: str) -> bytes:
    """Return the content of ``file``; "-" is standard input.

    Raises:
        UsageError: U001, it is not there.
        DraftError: D016, it cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except FileNotFoundError as error:
        raise UsageError("U001", where=file) from error
    except OSError as error:
        raise DraftError("D016", where=file, problem=why(error)) from error


def _known(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    """Refuse an encoding that nobody knows before anything is read."""
    try:
        if name is not None:
            "".encode(name.strip())
    except (LookupError, ValueError) as error:
        problem = f"没有“{name}”这种编码，常用的有 utf-8、gbk、big5"
        raise UsageError("U002", problem=problem) from error
    return name


encoding_option: Callable[[Any], Any] = click.option(
    "--encoding", metavar="NAME", callback=_known, help="文字编码，如 gbk；不写则由软件判断。"
)
