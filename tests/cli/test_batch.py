from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from python_calamine import load_workbook

from screening.cli.main import cli
from screening.tickets import open_desk

PHONE = "13800001234"
ROWS = [
    {"标题": "读书月开幕", "正文": "图书馆举办读书分享会，欢迎同学参加。", "账号": "wzpt-weibo"},
    {"标题": "=1+1", "正文": f"兼职刷单日结，联系张三同学，手机{PHONE}。", "账号": "wzpt-weibo"},
    {"标题": "没有正文", "正文": "", "备注": f"问李四 {PHONE}"},
    {"标题": "丢了", "文件": "没有.docx"},
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


def schedule(folder, rows=ROWS, name="排期.jsonl"):
    path = folder / name
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def run(home, *args):
    return CliRunner().invoke(cli, ["--home", str(home), "batch", *map(str, args)])


def lines(output):
    return [json.loads(line) for line in (output / "results.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def done(home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("done")
    result = run(home, schedule(folder), "--output", folder / "out", "--workers", 1)
    return result, folder / "out"


def test_every_row_has_its_result(done):
    result, output = done
    found = lines(output)

    assert result.exit_code == 3, result.output
    assert [item["number"] for item in found] == [1, 2, 3, 4]
    assert [item["verdict"] for item in found] == ["pass", "block", "review", "review"]
    assert found[2]["coverage"]["unscreened"][0]["what"] == "正文"
    assert found[3]["unscreened"]["code"] == "B005"
    assert "第4行" in result.output
    assert found[1]["findings"]
    field = {"title": "=1+1"}
    assert all(f["field"] in ("title", "body") for f in found[1]["findings"]), field


def test_no_personal_number_is_repeated_anywhere(done):
    result, output = done
    texts = [result.output]
    for path in output.rglob("*"):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                texts += [book.read(name).decode() for name in book.namelist()]
        elif path.is_file():
            texts.append(path.read_text("utf-8"))

    assert len(texts) > 5
    assert not [text for text in texts if PHONE in text]


def test_the_workbook_shows_the_schedule_and_no_formula(done):
    _, output = done
    book = load_workbook(str(output / "results.xlsx"))
    assert book.sheet_names == ["汇总", "排期.jsonl", "发现"]
    rows = book.get_sheet_by_name("排期.jsonl").to_python()
    head = rows[0]

    assert head[:5] == ["标题", "正文", "账号", "备注", "文件"]
    assert [row[head.index("审查结论")] for row in rows[1:]] == [
        "未发现问题",
        "须修改后再送审",
        "须人工核对",
        "没有审查",
    ]
    assert rows[2][0] == "=1+1"
    with zipfile.ZipFile(output / "results.xlsx") as file:
        sheets = [file.read(name) for name in file.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert any(b"autoFilter" in sheet for sheet in sheets)


def test_the_page_needs_nothing_from_elsewhere(done):
    _, output = done
    page = (output / "index.html").read_text("utf-8")

    assert "http://" not in page
    assert "https://" not in page
    assert 'href="posts/00001.html"' in page
    assert (output / "posts" / "00002.html").exists()
    assert "读书月开幕" in page


def test_a_second_run_must_say_resume(done, home):
    _, output = done
    path = output.parent / "排期.jsonl"
    before = (output / "results.jsonl").read_bytes()

    assert "B008" in str(run(home, path, "--output", output).exception)
    again = run(home, path, "--output", output, "--resume")
    assert again.exit_code == 3
    assert (output / "results.jsonl").read_bytes() == before


def test_a_changed_schedule_is_not_mixed_in(home, tmp_path):
    path = schedule(tmp_path, ROWS[:1])
    assert run(home, path, "--output", tmp_path / "out", "--workers", 1).exit_code in (0, 1)
    schedule(tmp_path, ROWS[1:2])

    refused = run(home, path, "--output", tmp_path / "out", "--resume")
    assert "B009" in str(refused.exception)


def test_killed_again_and_again_it_ends_with_the_same_results(home, tmp_path):
    kills = int(os.environ.get("SCREENING_KILLS", "3"))
    rows = [{"标题": f"第{n}篇", "正文": f"第{n}篇：" + ROWS[n % 2]["正文"]} for n in range(120)]
    path = schedule(tmp_path, rows)
    command = [sys.executable, "-m", "screening", "--home", str(home), "batch", str(path)]
    plain = subprocess.run(
        [*command, "--output", str(tmp_path / "plain"), "--workers", "1"], check=False
    )
    output, killed = tmp_path / "killed", 0
    resumed = [*command, "--output", str(output), "--workers", "2", "--resume"]
    chance = random.Random(7)
    while killed < kills:
        process = subprocess.Popen(resumed, stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, 4.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed += 1
    last = subprocess.run(resumed, check=False, stdout=subprocess.DEVNULL)

    assert last.returncode == plain.returncode == 1
    for name in ("results.jsonl",):
        assert (output / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()


def test_rows_that_name_files_count_paragraphs_as_check_does(home, tmp_path):
    body = "图书馆举办读书分享会。\n\n联系张三同学刷单兼职日结。"
    (tmp_path / "稿.txt").write_text(f"十月读书月\n\n{body}", "utf-8")
    rows = [{"标题": title, "文件": "稿.txt"} for title in ("读书月", "十月读书月", "")]
    path = schedule(tmp_path, rows)
    checked = CliRunner().invoke(
        cli, ["--home", str(home), "check", str(tmp_path / "稿.txt"), "--format", "json"]
    )
    (alone,) = json.loads(checked.output)["drafts"]
    run(home, path, "--output", tmp_path / "out", "--workers", 1)
    own, same, none = lines(tmp_path / "out")

    expected = [item["location"] for item in alone["findings"]]
    assert "第2段" in expected
    for found in (own, same, none):
        assert [item["location"] for item in found["findings"]] == expected
    assert own["title"] == "读书月"
    assert same["draft"]["digest"] == none["draft"]["digest"] == alone["draft"]["digest"]
    assert own["draft"]["digest"] != alone["draft"]["digest"]


def test_accounts_are_told_by_name_and_unknown_ones_are_marked(home, tmp_path):
    names = ["wzpt-weibo", "微博", "温州职业技术学院", "摄影社小号"]
    rows = [ROWS[0] | {"账号": name, "标题": f"第{n}篇"} for n, name in enumerate(names)]
    path = schedule(tmp_path, rows)
    run(home, path, "--output", tmp_path / "out", "--workers", 1)
    found = lines(tmp_path / "out")

    assert [item["account"] for item in found] == ["wzpt-weibo", "wzpt-weibo", *names[2:]]
    marked = [[x["check"] for x in item["remarks"] if x["check"] == "account"] for item in found]
    assert marked == [[], [], ["account"], ["account"]], "three accounts have the school's name"


def test_columns_that_nobody_reads_are_told(home, tmp_path):
    path = schedule(tmp_path, [ROWS[0] | {"封面要求": "红色", "序号": "1", "审核人": "李四"}])
    result = run(home, path, "--output", tmp_path / "out", "--workers", 1)

    assert "不认识，没有审查：封面要求\n" in result.output


def test_a_row_filed_before_a_kill_is_not_filed_again(tmp_path, monkeypatch):
    from screening.batch.filing import Filer
    from screening.settings import load_settings

    path = schedule(tmp_path, ROWS[:2])
    home, output = tmp_path / "home", tmp_path / "out"
    args = (path, "--output", output, "--workers", 1, "--submit", "--editor", "李示例")
    kept = Filer.file

    def killed(self, post, done):
        kept(self, post, done)
        raise KeyboardInterrupt

    monkeypatch.setattr(Filer, "file", killed)
    assert run(home, *args).exit_code == 130
    filed = open_desk(load_settings(home)).tickets()
    assert len(filed) == 1
    monkeypatch.setattr(Filer, "file", kept)
    assert run(home, *args, "--resume").exit_code == 1

    tickets = open_desk(load_settings(home)).tickets()
    assert len(tickets) == 2
    assert {item.number for item in filed} <= {item.number for item in tickets}
    assert [item["ticket"] for item in lines(output)] == sorted(item.number for item in tickets)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_command(home, tmp_path, ending):
    rows = [{"标题": f"第{n}篇", "正文": f"第{n}篇：" + ROWS[0]["正文"] * 20} for n in range(1500)]
    path, output = schedule(tmp_path, rows), tmp_path / "out"
    command = [sys.executable, "-m", "screening", "--home", str(home), "batch", str(path)]
    command += ["--output", str(output), "--workers", "2", "--no-pages"]
    # whoever runs the tests in the background ignores Ctrl-C, and so would the command
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, before)
    done = output / ".done.jsonl"
    while process.poll() is None and not (done.exists() and done.stat().st_size):
        time.sleep(0.02)
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.send_signal(ending)
    told = process.communicate()[1].decode()
    until = time.monotonic() + 60
    while any(Path("/proc", pid).exists() for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)

    assert len(workers) == 2
    assert not [pid for pid in workers if Path("/proc", pid).exists()]
    if ending == signal.SIGINT:
        assert process.returncode == 130
        assert told.strip() == "已中断，审完的都已保存；加 --resume 接着审。"


def test_submit_files_a_ticket_for_each_post(tmp_path):
    from screening.settings import load_settings

    path = schedule(tmp_path, ROWS[:2])
    home, output = tmp_path / "home", tmp_path / "out"
    args = (path, "--output", output, "--workers", 1, "--submit", "--editor", "李示例")
    assert run(home, *args).exit_code == 1
    tickets = open_desk(load_settings(home)).tickets()

    assert [item["ticket"] for item in lines(output)] == [item.number for item in reversed(tickets)]
    assert {item.title for item in tickets} == {"读书月开幕", "=1+1"}
    run(home, *args, "--resume")
    assert len(open_desk(load_settings(home)).tickets()) == 2


def filed(home):
    from screening.settings import load_settings

    return {item.title: item.number for item in open_desk(load_settings(home)).tickets()}


def test_rows_with_remarks_wait_until_somebody_confirms_them(tmp_path):
    rows = [
        ROWS[0] | {"标题": "已经过了", "发布时间": "2020年1月2日"},
        ROWS[0] | {"标题": "没有登记的账号", "账号": "摄影社小号", "正文": "摄影展周五开幕。"},
        ROWS[0] | {"标题": "照常", "正文": "食堂二楼周一恢复营业。"},
        {"标题": "甲", "文件": "稿.txt", "账号": "wzpt-weibo"},
        {"标题": "乙", "文件": "稿.txt", "账号": "wzpt-weibo"},
    ]
    (tmp_path / "稿.txt").write_text("停水通知。", "utf-8")
    path = schedule(tmp_path, rows)
    home, output = tmp_path / "home", tmp_path / "out"
    args = (path, "--output", output, "--workers", 2, "--no-pages")
    plain = run(home, *args)
    assert "第1行 计划发布的时间已经过了。" in plain.output
    assert "第2行 账号“摄影社小号”不在登记的账号里。" in plain.output
    assert "第5行 与同一账号上的稿件用的是同一个文件" in plain.output
    assert "同一个文件排了几次 2" in plain.output

    submit = (*args, "--resume", "--submit", "--editor", "李示例")
    told = run(home, *submit)
    assert told.exit_code == 3
    assert list(filed(home)) == ["照常"]
    assert "没有登记审批单的 4 篇" in told.output
    assert "有排期提示，先没有登记：日期已过" in told.output
    assert [item["unfiled"]["code"] for item in lines(output) if "unfiled" in item] == ["B015"] * 4

    told = run(home, *submit, "--with-remarks")
    numbers = [item["ticket"] for item in lines(output)]
    assert [numbers[index] for index in (0, 1, 3, 4)] == sorted(filed(home).values())[1:]
    assert "unfiled" not in (output / "results.jsonl").read_text("utf-8")
    assert "已登记审批单 5 张" in told.output


def test_tickets_are_numbered_as_the_rows_stand(tmp_path):
    rows = [
        {
            "标题": f"第{n}篇",
            "正文": f"第{n}场讲座在{n}号楼举行。" * (1 + n % 3),
            "账号": "wzpt-weibo",
        }
        for n in range(12)
    ]
    args = (schedule(tmp_path, rows), "--output", tmp_path / "out", "--workers", 2, "--no-pages")
    run(tmp_path / "home", *args, "--submit", "--editor", "李示例", "--with-remarks")
    numbers = [item["ticket"] for item in lines(tmp_path / "out")]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 12
