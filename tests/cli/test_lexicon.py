"""`screening lexicon`: a school's own list, switches, and what list and show say about them."""

import json
import os
import re
import subprocess
import sys

import pytest


@pytest.fixture
def run(tmp_path):
    """Return a function that runs the command line in a home of its own."""

    def call(*arguments, stdin=None, cwd=tmp_path):
        command = [sys.executable, "-m", "screening", "--home", str(tmp_path / "home")]
        return subprocess.run(
            [*command, *map(str, arguments)],
            capture_output=True,
            check=False,
            input=stdin,
            cwd=cwd,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )

    return call


@pytest.fixture
def words(tmp_path):
    path = tmp_path / "保密词.txt"
    path.write_bytes("甲乙丙工程\r\n\r\n学生\r\n校\r\n机密文件\r\n丁戊己行动\r\n".encode("gb18030"))
    return path


def rules(run, *options):
    result = run("lexicon", "list", "--format", "json", *options)
    return {rule["id"]: rule for rule in json.loads(result.stdout)["rules"]}


def own_rows(tmp_path):
    return (tmp_path / "home" / "lexicon" / "own.csv").read_text("utf-8-sig").splitlines()[1:]


def test_a_list_from_windows_is_imported_told_and_used(run, words, tmp_path):
    result = run("lexicon", "import", words, "--category", "内部事项", "--as", "李示例")
    out = result.stdout.decode()
    assert result.returncode == 0, result.stderr.decode()
    assert "第 2 行 不能用“”：词语为空" in out
    assert "第 4 行 不能用“校”：只有一个字" in out
    assert "第 5 行 重复“机密文件”：与规则 SEC" in out
    assert "第 3 行 会误报“学生”：普通文章里也会命中：" in out
    assert "已导入 2 条（OWN001–OWN002）。没有导入：不能用 2 行，重复 1 行，会误报 1 行。" in out
    assert "--force" in out
    assert all("李示例" in row and "保密词" in row for row in own_rows(tmp_path))
    draft = tmp_path / "稿件.txt"
    draft.write_text("动态\n\n我校甲乙丙工程近日启动。\n", "utf-8")
    checked = json.loads(run("check", draft, "--format", "json").stdout)
    (finding,) = checked["drafts"][0]["findings"]
    assert (finding["rule"], finding["text"], finding["category"]) == (
        "OWN001",
        "甲乙丙工程",
        "internal",
    )
    again = run("lexicon", "import", words, "--category", "internal").stdout.decode()
    assert "已导入 0 条。" in again
    assert len(own_rows(tmp_path)) == 2


def test_forced_terms_are_imported_and_named(run, words, tmp_path):
    result = run(
        "lexicon", "import", words, "--category", "internal", "--severity", "提示", "--force",
        "--name", "宣传部词表", "--format", "json",
    )  # fmt: skip
    told = json.loads(result.stdout)
    assert told["imported"] == ["OWN001", "OWN002", "OWN003"]
    assert [(line["line"], line["why"], line["imported"]) for line in told["lines"]] == [
        (2, "bad", False),
        (3, "ordinary", True),
        (4, "bad", False),
        (5, "duplicate", False),
    ]
    assert all("宣传部词表" in row for row in own_rows(tmp_path))
    assert rules(run)["OWN002"]["severity"] == "notice"


def test_a_table_on_standard_input(run):
    table = "词语,类别,轻重,负责人\n甲乙丙工程,涉密信息,,张三\n丁戊己行动,天文,,\n"
    result = run("lexicon", "import", "-", stdin=table.encode())
    out = result.stdout.decode()
    assert "第 3 行 不能用“丁戊己行动”：类别“天文”不认识" in out
    assert "没有用到的列：负责人" in out
    assert "已导入 1 条（OWN001）。" in out
    assert rules(run)["OWN001"]["category"] == "secrecy"


def test_long_accounts_are_cut_short(run):
    result = run("lexicon", "import", "-", "--category", "wording", stdin=b"a\n" * 30)
    assert "不能用的另有 10 行" in result.stdout.decode()


WRONG = [
    (["{words}"], 2, r"U002.*请用 --category"),
    (["{words}", "--category", "天文"], 2, r"U002.*类别“天文”不认识"),
    (["{words}", "--category", "major", "--severity", "很重"], 2, r"U002.*轻重“很重”不认识"),
    (["{words}", "--topic", "nothing"], 2, r"U002.*没有主题“nothing”"),
    (["{words}", "--topic", "vulgar-abuse", "--category", "major"], 2, r"U002.*只能写一个"),
    (["没有.txt", "--category", "major"], 2, r"U001.*找不到文件"),
    ([".", "--category", "major"], 3, r"D016.*读取文件失败"),
    (["{words}", "--category", "major", "--encoding", "utf-8"], 3, r"D012.*utf-8"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG)
def test_what_cannot_be_imported(run, words, arguments, code, message):
    result = run("lexicon", "import", *(word.format(words=words) for word in arguments))
    assert result.returncode == code
    assert re.search(message, result.stderr.decode())


def test_a_rule_is_disabled_listed_and_enabled(run):
    rule_id = next(i for i, rule in rules(run, "--category", "wording").items())
    result = run("lexicon", "disable", rule_id.lower(), "--reason", "校名里有", "--as", "李示例")
    assert f"已停用 {rule_id}" in result.stdout.decode()
    listed = rules(run)
    assert listed[rule_id]["status"] == "disabled"
    assert listed[rule_id]["disabled"]["reason"] == "校名里有"
    assert listed[rule_id]["disabled"]["by"] == "李示例"
    assert {rule["status"] for rule in listed.values()} <= {"active", "disabled", "retired"}
    lines = run("lexicon", "list", "--category", "wording").stdout.decode().splitlines()
    assert "停用：校名里有（李示例，" in next(line for line in lines if line.startswith(rule_id))
    assert lines[1].endswith("启用")
    assert "状态：停用：校名里有" in run("lexicon", "show", rule_id).stdout.decode()
    twice = run("lexicon", "disable", rule_id, "--reason", "校名里有")
    assert twice.returncode == 2
    assert "[L010]" in twice.stderr.decode()
    run("lexicon", "enable", rule_id)
    assert rules(run)[rule_id]["status"] == "active"


def test_what_cannot_be_disabled(run):
    secrecy = next(iter(rules(run, "--category", "secrecy")))
    refused = run("lexicon", "disable", secrecy, "--reason", "误报")
    assert refused.returncode == 2
    assert "[L009]" in refused.stderr.decode()
    unknown = run("lexicon", "disable", "XYZ999", "--reason", "误报")
    assert "[L005]" in unknown.stderr.decode()
    empty = run("lexicon", "disable", secrecy, "--reason", " ")
    assert "--reason 不能为空" in empty.stderr.decode()
