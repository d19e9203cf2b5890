"""Known works, and what the index says a draft may have taken from them.

Positions are indices into *normalised* text (:mod:`screening.text.normalise`), of the draft's field
and of the work's ``text`` alike: ``normalise(work.text).span`` leads back to the original. What is
fingerprinted is the squeezed form, letters and digits only, so the eight characters of an anchor
are the next eight letters or digits from its position on, whatever stands between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from screening.text.normalise import Normalised


class Licence(StrEnum):
    """What the right holder allows. FORBIDDEN: marked 原创, not to be reprinted."""

    AUTHORISED = "authorised"
    FORBIDDEN = "forbidden"
    OWN = "own"
    PUBLIC = "public"
    UNKNOWN = "unknown"


class Work(Struct, frozen=True):
    """A text somebody published. ``id`` is stable, given by the store; ``text`` is as published."""

    id: str
    title: str
    text: str
    author: str | None = None
    site: str | None = None
    url: str | None = None
    published: str | None = None
    licence: Licence = Licence.UNKNOWN

    @property
    def own(self) -> bool:
        """True for the school's own posts."""
        return self.licence is Licence.OWN


class Candidate(Struct, frozen=True):
    """A work that shares rare fingerprints with a draft's field.

    ``anchors`` has shape ``(n, 2)``: where each shared fingerprint begins in the normalised field,
    and in the normalised text of the work, by rising draft position.
    """

    work: Work
    anchors: NDArray[np.int64]


class Works(Protocol):
    """The known works as the stage sees them."""

    @property
    def digest(self) -> str:
        """The digest of all works; changes with any of them."""
        ...

    def candidates(self, text: Normalised) -> Sequence[Candidate]:
        """Return the works that share rare fingerprints with ``text``, the most shared first."""
        ...

    def __len__(self) -> int:
        """Return how many works are known."""
        ...
