"""Files that hold known works: tables of many, drafts of one each, folders of both."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from io import BufferedReader
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from screening.draft import Draft
from screening.errors import DraftError, ScreeningError, UsageError, why
from screening.readers import READERS, read_draft
from screening.stages.reproduction.credit import CreditKind
from screening.stages.reproduction.credits import read_credits
from screening.stages.reproduction.importing import LeftOut, works_of_csv, works_of_json
from screening.stages.reproduction.work import Licence, Work
from screening.text.decoding import decode
from screening.text.normalise import normalise

#: tables, by suffix; a file with another suffix is a draft
_JSON = (".jsonl", ".ndjson")
_TABLES = (*_JSON, ".csv")
_STDIN = "-"


class Told(Struct, frozen=True):
    """What the command line says of works whose file does not."""

    author: str | None = None
    site: str | None = None
    url: str | None = None
    published: str | None = None
    licence: Licence = Licence.UNKNOWN

    def of(self, work: Work) -> Work:
        """Return ``work`` with what it lacked; the school's own are its own whatever they say."""
        licence = work.licence
        if self.licence is Licence.OWN or licence is Licence.UNKNOWN:
            licence = self.licence
        return replace(
            work,
            author=work.author or self.author,
            site=work.site or self.site,
            url=work.url or self.url,
            published=work.published or self.published,
            licence=licence,
        )


class WorkFiles(Struct):
    """Reads works file by file, and keeps what could not be read.

    ``done`` counts the bytes read of ``total``. Raises UsageError U001 when made, for a path that
    is not there, and U002 when a folder holds nothing readable.
    """

    paths: Sequence[str]
    told: Told
    encoding: str | None = None
    left_out: list[LeftOut] = field(default_factory=list)
    errors: list[ScreeningError] = field(default_factory=list)
    done: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        self.paths = [file for path in self.paths for file in _files(path)]
        if self.told.url and (len(self.paths) != 1 or _suffix(self.paths[0]) in _TABLES):
            raise UsageError("U002", problem="--url 只能用于一篇文章")
        self.total = sum(Path(path).stat().st_size for path in self.paths if path != _STDIN)

    def works(self) -> Iterator[Work]:
        """Yield every work that can be read."""
        for path in self.paths:
            begun = self.done
            try:
                for item in self._items(path):
                    if isinstance(item, LeftOut):
                        self.left_out.append(replace(item, where=f"{path} {item.where}"))
                    else:
                        yield self.told.of(item)
            except ScreeningError as error:
                self.errors.append(error)
            except OSError as error:
                self.errors.append(DraftError("D016", where=path, problem=why(error)))
            if path != _STDIN:
                self.done = begun + Path(path).stat().st_size

    def _items(self, path: str) -> Iterator[Work | LeftOut]:
        suffix = _suffix(path)
        if path == _STDIN and _shows_json():
            yield from works_of_json(sys.stdin.buffer)
        elif suffix in _JSON:
            with Path(path).open("rb") as stream:
                yield from works_of_json(self._counted(stream))
        elif suffix in _TABLES:
            yield from works_of_csv(decode(Path(path).read_bytes(), self.encoding)[0], path)
        else:
            yield _work_of_draft(path, self.encoding)

    def _counted(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        for line in lines:
            self.done += len(line)
            yield line


def _files(path: str) -> list[str]:
    """Return ``path``, or what can be read in the folder ``path`` and those below it."""
    if path == _STDIN:
        return [path]
    place = Path(path)
    if not place.exists():
        raise UsageError("U001", where=path)
    if not place.is_dir():
        return [path]
    found = [str(file) for file in sorted(place.rglob("*")) if _is_readable(file)]
    if not found:
        raise UsageError("U002", problem=f"文件夹“{path}”里没有能读的文件")
    return found


def _is_readable(file: Path) -> bool:
    return file.is_file() and _suffix(file.name) in (*READERS, *_TABLES)


def _shows_json() -> bool:
    stream = sys.stdin.buffer
    return isinstance(stream, BufferedReader) and stream.peek(1)[:1] == b"{"


def _suffix(path: str) -> str:
    return Path(path).suffix.lower()


def _work_of_draft(path: str, encoding: str | None) -> Work:
    draft = read_draft(path, encoding=encoding)
    title = draft.title or (Path(path).stem if path != _STDIN else "")
    author, site = _credited(draft)
    return Work("", title, draft.fields["body"] or draft.title, author, site)


def _credited(draft: Draft) -> tuple[str | None, str | None]:
    """Return author and site as the credits say that speak for the whole draft."""
    whole = (0, len(draft.fields["body"]))
    found = [
        credit
        for name in ("byline", "body")
        for credit in read_credits(normalise(draft.fields.get(name, "")), name)
        if credit.kind is CreditKind.DATELINE
        or (credit.kind is CreditKind.TEXT and (name != "body" or credit.region == whole))
    ]
    found.sort(key=lambda credit: credit.kind is CreditKind.DATELINE)
    authors = list(dict.fromkeys(name for credit in found for name in credit.authors))
    sites = [name for credit in found for name in credit.sources]
    return "、".join(authors) or None, next(iter(sites), None)
