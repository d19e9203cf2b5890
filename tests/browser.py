"""Debian's chromium, driven by playwright: a page of ours opened from a file, as a user does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

#: widths in CSS pixels: a desk, and the narrowest phone that is promised
DESK, PHONE = 1280, 360


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser.

    Raises:
        FileNotFoundError: there is none; ``.ci/run`` installs it on Debian.
    """
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise FileNotFoundError("chromium：请先安装（apt-get install chromium）")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Browser, path: Path, *, width: int = DESK, scheme: Any = "light") -> Page:
    """Open ``path`` in a window of its own; anything it logs or asks ends up in ``page.said``."""
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: note_request(page, request.url))
    page.goto(path.resolve().as_uri())
    return page


def note_request(page: Page, url: str) -> None:
    """Note anything that is fetched and is no file."""
    if not url.startswith("file:"):
        page.said.append(f"fetched {url}")


def faults(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical, each with the first element at fault."""
    page.evaluate(Axe().axe_script + ";0")
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        f"{fault['id']}: {fault['nodes'][0]['html']} {fault['nodes'][0]['failureSummary']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


def texts(page: Page, selector: str) -> list[str]:
    """Return the text of every element that is shown."""
    return [
        node.inner_text().strip() for node in page.query_selector_all(selector) if node.is_visible()
    ]
