"""Readers: one file or stream in, one :class:`~screening.draft.Draft` out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import cast

from screening.draft import Draft, DraftBuilder
from screening.errors import DraftError
from screening.readers import sources
from screening.readers.sources import Source

#: suffix → module of this package, whose ``read(Source) -> DraftBuilder`` reads that format.
READERS: Mapping[str, str] = MappingProxyType(
    {
        ".docx": "docx",
        ".htm": "html",
        ".html": "html",
        ".xhtml": "html",
        ".md": "markdown",
        ".markdown": "markdown",
        ".txt": "plain",
        ".text": "plain",
        ".srt": "subtitles",
        ".ass": "subtitles",
        ".ssa": "subtitles",
        ".vtt": "subtitles",
    }
)

#: Fields that make a draft worth screening; alone, a file's properties or addresses do not.
_SUBSTANCE = ("title", "body", "header", "footer", "notes", "hidden")


def read_draft(
    path: str | os.PathLike[str], *, title: str | None = None, encoding: str | None = None
) -> Draft:
    """Read the draft at ``path``; ``-`` reads standard input and goes by its content.

    ``title`` replaces the title found by rule (whose words then stay in the body); ``encoding``
    names the encoding of a text format. Raises UsageError U001 when there is no such file, and
    DraftError (D…) for anything that cannot be read whole.
    """
    name = os.fspath(path)
    if name == "-":
        source = sources.from_stdin(title=title, encoding=encoding)
    else:
        source = sources.from_file(Path(name), READERS, title=title, encoding=encoding)
    draft = _reader(READERS[source.suffix])(source).build(title)
    if not any(_shows_something(draft.fields.get(name, "")) for name in _SUBSTANCE):
        raise DraftError("D007", where=source.where)
    return draft


def _reader(module: str) -> Callable[[Source], DraftBuilder]:
    """Load the reader only now, so that a text draft never pays for an HTML parser."""
    return cast("Callable[[Source], DraftBuilder]", import_module(f"{__name__}.{module}").read)


def _shows_something(text: str) -> bool:
    """Tell whether a reader would see anything: spaces and zero-width characters are nothing."""
    return any(char.isprintable() and not char.isspace() for char in text)
