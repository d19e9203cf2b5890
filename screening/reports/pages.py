"""HTML pages from templates: nothing from outside, style and script allowed by digest alone.

A page ``name`` is ``name.html.j2``, which extends page.html.j2, with the style sheets base.css and
``name.css``, and, where ``name.js`` exists, the scripts base.js and ``name.js``.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from screening.reports.safe import visible

TEMPLATES = Path(__file__).parent / "templates"


def render_page(name: str, folder: Path = TEMPLATES, **values: object) -> str:
    """Return the page ``name``, whose own files are in ``folder``, filled with ``values``."""
    return (
        _environment(folder).get_template(f"{name}.html.j2").render(_assets(name, folder), **values)
    )


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["visible"] = visible
    return environment


@cache
def _assets(name: str, folder: Path) -> dict[str, str]:
    style = _joined(TEMPLATES / "base.css", folder / f"{name}.css")
    own = folder / f"{name}.js"
    script = _joined(TEMPLATES / "base.js", own) if own.exists() else ""
    return {
        "style": Markup(style),
        "style_digest": _digest(style),
        "script": Markup(script),
        "script_digest": _digest(script),
    }


def _joined(*paths: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in paths)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
