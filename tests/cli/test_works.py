"""``works``: add, list, show, remove, stats and rebuild, from every kind of file."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from known_works import prose

from screening.cli.main import cli
from screening.errors import StoreError, UsageError
from screening.stages.reproduction import catalogue
from screening.stages.reproduction.store import open_works
from screening.text.normalise import normalise


@pytest.fixture
def run(tmp_path):
    """Return a function that runs ``works`` in a home of its own and returns what it prints."""

    def call(*arguments, code=0, stdin=None):
        words = ["--home", str(tmp_path / "home"), "works", *map(str, arguments)]
        result = CliRunner().invoke(cli, words, input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    return call


def rows(run, *options):
    return json.loads(run("list", "--format", "json", *options))["works"]


def jsonl(tmp_path, *objects, name="作品.jsonl"):
    path = tmp_path / name
    path.write_text("".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects), "utf-8")
    return path


FULL = {
    "title": "山村小学的新书架",
    "text": prose(1),
    "author": "李示例",
    "site": "示例日报",
    "url": "https://news.example.cn/a/1",
    "published": "2026-03-01",
    "licence": "原创",
}


def test_json_lines_with_all_particulars(run, tmp_path):
    out = run("add", jsonl(tmp_path, FULL, {"标题": "二", "正文": prose(2), "来源": "示例网"}))
    assert out == "新增 2 篇。\n"
    second, first = rows(run)
    assert first == {
        "id": "W000001",
        "title": "山村小学的新书架",
        "author": "李示例",
        "site": "示例日报",
        "url": "https://news.example.cn/a/1",
        "published": "2026-03-01",
        "licence": "forbidden",
        "own": False,
        "letters": 400,
        "added": first["added"],
    }
    assert (second["title"], second["site"], second["licence"]) == ("二", "示例网", "unknown")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_excel(run, tmp_path, encoding):
    path = tmp_path / "作品.csv"
    table = f'标题,正文,公众号,授权\n甲,"{prose(1)}\n第二段",示例发布,已授权\n,,,\n乙,,无正文,\n'
    path.write_bytes(table.encode(encoding))
    out = run("add", path, code=3)
    assert out == f"没有添加 {path} 第 5 行：没有正文。\n新增 1 篇。\n"
    (only,) = rows(run)
    assert (only["title"], only["site"], only["licence"]) == ("甲", "示例发布", "authorised")
    assert "\n第二段" in json.loads(run("show", "W1", "--format", "json"))["work"]["text"]


def test_drafts_in_a_folder_with_particulars_told(run, tmp_path):
    folder = tmp_path / "推文"
    (folder / "三月").mkdir(parents=True)
    (folder / "三月" / "开学.txt").write_text(f"开学第一课\n\n{prose(1)}\n", "utf-8")
    (folder / "活动.md").write_text(f"# 读书月\n\n{prose(2)}\n", "utf-8")
    (folder / "网页.html").write_text(
        f"<html><head><title>迎新</title></head><body><p>{prose(3)}</p></body></html>", "utf-8"
    )
    (folder / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert run("add", folder, "--own", "--site", "示例学院") == "新增 3 篇。\n"
    assert {row["title"] for row in rows(run)} == {"开学第一课", "读书月", "迎新"}
    assert all(row["own"] and row["site"] == "示例学院" for row in rows(run))


@pytest.mark.parametrize(
    ("line", "site", "author"),
    [
        ("来源：示例日报  记者：李示例", "示例日报", "李示例"),
        ("（来源：示例日报 记者 李示例）", "示例日报", "李示例"),
        ("作者：李示例", None, "李示例"),
        ("来源：网络", None, None),
        ("图片来源：示例日报", None, None),
    ],
)
def test_a_draft_says_by_its_credit_where_it_is_from(run, tmp_path, line, site, author):
    for number, text in enumerate((f"{line}\n{prose(1)}", f"{prose(2)}\n{line}"), 1):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"山村小学的新书架\n\n{text}", "utf-8")
        run("add", path)
    assert [(row["site"], row["author"]) for row in rows(run)] == [(site, author)] * 2
    run("add", path, "--site", "别的报")
    assert rows(run)[0]["site"] == (site or "别的报")


def test_what_cannot_be_read_is_told_and_the_rest_is_added(run, tmp_path):
    path = tmp_path / "作品.jsonl"
    good = json.dumps(FULL, ensure_ascii=False)
    path.write_text(f'{good}\n{{"text": \n[1]\n{{"text": "短"}}\n{{"text": ["表"]}}\n', "utf-8")
    bad = tmp_path / "坏.docx"
    bad.write_bytes(b"PK\x03\x04")
    out = run("add", path, bad, code=3)
    assert "第 2 行：不是一行完整的 JSON" in out
    assert "第 3 行：不是 JSON 对象" in out
    assert "第 5 行：“text”不是文字" in out
    assert "另有 1 篇太短（不足 35 字）" in out
    assert "[D015]" in out
    assert "新增 1 篇" in out


def test_a_table_without_a_text_column_is_refused(run, tmp_path):
    path = tmp_path / "作品.csv"
    path.write_text("标题,作者\n甲,乙\n", "utf-8")
    assert "[W006]" in run("add", path, code=3)
    assert rows(run) == []


def test_standard_input_takes_json_lines(run):
    line = json.dumps(FULL).encode()
    assert run("add", "-", stdin=line) == "新增 1 篇。\n"


@pytest.mark.parametrize("path", ["没有.jsonl", "没有/"])
def test_a_path_that_is_not_there(run, path):
    with pytest.raises(UsageError, match="U001"):
        run("add", path)


def test_an_address_belongs_to_one_work(run, tmp_path):
    path = jsonl(tmp_path, FULL)
    with pytest.raises(UsageError, match="--url"):
        run("add", path, "--url", "https://example.cn/1")


def test_adding_again_adds_nothing_and_a_change_is_an_update(run, tmp_path):
    path = jsonl(tmp_path, FULL)
    run("add", path)
    assert run("add", path) == "新增 0 篇，已有 1 篇。\n"
    assert run("add", jsonl(tmp_path, FULL | {"licence": "已授权"})) == "新增 0 篇，更新 1 篇。\n"
    assert [row["licence"] for row in rows(run)] == ["authorised"]


def test_list_is_searched_and_limited(run, tmp_path):
    run("add", jsonl(tmp_path, FULL, {"title": "乙", "text": prose(2), "site": "Example网"}))
    assert [row["title"] for row in rows(run, "--search", "example网")] == ["乙"]
    assert [row["title"] for row in rows(run, "--licence", "forbidden")] == [FULL["title"]]
    assert [row["title"] for row in rows(run, "--limit", "1")] == ["乙"]
    lines = run("list").splitlines()
    assert lines[0].split() == ["编号", "授权", "来源", "日期", "标题"]
    assert lines[2].split() == ["W000001", "原创", "示例日报", "2026-03-01", "山村小学的新书架"]
    assert run("list", "--search", "没有") == "没有这样的作品。\n"


def test_show_masks_numbers_and_spells_out_what_steers_a_terminal(run, tmp_path):
    phone = "13800001234"
    text = f"联系电话{phone}。\u202e{prose(1)}"
    run("add", jsonl(tmp_path, {"title": f"致电{phone}", "text": text, "author": phone}))
    for out in (run("show", "W000001"), run("show", "w1", "--format", "json"), run("list")):
        assert phone not in out
        assert "138****1234" in out or "138***" in out
    assert "\u202e" not in run("show", "W000001")


@pytest.mark.parametrize("work_id", ["W000009", "x", "W", "-1", "99999999999"])
def test_an_unknown_id(run, tmp_path, work_id):
    run("add", jsonl(tmp_path, FULL))
    with pytest.raises(StoreError, match="W005"):
        run("show", "--", work_id)
    with pytest.raises(StoreError, match="W005"):
        run("remove", "--", "W000001", work_id)
    assert len(rows(run)) == 1


def test_removed_works_are_found_no_more(run, tmp_path):
    run("add", jsonl(tmp_path, FULL, {"title": "乙", "text": prose(2)}))
    assert run("remove", "W000001") == "已移除 W000001《山村小学的新书架》。\n"
    assert [row["title"] for row in rows(run)] == ["乙"]
    known = open_works(tmp_path / "home" / "works")
    assert known.candidates(normalise(prose(1))) == ()
    assert len(known.candidates(normalise(prose(2)))) == 1


def test_stats_count_what_is_there(run, tmp_path):
    assert json.loads(run("stats", "--format", "json"))["works"] == 0
    run("add", jsonl(tmp_path, FULL, {"title": "乙", "text": prose(2)}))
    facts = json.loads(run("stats", "--format", "json"))
    assert (facts["works"], facts["letters"], facts["segments"]) == (2, 800, 1)
    assert facts["licences"]["forbidden"] == 1
    assert facts["digest"] == open_works(tmp_path / "home" / "works").digest
    assert "作品    2 篇（原创 1，不明 1）" in run("stats")


def test_an_outdated_index_is_refused_to_look_up_and_rebuilt(run, tmp_path, monkeypatch):
    run("add", jsonl(tmp_path, FULL))
    folder = tmp_path / "home" / "works"
    monkeypatch.setattr(catalogue.fingerprints, "VERSION", 99)
    with pytest.raises(StoreError, match="W004"):
        open_works(folder)
    assert run("rebuild") == "已重建索引，共 1 篇作品。\n"
    assert len(open_works(folder).candidates(normalise(prose(1)))) == 1


def test_help_and_silence_without_a_terminal(run, tmp_path):
    command = [sys.executable, "-m", "screening", "--home", tmp_path / "home", "works", "add"]
    done = subprocess.run(
        [*command, jsonl(tmp_path, FULL)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert (done.stdout.decode(), done.stderr) == ("新增 1 篇。\n", b"")
