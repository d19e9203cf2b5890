"""Ways to disguise a copied passage, each the same for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]+[”’」』）)]*|[^。！？!?\n]+$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
#: an edit falls on one character in so many
_EDIT_EVERY = 15
_FILLERS = "的了又也都在是和就很着把更还"

#: words and what a rewriter puts in their place
_TABLE = Path(__file__).parent / "synonyms.csv"
SYNONYMS = dict(line.split(",") for line in _TABLE.read_text("utf-8-sig").splitlines()[1:])
_SYNONYM = re.compile("|".join(sorted(map(re.escape, SYNONYMS), key=len, reverse=True)))
_PUNCTUATION = {
    "，": ",", "。": ".", "；": ";", "：": ":", "！": "!", "？": "?", "（": "(", "）": ")",
    "“": "「", "”": "」", "‘": "『", "’": "』", "、": ",", "——": "--", "…": "...",
}  # fmt: skip


def verbatim(text: str, _: random.Random) -> str:
    """Return ``text`` as it is."""
    return text


def synonyms(text: str, _: random.Random) -> str:
    """Put another word wherever the table has one."""
    return _SYNONYM.sub(lambda word: SYNONYMS[word[0]], text)


def shuffled(text: str, chance: random.Random) -> str:
    """Put the sentences in another order."""
    sentences = split(text)
    chance.shuffle(sentences)
    return "".join(sentences)


def dropped(text: str, chance: random.Random) -> str:
    """Leave out a third of the sentences, at least one where there are two."""
    sentences = split(text)
    gone = set(chance.sample(range(len(sentences)), max(len(sentences) // 3, len(sentences) > 1)))
    return "".join(sentence for index, sentence in enumerate(sentences) if index not in gone)


def edited(text: str, chance: random.Random) -> str:
    """Replace, leave out or insert a character at every fifteenth."""
    result = []
    for index, char in enumerate(text):
        kind = chance.randrange(3) if index % _EDIT_EVERY == _EDIT_EVERY - 1 else None
        if kind == 0 and _HAN.match(char):
            result.append(chr(chance.randrange(0x4E00, 0x8000)))
        elif kind != 1:
            result.append(char)
        if kind == 2:
            result.append(chance.choice(_FILLERS))
    return "".join(result)


def traditional(text: str, _: random.Random) -> str:
    """Write ``text`` in traditional characters."""
    import opencc  # noqa: PLC0415 - for the benchmark and its tests only

    converted: str = opencc.OpenCC("s2t").convert(text)
    return converted


def repunctuated(text: str, chance: random.Random) -> str:
    """Write other marks, leave out some commas, put spaces in."""
    for mark, other in _PUNCTUATION.items():
        text = text.replace(mark, other)
    return "".join(
        "" if char == "," and chance.random() < 0.2 else char + " " * (chance.random() < 0.03)
        for char in text
    )


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "verbatim": verbatim,
    "synonyms": synonyms,
    "shuffled": shuffled,
    "dropped": dropped,
    "edited": edited,
    "traditional": traditional,
    "punctuation": repunctuated,
}


def split(text: str) -> list[str]:
    """Return the sentences of ``text``; joined they are the text again."""
    return [match[0] for match in _SENTENCE.finditer(text)]
