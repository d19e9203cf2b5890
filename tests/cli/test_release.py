"""From the draft to the permit and back, as commands; an edit after the approval is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from screening import clock
from screening.cli.main import cli
from screening.errors import RefusedError

SETUP = """
department add jd --name 机电学院
department add xcb --name 宣传部
person add li --name 李示例 --role editor=jd
person add wang --name 王示例 --role head=jd
person add sun --name 孙示例 --role publicity=xcb
person add adm --name 管示例 --role system=xcb
account add jd-wechat --name 机电青年 --platform 微信公众号 --level 2 --department jd
"""
DRAFT = "校园开放日\n\n欢迎报名参观，咨询电话 13800000000。\n"
EDITED = DRAFT.replace("报名", "预约")


@pytest.fixture
def run(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    users = [
        f'[[identity.user]]\nlogin = "{key}"\nperson = "{key}"\n' for key in ("li", "wang", "sun")
    ]
    (home / "settings.toml").write_text("\n".join(users), "utf-8")
    monkeypatch.chdir(tmp_path)

    def invoke(line, *, login=""):
        for module in ("submit", "identity"):
            monkeypatch.setattr(f"screening.cli.{module}.login", lambda: login)
        return CliRunner().invoke(cli, ["--home", str(home), *line.split()])

    for line in SETUP.strip().splitlines():
        assert invoke(line).exit_code == 0, line
    return invoke


@pytest.fixture
def approved(run):
    Path("稿.txt").write_text(DRAFT, "utf-8")
    done = run("submit 稿.txt --account jd-wechat --planned 2099-01-01T08:00", login="li")
    number = done.output.split()[1][:9]
    assert "计划    2099-01-01 08:00 发布" in done.output
    arguments = "--confirm all=已核对" if "要答复" in done.output else ""
    assert run(f"ticket approve {number} {arguments}", login="wang").exit_code == 0
    return number


def test_a_plan_beyond_the_approval_is_refused(run, approved):
    assert run("key make").exit_code == 0
    error = run(f"ticket release {approved} 稿.txt", login="li").exception
    assert isinstance(error, RefusedError)
    assert "批准只到" in str(error)


@pytest.fixture
def ready(run):
    assert run("key make").exit_code == 0
    Path("稿.txt").write_text(DRAFT, "utf-8")
    done = run("submit 稿.txt --account jd-wechat", login="li")
    arguments = "--confirm all=已核对" if "要答复" in done.output else ""
    number = done.output.split()[1][:9]
    assert run(f"ticket approve {number} {arguments}", login="wang").exit_code == 0
    return number


def test_the_whole_way(run, ready, tmp_path):
    done = run(f"ticket release {ready} 稿.txt", login="li")
    assert done.exit_code == 0, done.exception
    assert done.output.startswith(f"审批单 {ready} 已放行，")
    assert f"放行单-{ready}.html" in done.output
    assert run("key show --output 公钥.json").exit_code == 0
    verify = f"--home /dev/null/none permit verify 放行单-{ready}.json"
    runner = CliRunner()  # offline: no home at all
    fine = runner.invoke(cli, [*verify.split(), "稿.txt", "--key", "公钥.json"])
    assert fine.exit_code == 0, fine.exception
    assert fine.output.startswith("可以发布：放行单是真的，文件就是批准的内容。\n")
    assert "王示例（机电学院部门负责人）" in fine.output
    Path("改.txt").write_text(EDITED, "utf-8")
    wrong = runner.invoke(cli, [*verify.split(), "改.txt", "--key", "公钥.json"])
    assert (wrong.exit_code, wrong.output) == (1, "不能发布：稿件与批准的内容不一致。\n")
    page = Path(f"放行单-{ready}.html").read_text("utf-8")
    assert "李示例" in page
    assert "13800000000" not in page + Path(f"放行单-{ready}.json").read_text("utf-8")


def test_an_edit_after_the_approval_is_refused_and_shown(run, ready):
    Path("改.txt").write_text(EDITED, "utf-8")
    done = run(f"ticket release {ready} 改.txt", login="li")
    assert done.exception.code == "P005"
    assert done.exception.exit_code == 2
    assert done.output.splitlines()[:2] == ["与批准的一稿相比", "  改动 第3行"] or (
        "欢迎【预约】参观" in done.output
    )
    assert "欢迎【报名】参观" in done.output
    assert "13800000000" not in done.output
    assert not list(Path().glob("放行单*"))


def test_a_changed_number_is_told_without_showing_it(run, ready):
    Path("改.txt").write_text(DRAFT.replace("13800000000", "13800100000"), "utf-8")
    done = run(f"ticket release {ready} 改.txt", login="li")
    assert "在被遮盖的号码里" in done.output
    assert "138001" not in done.output


def test_a_permit_can_be_had_again(run, ready):
    run(f"ticket release {ready} 稿.txt", login="li")
    name = f"放行单-{ready}.json"
    before = Path(name).read_bytes()
    Path(name).unlink()
    assert run(f"permit show {ready} --output .").exit_code == 0
    assert Path(name).read_bytes() == before
    shown = run(f"permit show {ready}").output
    assert json.loads(shown) == json.loads(before)
    assert "放行单" in run(f"permit show {ready} --format html").output


def test_a_release_is_taken_back(run, ready):
    run(f"ticket release {ready} 稿.txt", login="li")
    run("key show --output 公钥.json")
    refused = run(f"ticket revoke {ready}", login="wang").exception
    assert (refused.code, "可以办的人：孙示例（sun）" in str(refused)) == ("P001", True)
    assert run(f"ticket revoke {ready} --reason x", login="sun").exception.code == "U002"
    done = run(f"ticket revoke {ready} --reason 活动取消", login="sun")
    assert "状态    已作废\n" in done.output
    assert "孙示例（宣传部审核员）作废：活动取消" in done.output
    assert "已经发布的请立即删除或更正" in done.output.replace("\n        ", "")
    here = run(f"permit verify 放行单-{ready}.json 稿.txt")
    assert (here.exit_code, "孙示例（宣传部审核员）作废：活动取消。" in here.output) == (1, True)
    verify = f"--home /dev/null/none permit verify 放行单-{ready}.json 稿.txt --key 公钥.json"
    alone = CliRunner().invoke(cli, verify.split())
    assert alone.exit_code == 0, "the permit and the public key alone cannot know"
    assert "没有对照作废名单" in alone.output
    assert run("permit revocations --output 名单.json").exit_code == 0
    listed = CliRunner().invoke(cli, [*verify.split(), "--revocations", "名单.json"])
    assert listed.exit_code == 1
    assert listed.output.startswith("不能发布：放行单已于 ")
    assert "活动取消" not in Path("名单.json").read_text("utf-8"), "reasons stay in the store"
    assert run(f"permit show {ready}").exception.code == "U002"
    assert ready in run("ticket list --state revoked").output
    assert run(f"audit export --ticket {ready} --format docx --output 表.docx").exit_code == 0
    assert run("audit verify").exit_code == 0


def test_a_permit_that_holds_says_how_that_is_known(run, ready):
    run(f"ticket release {ready} 稿.txt", login="li")
    run("key show --output 公钥.json")
    run("permit revocations --output 名单.json")
    verify = f"permit verify 放行单-{ready}.json 稿.txt"
    for terms, by, said in (
        ("", "store", "作废    没有作废（审批库，截至 "),
        ("--key 公钥.json", None, "作废    没有对照作废名单"),
        ("--key 公钥.json --revocations 名单.json", "list", "作废    没有作废（作废名单，截至 "),
    ):
        assert said in run(f"{verify} {terms}").output
        whole = json.loads(run(f"{verify} {terms} --format json").output)
        assert (whole["valid"], whole["revocations"]["by"]) == (True, by)
        assert (whole["revocations"]["as_of"] is None) == (by is None)


def test_words_in_the_properties_are_screened_at_the_release(run, ready):
    """The digest leaves file properties out; what stands there is screened all the same."""
    Path("稿.md").write_text("# 校园开放日\n\n欢迎报名参观。\n", "utf-8")
    number = run("submit 稿.md --account jd-wechat", login="li").output.split()[1][:9]
    assert run(f"ticket approve {number}", login="wang").exit_code == 0
    Path("改.md").write_text(
        "---\ndescription: 绝密文件汇编\n---\n# 校园开放日\n\n欢迎报名参观。\n", "utf-8"
    )
    done = run(f"ticket release {number} 改.md", login="li")
    assert done.exception.code == "P005"
    assert "文件里有批准时没有的发现：SEC" in str(done.exception)
    assert done.output.startswith("与批准的一稿相比\n  内容没有改动。\n新发现  SEC")
    assert run(f"ticket release {number} 稿.md", login="li").exit_code == 0


def test_a_clock_that_went_wrong(run, ready, monkeypatch):
    now = clock.now()
    monkeypatch.setattr("screening.clock.now", lambda: now + timedelta(days=200))
    assert run("submit 稿.txt --account jd-wechat", login="li").exit_code == 0
    monkeypatch.setattr("screening.clock.now", lambda: now)
    error = run(f"ticket withdraw {ready}", login="li").exception
    assert (error.code, "请校准这台机器的时间" in str(error)) == ("T008", True)
    assert run("store clock").exception.code == "U002"
    assert run("store clock --reason 服务器时间快了半年").exit_code == 0
    assert run(f"ticket withdraw {ready}", login="li").exit_code == 0
    assert run("audit verify").exit_code == 0


def test_keys_change_and_old_permits_stay_good(run, ready):
    run(f"ticket release {ready} 稿.txt", login="li")
    assert "已停用，现在用" in run("key rotate").output
    assert [row.split()[1] for row in run("key list").output.splitlines()] == [
        "状态",
        "已停用",
        "在用",
    ]
    listed = json.loads(run("key list --format json").output)["keys"]
    assert [item["signs"] for item in listed] == [False, True]
    assert run(f"permit verify 放行单-{ready}.json 稿.txt").exit_code == 0


def test_what_is_overdue(run, monkeypatch):
    Path("稿.txt").write_text(DRAFT, "utf-8")
    number = run("submit 稿.txt --account jd-wechat", login="li").output.split()[1][:9]
    assert "期限    " in run(f"ticket show {number}").output
    assert run("ticket list --overdue").output == "没有过期未办的审批单。\n"
    later = clock.now() + timedelta(days=14)
    monkeypatch.setattr("screening.clock.now", lambda: later)
    late = run("ticket list --overdue").output
    assert late.splitlines()[0].endswith("期限")
    assert late.splitlines()[1].startswith(number)
    listed = json.loads(run("ticket list --overdue --format json").output)["tickets"]
    assert [item["due"][:2] for item in listed] == ["20"]


def test_the_record_is_handed_out_and_verified_elsewhere(run, ready):
    assert run(f"ticket release {ready} 稿.txt", login="li").exit_code == 0
    assert run("audit export --output 记录.jsonl").exit_code == 0
    elsewhere = ["--home", "/dev/null/none", "audit", "verify", "--file"]
    done = CliRunner().invoke(cli, [*elsewhere, "记录.jsonl"])
    assert (done.exit_code, done.output) == (0, run("audit verify").output)
    text = Path("记录.jsonl").read_text("utf-8")
    assert "13800000000" not in text
    Path("改.jsonl").write_text(text.replace("王示例", "张示例"), "utf-8")
    done = CliRunner().invoke(cli, [*elsewhere, "改.jsonl"])
    assert done.exit_code == 1
    assert "的内容被改动过" in done.output
    day = clock.now().date().isoformat()
    for terms, count in ((f"--ticket {ready}", 4), ("--until 2020-01-01", 0),
                         (f"--since {day} --until {day}", len(text.splitlines()) - 2)):  # fmt: skip
        lines = run(f"audit export {terms}").output.splitlines()
        assert len(lines) - 2 == count, terms


def test_the_form_of_a_ticket(run, ready):
    assert run(f"audit export --ticket {ready} --format docx --output 审批表.docx").exit_code == 0
    assert Path("审批表.docx").read_bytes()[:2] == b"PK"
    error = run("audit export --format docx --output 审批表.docx").exception
    assert error.code == "U002"
    assert error.exit_code == 2


def test_the_state_is_told_before_the_missing_key(run):
    Path("稿.txt").write_text(DRAFT, "utf-8")
    number = run("submit 稿.txt --account jd-wechat", login="li").output.split()[1][:9]
    error = run(f"ticket release {number} 稿.txt", login="li").exception
    assert (error.code, error.exit_code) == ("P001", 2)
    assert "待部门审批" in str(error)
    assert "它在等 王示例（wang） 审批。" in str(error)


def test_nothing_is_released_where_the_permit_cannot_be_written(run, ready):
    error = run(f"ticket release {ready} 稿.txt --output 没有", login="li").exception
    assert (error.code, error.exit_code) == ("U003", 2)
    assert "状态    已批准" in run(f"ticket show {ready}").output


def test_a_permit_that_could_not_be_written_is_not_lost(run, ready):
    Path(f"放行单-{ready}.html").mkdir()
    done = run(f"ticket release {ready} 稿.txt", login="li")
    assert done.exception.code == "U003"
    assert f"已放行，但放行单没有写成；可用 screening permit show {ready} --output" in done.output
    assert "下一步  已放行，20" in run(f"ticket show {ready}").output


@pytest.mark.parametrize("command", ["submit 稿.txt --account jd-wechat", "check 稿.txt"])
def test_an_unknown_encoding_is_wrong_usage(run, command):
    Path("稿.txt").write_text(DRAFT, "utf-8")
    error = run(f"{command} --encoding klingon", login="li").exception
    assert (error.code, error.exit_code) == ("U002", 2)
    assert "没有“klingon”这种编码" in str(error)


def test_an_empty_secret_names_nobody(run, monkeypatch):
    def invoke(text):
        command = ["--home", "home", "person", "secret", "wang"]
        return CliRunner().invoke(cli, command, input=text).exception

    assert (invoke("").code, "标准输入里没有口令" in str(invoke(""))) == ("U002", True)
    assert str(invoke("short\n")).startswith("[R005] wang 的口令没有设：口令至少要 8 个字符")


def test_the_operating_system_speaks_chinese(run, ready):
    error = run("audit export --output 没有/这里/记录.jsonl").exception
    assert str(error).startswith("[U003] 不能写入输出文件：没有这个文件或文件夹。")
    error = run("audit verify --file 稿.txt").exception
    assert str(error).startswith("[T007] 这不是审批记录的导出文件：第一行读不懂。")
