from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import click
import pytest
from click.testing import CliRunner
from made_up import HOSTILE, made_up, small
from msgspec.structs import replace
from sqlalchemy import URL

from screening.cli import submit as submit_module
from screening.cli import ticket as ticket_module
from screening.cli.chinese import ChineseFormatter
from screening.cli.main import cli
from screening.draft import DraftBuilder, Unscreened
from screening.errors import DraftError, StoreError
from screening.finding import Failure, Route, Severity, Target, Verdict
from screening.pipeline import Screener
from screening.reports.columns import width
from screening.tickets.desk import Desk
from screening.tickets.store import Store

NOW = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)


class FakeScreener:
    """Gives the screening it was made with, whatever the draft."""

    def __init__(self, screening):
        self.screening = screening
        self.account = None

    def screen(self, draft, prepared=None, *, account=None, known=()):
        self.account = account
        return self.screening


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()

    def open_desk(settings):
        url = URL.create("sqlite", database=str(settings.home / "tickets.sqlite3"))
        return Desk(Store.at(url), lambda: NOW)

    for module in (submit_module, ticket_module):
        monkeypatch.setattr(module, "open_desk", open_desk)
    monkeypatch.setattr(submit_module, "read_draft", lambda *_, **__: DraftBuilder("text").build())
    yield tmp_path
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def run(home, monkeypatch):
    def invoke(*arguments, screening=None):
        fake = FakeScreener(screening or small())
        monkeypatch.setattr(Screener, "from_settings", lambda *_: fake)
        return CliRunner().invoke(cli, ["--home", str(home), *arguments])

    return invoke


SUBMIT = ("submit", "稿.txt", "--account", "wzpt-weibo", "--editor", "张三")


def titled(screening, title):
    builder = DraftBuilder("text")
    builder.add("body", screening.draft.fields["body"], "第1段")
    return replace(screening, draft=builder.build(title))


def test_a_clean_draft(run):
    done = run(*SUBMIT)
    assert done.exit_code == 0
    assert done.output.startswith(
        "审批单  2026-0001（第1稿）\n"
        "状态    待部门审批\n"
        "账号    wzpt-weibo\n"
        "编辑    张三\n"
        "送审    2026-03-05 12:30\n"
        "下一步  账号 wzpt-weibo 没有登记，没有人能审批：请先登记账号（screening account\n"
        "        add），再加上 --ticket 2026-0001 重新提交。\n"
    )
    assert "结论" in done.output
    assert "没有发现问题" in done.output


@pytest.mark.parametrize(
    ("screening", "words"),
    [
        (made_up(), "请按审查报告修改稿件，改好后加上 --ticket 2026-0001 重新提交。"),
        (
            replace(small(), route=Route(Target.PUBLICITY)),
            "账号 wzpt-weibo 没有登记，没有人能审批：",
        ),
    ],
)
def test_the_next_step(run, screening, words):
    assert words in run(*SUBMIT, screening=screening).output


def test_the_next_step_names_the_department_where_it_is_known(run, home):
    desk = ticket_module.open_desk(ticket_module.load_settings(home))
    number = desk.submit(small(), "a", "张三", department="机电学院").number
    assert "请机电学院负责人审批" in run("ticket", "show", number).output


@pytest.mark.parametrize(
    ("screening", "code"),
    [
        (small(), 0),
        (small("用语", Severity.NOTICE), 0),
        (small("用语", Severity.REVIEW), 1),
        (small("用语", Severity.BLOCK), 1),
        (small(unscreened=(Unscreened("图片", "没有文字"),)), 1),
        (small("用语", Severity.BLOCK, failures=(Failure("lexicon", "出错"),)), 3),
    ],
)
def test_exit_codes(run, screening, code):
    done = run(*SUBMIT, screening=screening)
    assert done.exit_code == code
    assert "2026-0001" in done.output


def test_an_unreadable_draft_files_nothing(run, monkeypatch):
    def unreadable(*_, **__):
        raise DraftError("D004")

    monkeypatch.setattr(submit_module, "read_draft", unreadable)
    assert run(*SUBMIT).exception.code == "D004"
    assert json.loads(run("ticket", "list", "--format", "json").output)["tickets"] == []


def test_json(run):
    done = run(*SUBMIT, "--format", "json", screening=made_up())
    assert done.exit_code == 1
    whole = json.loads(done.output)
    assert list(whole) == ["schema", "ticket", "drafts"]
    assert whole["schema"] == "screening/1"
    assert whole["ticket"] == {
        "number": "2026-0001",
        "state": "blocked",
        "account": "wzpt-weibo",
        "editor": "张三",
        "department": None,
        "created": "2026-03-05T04:30:00+00:00",
        "revision": 1,
        "route": "publicity",
        "waiting_for": None,
        "approved_until": None,
        "planned": None,
        "events": 2,
    }
    assert whole["drafts"][0]["verdict"] == "block"
    assert "fields" not in whole["drafts"][0]
    assert json.loads(run("ticket", "show", "2026-0001", "--format", "json").output) == whole


def test_a_revision(run):
    run(*SUBMIT, screening=small(verdict=Verdict.BLOCK))
    done = run(*SUBMIT, "--ticket", "2026-0001")
    assert "2026-0001（第2稿）" in done.output
    assert "待部门审批" in done.output


def test_unknown_numbers(run):
    for arguments in ((*SUBMIT, "--ticket", "2026-0009"), ("ticket", "show", "2026-0009")):
        error = run(*arguments).exception
        assert isinstance(error, StoreError)
        assert error.code == "T001"


def test_the_screener_is_told_the_account(run, home, monkeypatch):
    fake = FakeScreener(small())
    monkeypatch.setattr(Screener, "from_settings", lambda *_: fake)
    CliRunner().invoke(
        cli, ["--home", str(home), "submit", "-", "--account", " a ", "--editor", "张三"]
    )
    assert fake.account == "a"


def test_an_empty_list_says_what_to_do(run):
    assert run("ticket", "list").output == (
        "还没有审批单。提交第一份：\n  screening submit 稿件.docx --account 账号 --editor 姓名\n"
    )
    assert run("ticket", "list", "--state", "blocked").output == "没有“须修改”的审批单。\n"


def test_the_list(run):
    run(*SUBMIT, screening=titled(small(), "关于做好2026级新生入学工作的通知"))
    run(*SUBMIT, screening=titled(replace(made_up(), findings=()), "Open day 🎉"))
    run(*SUBMIT[:-1], "阿依古丽·买买提", screening=small(verdict=Verdict.REVIEW))
    assert run("ticket", "list").output == (
        "编号       状态        标题                      部门  结论      编辑      日期\n"
        "2026-0003  待部门审批  （没有标题）                    须核对    阿依古…  03-05\n"
        "2026-0002  须修改      Open day 🎉                     须修改    张三      03-05\n"
        "2026-0001  待部门审批  关于做好2026级新生入学…        未见问题  张三      03-05\n"
    )
    numbers = run("ticket", "list", "--limit", "1", "--format", "json").output
    assert [item["number"] for item in json.loads(numbers)["tickets"]] == ["2026-0003"]
    blocked = json.loads(run("ticket", "list", "--state", "blocked", "--format", "json").output)
    assert blocked["tickets"] == [
        {
            "number": "2026-0002",
            "state": "blocked",
            "account": "wzpt-weibo",
            "editor": "张三",
            "department": None,
            "created": "2026-03-05T04:30:00+00:00",
            "revision": 1,
            "title": "Open day 🎉",
            "verdict": "block",
            "route": "publicity",
            "since": "2026-03-05T04:30:00+00:00",
            "due": None,
            "due_provisional": False,
        }
    ]


def test_hostile_text_cannot_steer_the_terminal(run):
    hostile = titled(made_up(), "标题\n第二行\x1b]0;坏\x07\x9b31m\u202e" + HOSTILE)
    hostile = replace(hostile, findings=())
    outputs = [
        run(*SUBMIT[:3], "账" * 90, "--editor", "张" * 100, screening=hostile).output,
        run("ticket", "list").output,
        run("ticket", "show", "2026-0001").output,
    ]
    assert len(outputs[1].splitlines()) == 2
    for line in "".join(outputs).splitlines():
        assert not set(line) & set("\x1b\x07\x9b\u202e")
        assert width(line) <= 80, line


@pytest.mark.parametrize(
    "arguments", [("submit",), ("ticket",), ("ticket", "list"), ("ticket", "show")]
)
def test_help_is_chinese_with_an_example(run, arguments, monkeypatch):
    monkeypatch.setattr(click.Context, "formatter_class", ChineseFormatter)
    done = run(*arguments, "--help")
    assert done.exit_code == 0
    assert "示例：\n    screening " + " ".join(arguments) in done.output
    assert all(width(line) <= 80 for line in done.output.splitlines())


def test_the_whole_way(tmp_path):
    """Real reader, rules, store and report, one process a command."""
    draft = tmp_path / "稿件.txt"
    draft.write_text("校园开放日\n\n欢迎报名参观。\n", "utf-8")
    environment = os.environ | {"SCREENING_HOME": str(tmp_path / "home"), "PYTHONUTF8": "1"}

    def screening(*arguments):
        command = [sys.executable, "-m", "screening", *arguments]
        return subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", check=False
        )

    done = screening("submit", str(draft), "--account", "wzpt-weibo", "--editor", "张三")
    assert (done.returncode, done.stderr) == (0, "")
    number = done.stdout.split()[1][:9]
    assert "部门审批 → 宣传部审批" in done.stdout
    assert screening("ticket", "show", number).stdout == done.stdout
    assert f"\n{number}  待部门审批  校园开放日" in screening("ticket", "list").stdout
    missing = screening("ticket", "show", "1999-0001")
    assert (missing.returncode, missing.stdout) == (3, "")
    assert missing.stderr.startswith("[T001]")
    (tmp_path / "home" / "tickets.sqlite3").write_text("坏了" * 999, "utf-8")
    broken = screening("ticket", "list")
    assert broken.returncode == 3
    assert broken.stderr.startswith("[T002] 审批库打不开或已损坏：不是审批库文件")
