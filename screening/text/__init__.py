"""Text: normalisation with an offset map, sentences, word boundaries, masking."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from screening.draft import Draft
from screening.text.grams import Grams, grams_of
from screening.text.normalise import Normalised, normalise
from screening.text.stream import Stream, stream_of

__all__ = ["Prepared", "prepare"]


class Prepared(Struct, frozen=True, dict=True):
    """A draft with each field normalised once, for all stages to share."""

    draft: Draft
    fields: Mapping[str, Normalised]

    @cached_property
    def stream(self) -> Stream:
        """The fields as one run of characters."""
        return stream_of(self.draft, self.fields)

    @cached_property
    def grams(self) -> Grams:
        """The n-grams of the stream."""
        return grams_of(self.stream.codes, self.stream.classes)


def prepare(draft: Draft) -> Prepared:
    """Normalise every field of ``draft`` that holds text."""
    return Prepared(draft, {name: normalise(text) for name, text in draft.fields.items() if text})
