from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from click.testing import CliRunner
from python_calamine import load_workbook

from screening.cli.main import cli
from screening.tickets import open_desk

PHONE = "13800001234"
ROWS = [
    {"标题": "读书月开幕", "正文": "图书馆举办读书分享会，欢迎同学参加。", "账号": "jidian-wechat"},
    {"标题": "=1+1", "正文": f"兼职刷单日结，联系张三同学，手机{PHONE}。", "账号": "jidian-wechat"},
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
