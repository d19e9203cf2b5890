"""What a check loads: nothing it does not need."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
from screening.cli.main import main
sys.argv = ["screening", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print("\\n" + json.dumps([end.code, sorted(sys.modules)]))
"""

HEAVY = {
    "pandas",
    "sklearn",
    "scipy",
    "sqlalchemy",
    "alembic",
    "jinja2",
    "rich",
    "asyncio",
    "numpy.ma",
}


def loaded(*args):
    """Run the command line in a process of its own; return its exit code and its modules."""
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, args)],
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = json.loads(result.stdout.splitlines()[-1])
    return code, set(modules)


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "one.txt"
    path.write_text("秋天的校园\n\n银杏叶落了一地，同学们在树下读书。\n", "utf-8")
    return path


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_clean_check_loads_nothing_heavy(tmp_path, draft, style):
    home = tmp_path / "home"
    loaded("--home", home, "check", draft)
    code, modules = loaded("--home", home, "check", draft, "--format", style)
    assert code == 0
    assert not modules & HEAVY
    unneeded = {"jieba", "marisa_trie", "selectolax", "lxml", "zipfile", "csv"}
    assert not modules & unneeded
    assert "screening.stages.lexicon.load" not in modules
    assert "screening.tickets" not in modules


def test_jieba_settles_boundaries_without_its_own_start_up(tmp_path, draft):
    draft.write_text("路口交通\n\n路口交通秩序良好，司机文明礼让。\n", "utf-8")
    _, modules = loaded("--home", tmp_path / "home", "check", draft)
    assert "jieba" in modules
    assert "jieba.posseg" not in modules
    assert not modules & HEAVY
