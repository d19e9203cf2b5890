"""Photograph the pages for README and docs: ``python tools/build_images.py [FOLDER]``.

Screens the invented drafts of ``scenes.py`` in a home of its own, and saves every page as a picture
in FOLDER (docs/images). Needs playwright (test extra) and a chromium on the search path.
"""

from __future__ import annotations

import csv
import getpass
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from scenes import COLLEGE, DRAFTS, SCHEDULE, WORK

IMAGES = Path(__file__).parent.parent / "docs" / "images"
DESK, PHONE = (1280, 920), (360, 760)


class Scene:
    """A folder with a home, the invented drafts and everything that is made of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "home").mkdir()
        for name, text in DRAFTS.items():
            (folder / name).write_text(text, "utf-8")
        (folder / "作品.jsonl").write_text(json.dumps(WORK, ensure_ascii=False), "utf-8")
        with (folder / "十二月排期.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(SCHEDULE)

    def run(self, line: str) -> str:
        """Run a command in the folder; return what it says."""
        command = [sys.executable, "-m", "screening", "--home", "home", *line.split()]
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode not in (0, 1, 3):
            raise RuntimeError(f"{line}\n{done.stdout}{done.stderr}")
        return done.stdout

    def become(self, person: str) -> None:
        """Let whoever runs this be ``person`` of the registry."""
        user = f'[[identity.user]]\nlogin = "{getpass.getuser()}"\nperson = "{person}"\n'
        (self.folder / "home" / "settings.toml").write_text(user, "utf-8")

    def build(self) -> None:
        """Make every page."""
        for line in COLLEGE.strip().splitlines():
            self.run(line)
        self.run("works add 作品.jsonl")
        self.run("batch 十二月排期.csv --output 审查 --workers 1")
        self.run("key make")
        self.become("li")
        self.run("submit 大桥通车.txt --account jd-wechat")
        self.run("submit 开放日.txt --account jd-wechat")
        self.run("report 2026-0001 --format html --output 审批单.html")
        self.become("wang")
        self.run("ticket approve 2026-0002 --confirm all=已经本人同意")
        self.become("li")
        self.run("ticket release 2026-0002 开放日.txt")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's browser.

    Raises:
        FileNotFoundError: there is none.
    """
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise FileNotFoundError("chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


def photograph(browser: Browser, scene: Scene, images: Path) -> None:
    """Save every picture."""

    def page(name: str, size: tuple[int, int] = DESK, scheme: str = "light") -> Page:
        viewport = {"width": size[0], "height": size[1]}
        tab = browser.new_page(
            viewport=viewport, color_scheme=scheme, reduced_motion="reduce", device_scale_factor=1.5
        )
        tab.goto((scene.folder / name).as_uri())
        return tab

    def save(tab: Page, name: str) -> None:
        tab.screenshot(path=images / f"{name}.png")
        tab.close()

    report = page("审批单.html")
    save(report, "report")
    walked = page("审批单.html", scheme="dark")
    for _ in range(3):
        walked.keyboard.press("j")
    save(walked, "report-dark")
    compared = page("审批单.html")
    compared.locator(".comparison").screenshot(path=images / "comparison.png")
    compared.close()
    for name, width in (("index", DESK), ("index-phone", PHONE)):
        save(page("审查/index.html", width), name)
    phone = page("审批单.html", PHONE)
    phone.keyboard.press("j")
    save(phone, "report-phone")
    save(page("放行单-2026-0002.html", (900, 900)), "permit")


def main() -> None:
    """Read the command line."""
    images = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scene = Scene(Path(name))
        scene.build()
        with chromium() as browser:
            photograph(browser, scene, images)
    for picture in sorted(images.glob("*.png")):
        print(f"{picture}: {picture.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
