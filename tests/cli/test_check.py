"""`screening check`: what it prints, where it writes, and how it exits."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_up import small

from screening.cli import check as module
from screening.cli.check import check, exit_code
from screening.draft import Unscreened
from screening.errors import DraftError, UsageError
from screening.finding import Failure, Severity

BROKEN = DraftError("D002")
MISSING = UsageError("U001")
GAP = (Unscreened("图片“a.png”", "图里的文字没有审查"),)
FAILED = (Failure("lexicon", "ValueError"),)


class FakeScreener:
    """Finds one thing of the severity that the draft's text names."""

    @classmethod
    def from_home(cls, home, compiling):
        return cls()

    def screen(self, draft, *, account=None):
        text = draft.fields["body"]
        severity = next((item for item in Severity if item in text), None)
        return small(text, severity, failures=FAILED if "失败" in text else ())


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "Screener", FakeScreener)
    monkeypatch.chdir(tmp_path)

    def call(*arguments, stdin=None):
        return CliRunner().invoke(check, arguments, input=stdin)

    return call


def draft(name, text):
    Path(name).write_text(text, "utf-8")
    return name


@pytest.mark.parametrize(
    ("screenings", "errors", "fail_on", "code"),
    [
        ([small()], [], Severity.NOTICE, 0),
        ([small(severity=Severity.NOTICE)], [], Severity.REVIEW, 0),
        ([small(severity=Severity.NOTICE)], [], Severity.NOTICE, 1),
        ([small(severity=Severity.REVIEW)], [], Severity.REVIEW, 1),
        ([small(severity=Severity.ESCALATE)], [], Severity.BLOCK, 0),
        ([small(), small(severity=Severity.BLOCK)], [], Severity.BLOCK, 1),
        ([small(unscreened=GAP)], [], Severity.REVIEW, 1),
        ([small(unscreened=GAP)], [], Severity.ESCALATE, 0),
        ([small(failures=FAILED)], [], Severity.BLOCK, 3),
        ([small(severity=Severity.BLOCK, failures=FAILED)], [], Severity.REVIEW, 3),
        ([], [BROKEN], Severity.REVIEW, 3),
        ([small(severity=Severity.BLOCK)], [BROKEN], Severity.REVIEW, 3),
        ([], [MISSING], Severity.REVIEW, 2),
        ([], [MISSING, BROKEN], Severity.REVIEW, 3),
        ([small()], [MISSING], Severity.REVIEW, 3),
    ],
)
def test_exit_code(screenings, errors, fail_on, code):
    assert exit_code(screenings, errors, fail_on) == code


def test_text_report_on_the_screen(run):
    result = run(draft("a.txt", "block"))

    assert result.exit_code == 1
    assert "【block】" in result.stdout
    assert "\x1b" not in result.stdout


def test_the_others_are_reported_when_one_cannot_be_read(run):
    result = run(draft("旧.doc", "x"), draft("a.txt", "review"), "--format", "json")
    document = json.loads(result.stdout)

    assert result.exit_code == 3
    assert len(document["drafts"]) == 1
    assert document["errors"] == [
        {"path": "旧.doc", "code": "D002", "message": result.stderr.strip()}
    ]
    assert result.stderr.startswith("[D002] ")


def test_a_draft_that_cannot_be_read_prints_no_report(run):
    result = run(draft("旧.doc", "x"))

    assert (result.exit_code, result.stdout) == (3, "")


def test_a_failed_stage_is_no_success(run):
    assert run(draft("a.txt", "失败")).exit_code == 3


def test_text_is_added_to_json_on_request(run):
    path = draft("a.txt", "今天下雨。")

    assert "fields" not in json.loads(run(path, "--format", "json").stdout)["drafts"][0]
    document = json.loads(run(path, "--format", "json", "--text").stdout)["drafts"][0]
    assert document["fields"]["body"] == "今天下雨。"


def test_output_replaces_a_file_whole(run, tmp_path):
    target = tmp_path / "报告.html"
    target.write_text("旧")
    result = run(draft("a.txt", "notice"), "--format", "html", "--output", str(target))

    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_text("utf-8").endswith("</html>\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "报告.html"]


def test_output_to_a_device_leaves_it_a_device(run):
    run(draft("a.txt", "x"), "--output", os.devnull)

    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["a.txt", "--output", "没有/这个/目录.html"], "U003"),
        (["a.txt", "a.txt", "--title", "题"], "U002"),
        (["-", "-"], "U002"),
    ],
)
def test_wrong_usage(run, arguments, code):
    draft("a.txt", "x")
    result = run(*arguments)

    assert isinstance(result.exception, UsageError)
    assert result.exception.code == code


def test_fail_on(run):
    path = draft("a.txt", "notice")

    assert run(path).exit_code == 0
    assert run(path, "--fail-on", "notice").exit_code == 1


def test_title_and_account_reach_the_screener(run, monkeypatch):
    seen = []

    def screen(self, draft, *, account=None):
        seen.append((draft.title, account))
        return small()

    monkeypatch.setattr(FakeScreener, "screen", screen)
    run(draft("a.txt", "x"), "--title", "新标题", "--account", "wzpt-weibo")

    assert seen == [("新标题", "wzpt-weibo")]


def test_help_is_chinese_and_has_an_example(run):
    result = run("--help")

    assert "示例：" in result.stdout
    assert "--fail-on [notice|review|escalate|block]" in result.stdout
    assert "默认 review" in result.stdout


def run_module(tmp_path, *arguments, stdin=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "screening", "--home", str(tmp_path / "home"), *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


def test_a_chinese_console_can_show_any_draft(tmp_path):
    result = run_module(
        tmp_path,
        *("check", "-"),
        stdin="关于迎新的通知\n\n扫码领🎁 ⓖ 刷单日结。\u202e\u200b".encode(),
        PYTHONIOENCODING="gbk",
        PYTHONUTF8="0",
    )

    assert result.returncode in (0, 1)
    assert "结论" in result.stdout.decode("gbk")
    assert b"Traceback" not in result.stderr


def test_json_is_utf8_whatever_the_console(tmp_path):
    result = run_module(
        tmp_path,
        *("check", "-", "--format", "json"),
        stdin="关于迎新的通知\n\n欢迎🎁。".encode(),
        PYTHONIOENCODING="gbk",
    )

    assert (
        json.loads(result.stdout.decode("utf-8"))["drafts"][0]["draft"]["title"] == "关于迎新的通知"
    )


def test_a_text_report_loads_nothing_slow():
    code = (
        "import sys, screening.cli.check, screening.reports.terminal;"
        "print([m for m in ('rich', 'jinja2', 'sqlalchemy', 'jieba', 'pandas', 'sklearn', 'lxml')"
        " if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )

    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("output", ["稿件.txt", "./稿件.txt", "."])
def test_a_report_never_replaces_a_draft_or_a_folder(tmp_path, output):
    draft = tmp_path / "稿件.txt"
    draft.write_text("今天天气很好。", "utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "screening", "check", "稿件.txt", "--output", output],
        cwd=tmp_path,
        env={**os.environ, "SCREENING_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "U003" in result.stderr
    assert draft.read_text("utf-8") == "今天天气很好。"
