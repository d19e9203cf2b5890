"""Text: normalisation with an offset map, sentences, word boundaries, masking."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from screening.draft import Draft
from screening.text.normalise import Normalised, normalise

__all__ = ["Prepared", "prepare"]


class Prepared(Struct, frozen=True):
    """A draft with each field normalised once, for all stages to share."""

    draft: Draft
    fields: Mapping[str, Normalised]


def prepare(draft: Draft) -> Prepared:
    """Normalise every field of ``draft`` that holds text."""
    return Prepared(draft, {name: normalise(text) for name, text in draft.fields.items() if text})
