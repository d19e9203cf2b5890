"""Photograph an HTML report for the README: ``python tools/screenshot.py report.html picture.png``.

Needs playwright (test extra) and a chromium on the search path.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def photograph(page: Path, picture: Path, width: int, height: int, scheme: str) -> None:
    """Open ``page`` (a file) in a window of ``width`` x ``height`` CSS pixels; save what shows.

    Raises:
        FileNotFoundError: there is no chromium on the search path.
    """
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        raise FileNotFoundError("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        tab.goto(page.resolve().as_uri())
        picture.parent.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=picture)
        browser.close()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--width", type=int, default=1200)
    parser.add_argument("--height", type=int, default=1180)
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    options = parser.parse_args()
    photograph(**vars(options))
    print(f"{options.picture}: {options.picture.stat().st_size // 1024} KB", file=sys.stderr)


if __name__ == "__main__":
    main()
