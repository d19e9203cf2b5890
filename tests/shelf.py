"""Known works in memory, looked up in the plainest way: eight letters that both texts share."""

import hashlib
from collections import defaultdict

import numpy as np

from screening.stages.reproduction.work import Candidate
from screening.text.normalise import normalise

GRAM = 8


def grams(text):
    """Return each run of eight letters or digits of a normalised text, with where it begins."""
    places = [index for index, char in enumerate(text.text) if char.isalnum()]
    letters = "".join(text.text[index] for index in places)
    return [(letters[i : i + GRAM], places[i]) for i in range(len(letters) - GRAM + 1)]


class Shelf:
    """A few works; what stands in more than a tenth of many of them weighs nothing."""

    def __init__(self, *works):
        self._works = works
        self.digest = "sha256:" + hashlib.sha256(repr(works).encode()).hexdigest()
        self._places = defaultdict(list)
        for number, work in enumerate(works):
            for gram, place in grams(normalise(work.text)):
                self._places[gram].append((number, place))

    def __len__(self):
        return len(self._works)

    def candidates(self, text):
        anchors = defaultdict(list)
        for gram, place in grams(text):
            found = self._places.get(gram, ())
            if len({number for number, _ in found}) <= max(3, len(self._works) // 10):
                for number, other in found:
                    anchors[number].append((place, other))
        ranked = sorted(anchors, key=lambda number: -len(anchors[number]))
        return [
            Candidate(self._works[number], np.array(anchors[number], dtype=np.int64))
            for number in ranked
        ]
