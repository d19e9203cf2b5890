"""The articles that findings cite, read from data/regulation/."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from screening import resources
from screening.errors import RulesError
from screening.finding import Basis


class Regulation(Struct, frozen=True):
    """A school's regulation: its title, document number, and a one-line summary of each article."""

    title: str
    number: str
    summaries: Mapping[Basis, str]

    def basis(self, citation: str, rule: str) -> Basis:
        """Turn "22.6" or "16" into a :class:`Basis`.

        Raises:
            RulesError: L004, there is no such article or item; ``rule`` is the one that cites it.
        """
        article, _, item = citation.strip().partition(".")
        try:
            basis = Basis(int(article), int(item) if item else None)
        except ValueError:
            raise RulesError("L004", rule=rule, article=citation) from None
        if basis not in self.summaries:
            raise RulesError("L004", rule=rule, article=citation)
        return basis

    def describe(self, basis: Basis) -> str:
        """Return "第22条第6项：与学校无关的商业广告"."""
        return f"{basis.label}：{self.summaries[basis]}"


def load_regulation(path: Path | None = None) -> Regulation:
    """Read the shipped regulation, or another school's at ``path``."""
    source = path or resources.folder("data") / "regulation" / "regulation.toml"
    table = resources.load_toml(source)
    summaries: dict[Basis, str] = {}
    try:
        for article in table["article"]:
            summaries[Basis(article["number"])] = article["summary"]
            for item in article.get("item", ()):
                summaries[Basis(article["number"], item["number"])] = item["summary"]
        return Regulation(table["title"], table["number"], summaries)
    except (KeyError, TypeError) as error:
        raise RulesError("L007", kind="条例", problem=str(error), where=source.name) from error
