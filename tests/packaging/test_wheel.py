"""The wheel, installed in an environment of its own, works from any folder, rules included."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DRAFT = "校园消息\n\n网传明天停课，大家快转发。身份证号110101200001010010。\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the wheel from a copy; return the console script of a fresh environment."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "*.egg-info", "build"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, copy], check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=True)
    binaries = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    install = [binaries / "python", "-m", "pip", "install", "--quiet", "--no-deps", wheel]
    subprocess.run(install, check=True)
    return binaries / "screening"


def run(installed, folder, *args):
    """Run the console script in ``folder``; libraries come from the environment of the tests."""
    environment = {**os.environ, "PYTHONPATH": sysconfig.get_paths()["purelib"]}
    environment["SCREENING_HOME"] = str(folder / "home")
    return subprocess.run(
        [installed, *args], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_it_screens_files_and_reports_from_another_folder(installed, tmp_path):
    (tmp_path / "稿件.txt").write_text(DRAFT, "utf-8")
    checked = run(installed, tmp_path, "check", "稿件.txt", "--format", "json")
    assert checked.returncode == 1, checked.stderr
    (result,) = json.loads(checked.stdout)["drafts"]
    assert {"rumor", "personal"} <= {finding["category"] for finding in result["findings"]}

    filed = run(installed, tmp_path, "submit", "稿件.txt", "--account", "a", "--editor", "李示例")
    assert filed.returncode == 1, filed.stderr
    listed = json.loads(run(installed, tmp_path, "ticket", "list", "--format", "json").stdout)
    (ticket,) = listed["tickets"]
    page = run(installed, tmp_path, "report", ticket["number"], "--format", "html")
    assert "校园消息" in page.stdout
    assert "110101200001010010" not in page.stdout


def test_every_rule_is_in_it(installed, tmp_path):
    here = subprocess.run(
        [sys.executable, "-m", "screening", "--home", tmp_path / "h", "lexicon", "list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    there = run(installed, tmp_path, "lexicon", "list")
    assert there.returncode == 0, there.stderr
    assert there.stdout == here.stdout
