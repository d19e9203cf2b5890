"""Generated pages are what the tool makes today, and the documents point at what exists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "lexicons" / "README.md",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    subprocess.run([sys.executable, ROOT / "tools" / "build_docs.py", folder], check=True)
    return folder


@pytest.mark.parametrize("name", ["cli.md", "rules.md"])
def test_generated_pages_are_current(made, name):
    assert (ROOT / "docs" / name).read_text("utf-8") == (made / name).read_text("utf-8"), (
        "run: make docs"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_error_code_is_raised_somewhere():
    from screening.errors import MESSAGES

    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "screening").rglob("*.py"))
    unused = [code for code in MESSAGES if source.count(f'"{code}"') < 2]
    assert unused == []
