"""Spellings that dodge a filter: by sound, by look, in parts, in Latin letters.

They are made when rules are compiled, for rules that ask for them, one character changed at a time
(all of them too where that stays readable). Which characters sound or look alike is read from
data/text/spellings.txt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import product

from msgspec import Struct

from screening import resources
from screening.text.normalise import squeezed_keys

Traits = tuple[str, ...]

#: terms longer than this get single changes only
_LONG = 4
#: letters that a term written in Latin letters alone must have, not to be any word
_LATIN = 6


class _Characters(Struct, frozen=True):
    """For each character: its readings, the ways it comes apart, what it sounds and looks like.

    Alike in sound: the other's commonest reading is one of its own. Alike in look: the same second
    part beside or under another first one (机, 肌, 饥).
    """

    readings: dict[str, tuple[str, ...]]
    splits: dict[str, tuple[str, ...]]
    homophones: dict[str, str]
    lookalikes: dict[str, str]


def spellings(key: str, evasions: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield ``(spelling, kind)`` for each way to write the squeezed ``key`` that is asked for.

    A way that loses a character when squeezed (丶 for 主) is none.
    """
    for kind in evasions:
        if make := _MAKERS.get(kind):
            made = [way for way in dict.fromkeys(make(key, _characters())) if way != key]
            for way, spelling in zip(made, squeezed_keys(made), strict=True):
                if len(way) == len(spelling):
                    yield spelling, kind


def _one_changed(key: str, options: Callable[[str], Iterable[str]]) -> Iterator[str]:
    for place, char in enumerate(key):
        for other in options(char):
            yield key[:place] + other + key[place + 1 :]


def _by_sound(key: str, characters: _Characters) -> Iterator[str]:
    return _one_changed(key, lambda char: characters.homophones.get(char, ""))


def _by_look(key: str, characters: _Characters) -> Iterator[str]:
    return _one_changed(key, lambda char: characters.lookalikes.get(char, ""))


def _in_parts(key: str, characters: _Characters) -> Iterator[str]:
    yield from _one_changed(key, lambda char: characters.splits.get(char, ()))
    yield "".join(characters.splits.get(char, (char,))[0] for char in key)


def _in_letters(key: str, characters: _Characters) -> Iterator[str]:
    """Yield the key with some characters in pinyin, and with one by its initial letter."""
    if len(key) > _LONG:
        yield from _one_changed(key, lambda char: characters.readings.get(char, ()))
    ways = [characters.readings.get(char, (char,))[:1] for char in key]
    if len(key) <= _LONG:
        ways = [(char, *characters.readings.get(char, ())) for char in key]
    for choice in product(*ways):
        spelling = "".join(choice)
        if not spelling.isascii() or len(spelling) >= _LATIN:
            yield spelling


def _repeated(key: str, _: _Characters) -> Iterator[str]:
    """Yield the key with characters doubled, one of them tripled, or all of them."""
    yield from _one_changed(key, lambda char: (char * 2, char * 3))
    if len(key) <= _LONG:
        yield from map("".join, product(*((char, char * 2) for char in key)))
    yield "".join(char * 2 for char in key)
    yield "".join(char * 3 for char in key)


_MAKERS: dict[str, Callable[[str, _Characters], Iterator[str]]] = {
    "homophone": _by_sound,
    "lookalike": _by_look,
    "split": _in_parts,
    "pinyin": _in_letters,
    "repeat": _repeated,
}


@cache
def _characters() -> _Characters:
    text = (resources.folder("data") / "text" / "spellings.txt").read_text("utf-8")
    rows = [line.split("\t") for line in text.split("\n")]
    readings = {char: tuple(sounds.split()) for char, sounds, _ in rows}
    splits = {char: tuple(ways.split()) for char, _, ways in rows if ways}
    bodies = {char: tuple(w[1] for w in ways if len(w) == 2) for char, ways in splits.items()}
    commonest = {char: sounds[:1] for char, sounds in readings.items()}
    return _Characters(readings, splits, _alike(readings, commonest), _alike(bodies, bodies))


def _alike(asked: dict[str, Traits], offered: dict[str, Traits]) -> dict[str, str]:
    """Return for each character the others that offer one of the traits it asks for."""
    offering: dict[str, list[str]] = defaultdict(list)
    for char, traits in offered.items():
        for trait in traits:
            offering[trait].append(char)
    return {
        char: "".join(dict.fromkeys(o for t in traits for o in offering[t] if o != char))
        for char, traits in asked.items()
    }
