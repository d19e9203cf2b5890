"""先审后发: screens a college's drafts before publication and says who must approve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screening.pipeline import Screener
    from screening.readers import read_draft

__all__ = ["Screener", "__version__", "read_draft"]
__version__ = "0.1.0"

_HOMES = {"Screener": "screening.pipeline", "read_draft": "screening.readers"}


def __getattr__(name: str) -> Any:
    """Import the public names when they are first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    return getattr(importlib.import_module(_HOMES[name]), name)
