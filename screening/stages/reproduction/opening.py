"""Opening the known works of a home; what cannot be opened fails its stage, and passes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from screening.errors import StoreError
from screening.text.normalise import Normalised

if TYPE_CHECKING:  # a home without works does without their types
    from screening.stages.reproduction.work import Candidate, Works

FOLDER = "works"


class UnreadableWorks:
    """Stands for works that could not be opened: whoever asks for candidates gets the error."""

    digest = ""

    def __init__(self, error: StoreError) -> None:
        self._error = error

    def __len__(self) -> int:
        return 1

    def candidates(self, text: Normalised) -> Sequence[Candidate]:
        """Raise the error that opening them met."""
        raise self._error


def works_of(home: Path) -> Works | None:
    """Open the known works in ``home``; None where nobody ever added one."""
    folder = home / FOLDER
    if not folder.exists():
        return None
    from screening.stages.reproduction.store import (  # noqa: PLC0415 - most homes know no works
        open_works,
    )

    try:
        return open_works(folder)
    except StoreError as error:
        return UnreadableWorks(error)
