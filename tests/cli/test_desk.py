"""The desk from the command line: a college registered, a draft approved step by step."""

from __future__ import annotations

import json
from datetime import timedelta

import click
import pytest
from click.testing import CliRunner
from college import found
from made_up import small
from msgspec.structs import replace

from screening import clock
from screening.cli.chinese import ChineseFormatter
from screening.cli.deciding import chosen_ids
from screening.cli.main import cli
from screening.errors import ScreeningError, UsageError
from screening.reports.columns import width

DRAFT = "学校党委书记调研机电工程学院\n\n据网传消息，学校将于下月停课。\n请残废人届时参加。\n"
REGISTER = [
    "department add jd --name 机电工程学院 --branch 机电工程学院党总支",
    "department add xcb --name 宣传部",
    "person add li --name 李示例 --role editor=jd --role administrator=jd",
    "person add wang --name 王示例 --role head=机电工程学院",
    "person add sun --name 孙示例 --role publicity=xcb",
    "account add jd-wechat --name 机电学院青年 --platform 微信公众号 --level 2 --department jd"
    " --administrator li --responsible 王示例",
]
PEOPLE = ("li", "wang", "sun")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run one command line in one home; the secret of everybody is the id three times."""
    home = tmp_path_factory.mktemp("desk")
    (home / "稿件.txt").write_text(DRAFT, "utf-8")
    (home / "二稿.txt").write_text(DRAFT.replace("届时", "准时"), "utf-8")
    click.Context.formatter_class = ChineseFormatter

    def invoke(line, claim=None, secret=None, **more):
        arguments = [part.replace("HOME", str(home)) for part in line.split()]
        if claim:
            arguments += ["--as", claim]
        environment = {"SCREENING_SECRET": secret or claim * 4} if claim else {}
        done = CliRunner().invoke(cli, ["--home", str(home), *arguments], env=environment, **more)
        if done.exception and not isinstance(done.exception, ScreeningError | SystemExit):
            raise done.exception
        for printed in () if "json" in line else done.output.splitlines():
            assert width(printed) <= 80, printed
        return done

    for line in REGISTER:
        assert invoke(line).exit_code == 0, line
    for person in PEOPLE:
        assert invoke(f"person secret {person}", input=person * 4 + "\n").exit_code == 0
    return invoke


@pytest.fixture(scope="module")
def number(run):
    done = run("submit HOME/稿件.txt --account jd-wechat --format json", "li")
    assert done.exit_code == 1, "there are findings"
    return json.loads(done.output)["ticket"]["number"]


def refused(done, code, *words):
    assert isinstance(done.exception, ScreeningError)
    assert done.exception.code == code
    assert done.exception.exit_code == 2
    for word in words:
        assert word in str(done.exception)


def test_lists_of_what_is_registered(run):
    assert (
        "jd-wechat  机电学院青年  微信公众号  2     机电工程学院  在用"
        in run("account list").output
    )
    people = json.loads(run("person list --format json").output)["people"]
    assert [item["id"] for item in people] == ["li", "sun", "wang"]
    table = run("department list --format csv").output
    assert "jd,机电工程学院,机电工程学院党总支,在用" in table
    assert "负责人  wang" in run("account show 机电学院青年").output


def test_account_names_are_checked(run):
    assert run("account check 机电学院青年").exit_code == 0
    done = run("account check 温職院万能墙")
    assert (done.exit_code, "带有校名“温职院”，却没有登记" in done.output) == (1, True)
    assert json.loads(run("account check WZРT --format json").output)["school"] == "WZPT"


def test_a_ticket_says_what_is_asked_of_whom(run, number):
    page = run(f"ticket show {number}").output
    assert "部门    机电工程学院\n" in page
    assert "下一步  请机电工程学院负责人 王示例（wang） 审核，再报宣传部审批" in page
    assert "要答复  第 2、3 处\n" in page
    assert number in run("ticket list --for wang").output
    assert run("ticket list --for sun").output == "没有这样的审批单。\n"


def test_the_way_to_approval(run, number):
    refused(run(f"ticket approve {number}", "li"), "P001", "不能审批自己", "王示例（wang）")
    refused(run(f"ticket approve {number}", "wang"), "P001", "第 2 处（", "--confirm")
    refused(run(f"ticket approve {number} --confirm 9=好", "wang"), "U002", "没有第 9 处")
    refused(run(f"ticket approve {number} --confirm 2,3", "wang"), "U002", "第几处=理由")
    done = run(f"ticket approve {number} --confirm 2=已核实 --dismiss 3=误会", "wang")
    assert "状态    待宣传部审批\n" in done.output
    refused(run(f"ticket approve {number} --confirm all=好的", "wang"), "P001", "宣传部审核员")
    done = run(f"ticket approve {number} --confirm all=可发", "sun")
    assert "状态    已批准\n" in done.output
    assert "下一步  已批准，请在 " in done.output
    history = run(f"ticket history {number}").output
    assert "王示例（机电工程学院部门负责人）批准（部门）" in history
    assert "误报：误会" in history
    stats = {
        item["rule"]: (item["confirmed"], item["dismissed"])
        for item in json.loads(run("lexicon stats --format json").output)["rules"]
    }
    assert (1, 0) in stats.values()
    assert "属实比例" in run("lexicon stats").output


@pytest.mark.parametrize(
    ("which", "chosen"),
    [
        ("2", "b"),
        ("1-3", "abc"),
        ("2至3,1", "bca"),
        ("1～2、4", "abd"),
        ("all", "abcd"),
        ("c", "c"),
        ("3-2", None),
        ("2-5", None),
        ("0", None),
        ("9" * 5000, None),
        ("1-", None),
    ],
)
def test_findings_are_named_by_number_range_or_id(which, chosen):
    finding = found().findings[0]
    screening = replace(small(), findings=tuple(replace(finding, id=key) for key in "abcd"))
    if chosen is None:
        with pytest.raises(UsageError, match=r"U002.*报告里没有第 "):
            chosen_ids(which, screening)
    else:
        assert chosen_ids(which, screening) == list(chosen)


def test_a_new_draft_starts_again_and_shows_what_changed(run, number):
    done = run(f"submit HOME/二稿.txt --account jd-wechat --ticket {number}", "li")
    assert "（第2稿）" in done.output
    assert "与第1稿相比\n  改动 第2段\n    - 请残废人【届】时参加。" in done.output
    stale = run(f"ticket return {number} --reason 请改 --revision 1", "wang")
    assert stale.exception.code == "T005"
    done = run(f"ticket return {number} --reason 请核对来源", "wang")
    assert "状态    已退回\n" in done.output
    assert "退回（部门）：请核对来源" in done.output
    assert "状态    已撤回\n" in run(f"ticket withdraw {number}", "li").output


def test_who_cannot_prove_himself_does_nothing(run, number):
    lines = ("submit HOME/稿件.txt --account jd-wechat --editor li", f"ticket reject {number}")
    refused(run(lines[0]), "P006", "没有给出 li 的口令", "SCREENING_SECRET")
    refused(run(lines[1] + " --reason 不合适"), "P002", "没有写明身份")
    done = run(f"ticket withdraw {number}", "li", secret="wangwangwang")
    refused(done, "P006", "li 的口令不对", "screening person secret li 重设")


def test_an_unregistered_account_is_a_finding(run):
    done = run("submit HOME/稿件.txt --account nobody --format json", "li")
    whole = json.loads(done.output)
    (finding,) = [item for item in whole["drafts"][0]["findings"] if item["rule"] == "REG001"]
    assert (finding["category"], finding["severity"]) == ("account", "review")
    assert finding["basis"] == [{"article": 11, "item": None}]
    number = whole["ticket"]["number"]
    refused(run(f"ticket approve {number} --confirm all=好", "wang"), "P001", "没有登记")
    shown = run(f"ticket show {number}").output.replace("\n        ", "")
    assert "须核对 · 名称与账号 · 整篇稿件\n原因  账号“nobody”没有向宣传部登记备案。" in shown
    assert "【】" not in shown
    assert "下一步  账号 nobody 没有登记，没有人能审批：请先登记账号" in shown
    assert f"再加上 --ticket {number} 重新提交。" in shown


def test_rescreening_and_the_audit(run):
    assert run("ticket rescreen").exit_code == 0
    done = run("audit verify")
    assert (done.exit_code, "没有被改动过" in done.output) == (0, True)
    assert json.loads(run("audit verify --format json").output)["whole"] is True
    lost = run("audit verify --head sha256:0")
    assert (lost.exit_code, "末尾" in lost.output) == (1, True)


def test_an_exception_says_what_may_stand_until_when_and_by_whom(run, tmp_path):
    path = tmp_path / "粗.txt"
    path.write_text("公告\n\n谁再乱扔垃圾谁就是傻逼。\n", "utf-8")
    filed = json.loads(run(f"submit {path} --account jd-wechat --format json", "li").output)
    number, (finding,) = filed["ticket"]["number"], filed["drafts"][0]["findings"]
    assert finding["severity"] == "block"
    shown = run(f"ticket show {number}").output.replace("\n        ", "")
    assert "确有理由保留的，请宣传部审核员用 ticket dismiss 准许。" in shown
    refused(run(f"ticket dismiss {number} 1", "wang"), "P001", "可以办的人：孙示例（sun）")
    refused(run(f"ticket dismiss {number} 1", "sun"), "U002", "要写明理由")
    refused(run(f"ticket dismiss {number} 1 --reason 引用来信", "sun"), "U002", "请用 --until")
    terms = "--reason 引用学生来信 --until 2099-01-01"
    refused(run(f"ticket dismiss {number} 1 {terms}", "sun"), "U002", "不能超过一年")
    day = (clock.now() + timedelta(days=30)).date().isoformat()
    done = run(f"ticket dismiss {number} 1 --reason 引用学生来信 --until {day}", "sun")
    assert "状态    待部门审批\n" in done.output
    for page in ("show", "history"):
        said = run(f"ticket {page} {number}").output.replace("\n        ", "")
        assert "孙示例（宣传部审核员）准许保留" in said
        told = f"“{finding['text']}”（{finding['rule']}，误报），到 {day} 23:59 为止。引用学生来信"
        assert finding["location"] + told in said


def test_the_registry_closes_behind_the_first_administrator(run):
    assert run("person add adm --name 管示例 --role system=xcb").exit_code == 0
    assert run("person secret adm", input="adm" * 4 + "\n").exit_code == 0
    refused(run("department add lib --name 图书馆"), "P003", "管示例（adm）")
    assert run("department add lib --name 图书馆", "adm").exit_code == 0
