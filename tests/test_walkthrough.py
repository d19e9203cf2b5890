"""The walk-through in docs/ is what its commands print today."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_walkthrough_is_what_its_commands_print(tmp_path):
    tool = ROOT / "tools" / "build_walkthrough.py"
    subprocess.run([sys.executable, tool, tmp_path], check=True)
    made = (tmp_path / "walkthrough.md").read_text("utf-8")
    assert (ROOT / "docs" / "walkthrough.md").read_text("utf-8") == made, "run: make docs"
