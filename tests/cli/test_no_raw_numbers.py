"""Personal numbers appear raw nowhere: not in any report, error, list, store or cache."""

import json
import os
import subprocess
import sys

import pytest

from screening.reports import REPORTS

ID, MOBILE, CARD = "11010519000101002X", "13800000000", "6222020000000000000"
DRAFT = f"""志愿者名单

李示例，身份证号{ID}，手机{MOBILE}，卡号{CARD}。
王示例，身份证号１１０１０５１９０００１０１００２Ｘ，电话138-0000-0000，或 ①③⑧⓪⓪⓪⓪⓪⓪⓪⓪。
"""
FORBIDDEN = (
    ID,
    ID.lower(),
    MOBILE,
    "138-0000-0000",
    "１１０１０５１９０００１０１００２Ｘ",
    "①③⑧⓪⓪⓪⓪⓪⓪⓪⓪",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbers")
    (folder / f"李示例{ID}.txt").write_text(DRAFT, "utf-8")
    (folder / f"坏{MOBILE}.docx").write_bytes(b"PK\x03\x04")
    return folder


def run(place, *args):
    return subprocess.run(
        [sys.executable, "-m", "screening", "--home", place / "home", *args],
        cwd=place,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def assert_clean(*texts):
    for text in texts:
        for number in FORBIDDEN:
            assert number not in text


@pytest.mark.parametrize("style", list(REPORTS))
def test_checks(place, style):
    text = ["--text"] if style == "json" else []
    result = run(place, "check", f"李示例{ID}.txt", f"坏{MOBILE}.docx", "--format", style, *text)
    assert result.returncode == 3
    assert "志愿者名单" in result.stdout
    assert_clean(result.stdout, result.stderr)


def test_tickets_and_what_lies_in_the_home(place):
    editor = f"王{MOBILE}"
    filed = run(place, "submit", f"李示例{ID}.txt", "--account", "a", "--editor", editor)
    assert filed.returncode == 1
    listed = run(place, "ticket", "list", "--format", "json")
    (ticket,) = json.loads(listed.stdout)["tickets"]
    shown = [run(place, "report", ticket["number"], "--format", style) for style in REPORTS]
    assert_clean(filed.stdout, filed.stderr, listed.stdout, *(page.stdout for page in shown))
    stored = [path.read_bytes() for path in (place / "home").rglob("*") if path.is_file()]
    assert stored
    for number in FORBIDDEN:
        escaped = number.encode("ascii", "backslashreplace")
        assert not any(number.encode() in data or escaped in data for data in stored)
