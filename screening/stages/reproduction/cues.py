"""Where a credit or a sign of a reprint may stand, at little cost: most of a draft is passed over.

Expressions are tried at each character of a text; this looks at all characters at once for those
with which one of some words begins, and reads on only there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import product

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.text.normalise import Normalised

#: code points beyond are in no cue
_CODES = 1 << 16
_BEGINS, _GOES_ON, _ALONE = np.uint8(1), np.uint8(2), np.uint8(4)


class Cue:
    """What a word may be part of, one bit each: plain numbers, for they are asked very often."""

    CREDIT = 1
    INLINE = 2  # a phrase within a paragraph
    PRESS = 4  # the name of a medium that stands alone in brackets
    DATELINE = 8
    ENDING = 16  # what media print around their articles


#: where words begin, by rising position, and what they may be part of
Places = Sequence[tuple[int, int]]


class Cues(Struct, frozen=True, dict=True):
    """Words to look for in normalised text, and what each may be part of."""

    words: Mapping[str, int]

    def places(self, text: Normalised) -> Places:
        """Return where words begin in ``text``."""
        kinds = self._table.take(text.codes, mode="clip")
        likely = (kinds & _BEGINS).view(np.bool_)
        likely[:-1] &= ((kinds[1:] & _GOES_ON) | (kinds[:-1] & _ALONE)) != 0
        whole, beginning = text.text, self._beginning
        found = list(self._latin(whole))
        for place in np.flatnonzero(likely).tolist():
            for word, kind in beginning.get(whole[place : place + 2], ()):
                if whole.startswith(word, place):
                    found.append((place, kind))
            found += ((place, kind) for _, kind in beginning.get(whole[place], ()))
        return sorted(found)

    def _latin(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where Latin words stand: their letters stand everywhere in a Latin text."""
        for word in self._latin_words:
            place = text.find(word)
            while place >= 0:
                yield place, self.words[word]
                place = text.find(word, place + 1)

    @cached_property
    def _latin_words(self) -> tuple[str, ...]:
        return tuple(filter(str.isascii, self.words))

    @cached_property
    def _beginning(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """The words by their first two characters."""
        words: dict[str, list[tuple[str, int]]] = {}
        for word, kind in self.words.items():
            if not word.isascii():
                words.setdefault(word[:2], []).append((word, kind))
        return words

    @cached_property
    def _table(self) -> NDArray[np.uint8]:
        """What each code point may be in a word."""
        table = np.zeros(_CODES, dtype=np.uint8)
        for word in self.words:
            if not word.isascii():
                table[ord(word[0])] |= _BEGINS if len(word) > 1 else _BEGINS | _ALONE
                if len(word) > 1:
                    table[ord(word[1])] |= _GOES_ON
        return table


def _each(firsts: str, rests: str) -> Iterable[str]:
    return map("".join, product(firsts, rests))


_PHRASES = (
    *("来源", "来 ", "来自", "出处", "转载", "转发", "首发", "发表于", "发表在", "原载", "原刊"),
    *("原发", "原创", "作者", "作 ", "记者", "通讯员", "实习生", "评论员", "写作", "采写", "采访"),
    *("口述", "执笔", "主笔", "供图", "提供", "拍照", "航拍", "注明", "版权", "不作", "非商"),
    *("商业", "综合", "链接", "网址", "地址", "社发", "图文", "文图", "原文", "撰", "摄", "侵"),
    *("/文", "/图", "/ 文", "/ 图", "source", "from", "via", "by", "text", "words", "author"),
    *("story", "photo", "image", "published", "credit", "http", "■", "□", "●", "◎"),
    *_each("仅只", "供作做用限"),
    *_each("稿信文题", "源"),
    *_each("理合引采源取发出", "自"),
    *_each("载刊登源", "于"),
    *_each("图影报画频照片拍面材料文字稿案转", " :|丨︱/│┃▏】—–-、·•"),
)
_INLINE = ("据", "》", "授权", "许可转", "图源", *_each("载转摘选编译", "自"))
_DATELINES = (*_each("日", "电讯消专 "), *_each("讯", " (:-—"), "消息(", "消息:", "快讯")


#: with these begins whatever media and 公众号 print around their articles
_ENDINGS = (
    *("点击", "戳", "轻触", "长按", "扫描", "识别", "本文来自", "本文由", "本文经", "更多精彩"),
    *("新闻热线", "新闻线索", "报料", "爆料", "欢迎", "一经", "以上内容", "打开", "阅读全文请"),
    *("阅读原文请", "原标题:", "原题为:", "特别声明:", "免责声明:"),
    *_each("([【", "责编"),
)


@lru_cache(maxsize=1)
def cues() -> Cues:
    """Return the words of which one stands in every credit, and in every sign of a reprint."""
    words: dict[str, int] = {}
    for some, kind in (
        (_PHRASES, Cue.CREDIT),
        (_INLINE, Cue.CREDIT | Cue.INLINE),
        (_DATELINES, Cue.DATELINE),
        (_ENDINGS, Cue.ENDING),
        (_each("报网社台闻端视", ") "), Cue.PRESS),
    ):
        for word in some:
            words[word] = words.get(word, 0) | kind
    return Cues(words)
