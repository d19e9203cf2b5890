"""Plain text: every line that is not blank is a paragraph."""

from __future__ import annotations

import re

from screening.draft import DraftBuilder, Unscreened
from screening.errors import DraftError
from screening.readers.sources import Source
from screening.text.decoding import decode

_LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
#: A first line longer than this is a paragraph, whatever follows it.
_LONGEST_TITLE = 100


def read(source: Source) -> DraftBuilder:
    """Read a text draft; a first line that stands alone before an empty line is its title.

    A block's path is its line, from 1, and where the line is indented the column: "line3.5".
    """
    text, encoding = decode_text(source)
    builder = DraftBuilder("text", source.path, encoding)
    written = _LINE_END.split(text)
    lines = [line.strip() for line in written]
    title = _title_line(lines)
    if title is not None and not source.names_title(lines[title]):
        title = None
    number = 0
    for index, line in enumerate(lines):
        indent = written[index].find(line)
        path = f"line{index + 1}" + (f".{indent + 1}" if indent else "")
        if index == title:
            builder.add("title", line, "标题", path)
        elif line:
            number += 1
            builder.add("body", line, f"第{number}段", path)
    note_lost_characters(builder, text)
    return builder


def decode_text(source: Source) -> tuple[str, str]:
    """Decode the bytes of a text format and refuse what is no text at all (D011, D012, D015)."""
    try:
        text, encoding = decode(source.data, source.encoding)
    except DraftError as error:
        if error.code == "D011" and _is_binary(source.data[:4096].decode("latin-1")):
            raise _binary(source) from error
        raise DraftError(error.code, where=source.where, encoding=source.encoding) from error
    if _is_binary(text[:100_000]):
        raise _binary(source)
    return text, encoding


def split_lines(text: str) -> list[str]:
    """Split at every kind of line end and strip the white space around each line."""
    return [line.strip() for line in _LINE_END.split(text)]


def note_lost_characters(builder: DraftBuilder, text: str) -> None:
    """Record that whoever saved the file had already lost characters."""
    if lost := text.count("\ufffd"):
        builder.unscreened.append(
            Unscreened(f"{lost} 个无法显示的字符（�）", "原文件中的文字已丢失")
        )


def _title_line(lines: list[str]) -> int | None:
    first = next((index for index, line in enumerate(lines) if line), None)
    if first is None or len(lines[first]) > _LONGEST_TITLE:
        return None
    rest = lines[first + 1 :]
    return first if rest and not rest[0] and any(rest) else None


def _is_binary(text: str) -> bool:
    """Tell whether more than one character in a hundred is a control character."""
    return len(_CONTROL.findall(text)) * 100 > len(text)


def _binary(source: Source) -> DraftError:
    return DraftError("D015", where=source.where, suffix=source.suffix, actual="二进制数据")
