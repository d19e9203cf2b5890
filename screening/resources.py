"""The only place that knows where lexicons/, models/ and data/ are.

In a wheel they lie inside the package; in a checkout (and an editable installation) beside it.
``importlib.resources.files("screening.lexicons")`` fails in both, so folders are looked up here.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from screening.errors import RulesError, why

Kind = Literal["lexicons", "models", "data"]


def folder(kind: Kind) -> Path:
    """Return the shipped folder ``kind``.

    Raises:
        RulesError: L006, the installation has no such folder.
    """
    package = Path(__file__).parent
    for candidate in (package / kind, package.parent / kind):
        if candidate.is_dir():
            return candidate
    raise RulesError("L006", kind=kind)


def load_toml(path: Path) -> dict[str, Any]:
    """Read a shipped or user-written TOML table.

    Raises:
        RulesError: L001, not there, not valid TOML or not UTF-8.
    """
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RulesError("L001", where=path.name, problem=why(error)) from error
