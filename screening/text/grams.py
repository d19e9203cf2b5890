"""Hashed n-grams of a stream of characters, in one pass, for whatever scores text.

A token is a character, or a run of digits or of Latin letters, whichever they are: numbers and
names must not be learnt.
"""

from __future__ import annotations

import threading

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.text.characters import DIGIT, LETTER, Classes
from screening.text.normalise import Codes

#: a table of n-grams has 2 ** BITS slots
BITS = 20
#: tokens in the longest n-gram
ORDERS = 3

Slots = NDArray[np.int64]
Bounds = NDArray[np.int64]
Running = NDArray[np.float64]

_SHIFT = np.uint32(32 - BITS)
_FACTOR, _STEP, _MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_RUNS = DIGIT | LETTER
#: what every digit and every letter is read as
_ALIKE = np.array([0, ord("0"), ord("a"), 0], dtype=np.uint32)


class Grams(Struct, frozen=True):
    """The n-grams of a stream's tokens: token ``i`` begins at stream ``starts[i]``.

    ``slots[n - 1, i]`` is the table slot of the n tokens from ``i`` on. ``first`` tells which are
    n-grams (not cut short by the end) whose slot comes for the first time; ``sizes[i]`` is how
    many of those begin before token ``i``.
    """

    starts: NDArray[np.int64]
    slots: Slots
    first: NDArray[np.bool_]
    sizes: Running

    def tokens(self, bounds: Bounds) -> Bounds:
        """Return which tokens begin in each of ``bounds`` (stream positions), as [first, end)."""
        return np.searchsorted(self.starts, bounds)

    def weights(self, table: NDArray[np.float32]) -> Running:
        """Return the summed weight of the n-grams that begin before each token, each once."""
        return _running(table[self.slots] * self.first)


def grams_of(codes: Codes, classes: Classes) -> Grams:
    """Cut a stream into tokens and find the slots of their n-grams."""
    runs = classes & _RUNS
    begins = np.ones(len(codes), dtype=bool)
    begins[1:] = (runs[1:] != runs[:-1]) | (runs[1:] == 0)
    starts = np.flatnonzero(begins)
    kinds = runs[starts]
    single = np.where(kinds == 0, codes[starts], _ALIKE[kinds]) * _FACTOR
    mixed = np.zeros((ORDERS, len(starts)), dtype=np.uint32)
    rolled = mixed[0] = single
    for order in range(1, min(ORDERS, len(starts))):
        rolled = (rolled[:-1] ^ (rolled[:-1] >> np.uint32(15))) * _STEP + single[order:]
        mixed[order, : len(rolled)] = rolled
    slots = (((mixed ^ (mixed >> np.uint32(16))) * _MIX) >> _SHIFT).astype(np.int64)
    first = _first(slots)
    return Grams(starts, slots, first, _running(first))


def _running(values: NDArray[np.float32] | NDArray[np.bool_]) -> Running:
    """Return the sums of all orders' values before each token, and of all; one entry more."""
    running = np.zeros(values.shape[1] + 1)
    np.cumsum(values.sum(axis=0), out=running[1:])
    return running


class _Seen(threading.local):
    """Where each slot was seen last. What it holds from before is never read."""

    def __init__(self) -> None:
        self.at = np.zeros(1 << BITS, dtype=np.int32)


_SEEN = _Seen()


def _first(slots: Slots) -> NDArray[np.bool_]:
    """Tell which n-grams are not cut short, and come for the first time."""
    first = np.zeros(slots.shape, dtype=bool)
    whole = [slice(max(slots.shape[1] - order, 0)) for order in range(ORDERS)]
    flat = np.concatenate([row[kept] for row, kept in zip(slots, whole, strict=True)])
    order = np.arange(len(flat), dtype=np.int32)
    _SEEN.at[flat[::-1]] = order[::-1]
    new = _SEEN.at[flat] == order
    for row, kept in zip(first, whole, strict=True):
        row[kept], new = new[: kept.stop], new[kept.stop :]
    return first
