"""The command line as a whole: Chinese throughout, coded errors, no traceback."""

import re
import subprocess
import sys

import click
import pytest

from screening.cli.main import cli, main


def run(*args, **env):
    return subprocess.run(
        [sys.executable, "-m", "screening", *args], capture_output=True, text=True, check=False
    )


def commands(group=cli, path=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


COMMANDS = [(), *commands()]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_is_chinese_with_an_example(path):
    page = run(*path, "--help")
    assert page.returncode == 0
    assert "用法：screening" in page.stdout
    assert "示例" in page.stdout
    assert "\\b" not in page.stdout
    for english in ("Usage", "Options", "Commands", "Show ", "default", "required"):
        assert english not in page.stdout


WRONG = [
    (["--nothing"], "没有选项 --nothing"),
    (["nothing"], "没有命令 nothing"),
    (["check"], "缺少 PATH..."),
    (["check", "--format", "poem", "a.txt"], "可用 text、json"),
    (["lexicon", "show"], "缺少 RULE"),
    (["lexicon", "show", "A", "B"], "多出了参数 B"),
]


@pytest.mark.parametrize(("args", "message"), WRONG)
def test_wrong_usage_is_explained(args, message):
    result = run(*args)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert not re.search(r"Usage|Error|Try", result.stderr)


def test_a_fault_of_the_software_is_told_and_never_a_result(monkeypatch, capsys):
    monkeypatch.setattr("screening.cli.main.cli", lambda **_: 1 / 0)
    monkeypatch.delenv("SCREENING_DEBUG", raising=False)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 3
    assert "[X001] 软件内部出错（ZeroDivisionError）" in capsys.readouterr().err


def test_version():
    assert re.fullmatch(r"screening \d+\.\d+\.\d+\n", run("--version").stdout)
