"""Numbers that are masked in every output, whether or not a rule finds fault with them.

A citizen number with a slip in it, a mobile number that its context excuses: nobody need object,
but no report, ticket or log repeats them. Better one order number masked than one person shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np

from screening.text.figures import FIGURES, in_digits
from screening.text.normalise import Normalised

#: what may stand between two groups of digits; a line may end there too
_GAP = r"[ .·_/\-–—]{0,3}\n?[ ]{0,2}"
_IN_LINE = r"[ .·_/\-–—]{0,2}"
_APART = r"[ .·_/\-–—]{1,2}"
#: forms of a mobile number, in groups or every digit by itself; compiled when digits first come
_MOBILE = (
    rf"(?<!\d)(?:(?:\+?86|0086){_IN_LINE})?(?:"
    rf"1[3-9]\d(?:{_GAP}\d{{4}}){{2}}|1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}"
    rf"|1[3-9]\d{_GAP}\d{{8}}|1[3-9]\d{{3}}{_GAP}\d{{6}}|1[3-9]\d{{5}}{_GAP}\d{{4}}"
    rf"|1[3-9]\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{3}}|1{_APART}[3-9](?:{_APART}\d){{9}}"
    rf"|1[3-9](?:{_APART}\d\d){{4}}{_APART}\d)(?!\d)"
)
_CITIZEN = rf"(?<!\d)[1-8]\d(?:{_GAP}\d){{15}}{_GAP}[\dx](?!\d)"
_CARD = rf"(?<!\d)(?:\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?|\d{{15,19}})(?!\d)"
#: the one bank card prefix that nothing else has, whatever its check digit
_UNION_PAY = rf"(?<!\d)62(?:{_GAP}\d){{14}}(?:(?:{_GAP}\d){{3}})?(?!\d)"
_PASSPORT = r"(?<![a-z\d])[eg]\d{8}(?!\d)"
_LABELLED = r"(?:[学工]号|考生?号|准考证)[^\d\n]{0,4}([a-z]{0,3}\d{6,14})(?!\d)"
#: code point → 1 for a digit, 2 for what may stand between two, 0 for what ends a number
_KINDS = np.zeros(0xFFFF + 1, dtype=np.uint8)
_KINDS[list(map(ord, " .·_/-–—\n"))] = 2
_KINDS[list(map(ord, FIGURES + "0123456789"))] = 1
#: digits of the shortest number, and of the shortest that needs no letter or label
_LEAST, _LONG = 6, 11
#: the shortest number, with all that may part its digits, is shorter than this
_NEAR = 20
#: how far in front of a number its label stands
_LABEL = 10


def suspects(normalised: Normalised, figures: str | None = None) -> Iterator[tuple[int, int]]:
    """Yield the original bounds of citizen, card, passport, mobile and student numbers.

    ``figures`` is the text with all numbers in digits, where the caller has it.
    """
    kinds = _KINDS[np.minimum(normalised.codes, 0xFFFF)]
    digits = np.flatnonzero(kinds == 1)
    if not (digits[_LEAST - 1 :] - digits[: 1 - _LEAST] < _NEAR).any():
        return
    broken = np.append(np.flatnonzero(kinds == 0), len(kinds))
    runs = Counter(np.searchsorted(broken, digits).tolist())
    figures = in_digits(normalised) if figures is None else figures
    for run, count in runs.items():
        if count < _LEAST:
            continue
        low, high = int(broken[run - 1]) + 1 if run else 0, int(broken[run])
        for pattern, holds in _looks(long=count >= _LONG).items():
            for match in pattern.finditer(figures, max(0, low - _LABEL), high + 1):
                if holds(match[pattern.groups]):
                    yield normalised.span(*match.span(pattern.groups))


@cache
def _looks(*, long: bool) -> dict[re.Pattern[str], Callable[[str], bool]]:
    from screening.stages.lexicon.validators import (  # noqa: PLC0415 - for drafts with numbers
        bank_card,
        citizen_id_shape,
        mobile,
        passport,
    )

    holds: dict[str, Callable[[str], bool]] = {_PASSPORT: passport, _LABELLED: bool}
    if long:
        holds |= {_MOBILE: mobile, _CITIZEN: citizen_id_shape, _CARD: bank_card, _UNION_PAY: bool}
    return {re.compile(pattern): check for pattern, check in holds.items()}
