"""Bytes to text, without ever guessing a character away.

A byte order mark decides; then strict UTF-8, unless the bytes are short GBK that only happens to be
valid UTF-8; then whichever of GB18030, Big5 and UTF-16 reads most like Chinese.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from screening.errors import DraftError

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
#: Narrower names that files carry, and the supersets that really decode them.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
_WESTERN = re.compile(r"(?<![^\x00-\x7f])[\u00a0-\u024f](?![^\x00-\x7f])")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
#: Text is judged by its first code units; nobody changes encoding later in a file.
_SAMPLE = 20_000
_PLAUSIBLE = 0.6
#: two bytes of anything make some Chinese character: read as UTF-16, noise scores up to 0.7
_PLAUSIBLE_UTF16 = 0.8


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of ``data`` and the name of its encoding, "utf-8", "gb18030", "big5" ….

    ``encoding`` is the caller's word and is held to. Raises DraftError D011 when no encoding fits
    and D012 when the given one does not.
    """
    if encoding is not None:
        return _decode_as(data, encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], name)
            if text is None:
                raise DraftError("D012", encoding=name)
            return text, name
    return _detect(data)


def _decode_as(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        name = codecs.lookup(encoding.strip()).name
    except (LookupError, ValueError) as error:
        raise DraftError("D012", encoding=encoding) from error
    for mark, marked in _MARKS:
        if data.startswith(mark) and marked.startswith(name):
            data, name = data[len(mark) :], marked
            break
    text = _strict(data, _SUPERSETS.get(name, name))
    if text is None:
        raise DraftError("D012", encoding=encoding)
    return text, "gb18030" if name in ("gb2312", "gbk") else name


def _detect(data: bytes) -> tuple[str, str]:
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and "\0" not in utf8:
        return (
            (utf8, "utf-8")
            if not _is_short_gbk(utf8, data)
            else (data.decode("gb18030"), "gb18030")
        )
    readings = {
        name: text
        for name in ("gb18030", "big5", "utf-16-le", "utf-16-be")
        if (text := _strict(data, _SUPERSETS.get(name, name))) is not None
    }
    scores = {name: _plausibility(text[:_SAMPLE], name) for name, text in readings.items()}
    best = max(scores, key=lambda name: scores[name], default="")
    if best and scores[best] >= _least(best):
        return readings[best], best
    if utf8 is not None:
        return utf8, "utf-8"
    raise DraftError("D011")


def _strict(data: bytes, name: str) -> str | None:
    """Decode, or return None: no character is replaced, and no half of a pair is let in."""
    try:
        text = data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None
    return None if _SURROGATE.search(text) else text


def _is_short_gbk(utf8: str, data: bytes) -> bool:
    """Tell 通知 in GBK, which is valid UTF-8 too, from real UTF-8.

    Accented letters and signs that stand singly among Latin letters are left as UTF-8.
    """
    if utf8.isascii() or max(utf8) >= "\u0800":
        return False
    gbk = _strict(data, "gbk")
    if gbk is None or not all(char < "\x80" or "\u4e00" <= char <= "\u9fff" for char in gbk):
        return False
    rest = _WESTERN.sub("", utf8)
    return not (rest.isascii() and re.search("[A-Za-z]", rest))


def _plausibility(text: str, name: str) -> float:
    """Return how much of ``text``, ASCII aside, is what Chinese writers use: 1 is all of it."""
    common = _common("big5" if name == "big5" else "gb2312")
    if name.startswith("utf-16"):
        common = common | _common("big5")
    points = [_point(char, common) for char in text if not _is_plain_ascii(char)]
    return sum(points) / len(points) if points else 1.0


def _least(name: str) -> float:
    return _PLAUSIBLE_UTF16 if name.startswith("utf-16") else _PLAUSIBLE


def _is_plain_ascii(char: str) -> bool:
    return char.isascii() and (char.isprintable() or char in "\t\n\v\f\r")


def _point(char: str, common: frozenset[str]) -> float:
    if char in common:
        return 1.0
    if char.isascii():
        return -1.0
    return 0.5 if "\u3400" <= char <= "\u9fff" or char >= "\U00020000" else 0.0


@cache
def _common(name: str) -> frozenset[str]:
    """The characters of the first level of GB2312 or of Big5, with their punctuation."""
    if name == "gb2312":
        rows, trails = (0xA1, 0xA3, *range(0xB0, 0xD8)), range(0xA1, 0xFF)
    else:
        rows, trails = (0xA1, *range(0xA4, 0xC7)), range(0x40, 0xFF)
    pairs = (bytes((row, trail)).decode(name, "ignore") for row in rows for trail in trails)
    return frozenset(pair for pair in pairs if len(pair) == 1 and not pair.isascii())
