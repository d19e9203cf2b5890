"""HTML pages from templates: no script, nothing from outside, one style sheet allowed by digest."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from screening.reports.safe import visible

_TEMPLATES = Path(__file__).parent / "templates"


def render_page(name: str, **values: object) -> str:
    """Return the page of the template ``name``.html.j2 with the style sheet ``name``.css."""
    style = (_TEMPLATES / f"{name}.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["visible"] = visible
    template = environment.get_template(f"{name}.html.j2")
    return template.render(style=Markup(style), style_digest=digest, **values)
