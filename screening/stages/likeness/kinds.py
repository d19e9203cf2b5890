"""What is said of a likeness to each category (lexicons/likeness.toml): rule, basis, advice."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from screening import resources
from screening.finding import Basis, Category


class Kind(Struct, frozen=True):
    """How a likeness to the offences of ``category`` is told. ``about`` names them in a message."""

    id: str
    category: Category
    basis: tuple[Basis, ...]
    about: str
    advice: str


@cache
def load_kinds() -> Mapping[str, Kind]:
    """Return the kinds by category.

    Raises:
        RulesError: L004, one cites an article that is not there.
    """
    from screening.regulation import load_regulation  # noqa: PLC0415 - few drafts need it

    regulation = load_regulation()
    table = resources.load_toml(resources.folder("lexicons") / "likeness.toml")
    return {
        name: Kind(
            row["id"],
            Category(name),
            tuple(regulation.basis(citation, row["id"]) for citation in row["basis"]),
            row["about"],
            row["advice"],
        )
        for name, row in table.items()
    }
