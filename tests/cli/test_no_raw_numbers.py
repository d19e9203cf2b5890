"""Personal numbers appear raw nowhere: not in any report, error, list, store or cache."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from io import BytesIO

import docx
import pytest

from screening.reports import REPORTS
from screening.text.figures import in_digits
from screening.text.normalise import normalise

ID, MOBILE, CARD = "11010519000101002X", "13800000000", "6222020000000000000"
#: a slip in each: check digit, issuer's check, prefix
BAD_ID, BAD_CARD, BAD_MOBILE = "330000200001010002", "6217000000000000001", "12800000001"
STUDENT, PASSPORT = "2023000457", "E00000457"
DRAFT = f"""志愿者名单

李示例，身份证号{ID}，手机{MOBILE}，卡号{CARD}。
王示例，身份证号１１０１０５１９０００１０１００２Ｘ，电话138-0000-0000，或 ①③⑧⓪⓪⓪⓪⓪⓪⓪⓪。
电话：138 0000
0000，或一三八零零零零零零零零，或١٣٨٠٠٠٠٠٠٠٠，或1 3 8 0 0 0 0 0 0 0 0
号码{BAD_ID}、330000 20000101 0002；替测八百米一次{MOBILE}，私聊
很长的一段话，证件号码{BAD_ID}以及后面的一大串文字，渣男电话{MOBILE}，姐妹们曝光他打爆他
账号 {BAD_CARD}，护照 {PASSPORT}，学号：{STUDENT}
"""
ROWS = [
    ["姓名", "学号", "身份证号码", "手机", "银行卡号"],
    ["王示例", STUDENT, BAD_ID, BAD_MOBILE, BAD_CARD],
    ["李示例", STUDENT, "330000 20000101 0002", "138 0000\n0000", "6217 0000 0000 0000 001"],
]
FORBIDDEN = (ID, MOBILE, CARD, BAD_ID, BAD_CARD, BAD_MOBILE, STUDENT, PASSPORT)


def write_word(path):
    document = docx.Document()
    document.add_heading("认定名单", 0)
    document.add_paragraph("现将名单公布如下。")
    table = document.add_table(rows=4, cols=5)
    table.cell(0, 0).merge(table.cell(0, 4)).text = "基本情况"
    for number, row in enumerate(ROWS, 1):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    document.save(path)


def html_of(rows):
    return "".join(f"<tr><td>{'<td>'.join(row)}</tr>" for row in rows)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbers")
    (folder / f"李示例{ID}.txt").write_text(DRAFT, "utf-8")
    (folder / f"坏{MOBILE}.docx").write_bytes(b"PK\x03\x04")
    write_word(folder / "表.docx")
    page = f"<h1>公示</h1><p>名单</p><table>{html_of(ROWS)}</table><img alt='{BAD_ID}' src=a.png>"
    (folder / "表.html").write_text(page, "utf-8")
    columns = "\n".join("\t".join(row).replace("\n", " ") for row in ROWS)
    (folder / "表.txt").write_bytes(f"公示\n\n{columns}".encode("gb18030"))
    bars = ["|".join(row).replace("\n", " ") for row in [ROWS[0], ["--"] * 5, *ROWS[1:]]]
    (folder / "表.md").write_text("# 公示\n\n" + "\n".join(bars), "utf-8")
    return folder


DRAFTS = (f"李示例{ID}.txt", f"坏{MOBILE}.docx", "表.docx", "表.html", "表.txt", "表.md")


def run(place, *args):
    return subprocess.run(
        [sys.executable, "-m", "screening", "--home", place / "home", *args],
        cwd=place,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def said(data):
    """Return what a file says, without mark-up, its numbers in plain digits and in one piece."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts = [packed.read(name) for name in packed.namelist() if "theme" not in name]
        data = re.sub(rb"<[^>]*>", b"", b"\n".join(parts))
    text = data.decode("utf-8", "replace")
    text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)
    text = in_digits(normalise(unicodedata.normalize("NFKC", text)))
    return re.sub(r"(?<=\d)(?:\\n|[ \n.\-])+(?=[\dx])", "", text).upper()


def assert_clean(*outputs):
    for output in outputs:
        text = said(output if isinstance(output, bytes) else output.encode())
        for number in FORBIDDEN:
            assert number not in text
            shown = 9 if len(number) > 11 else 6
            assert number[2 : 2 + shown] not in text or number[2 : 2 + shown].strip("0") == ""


@pytest.mark.parametrize("style", list(REPORTS))
def test_checks(place, style):
    text = ["--text"] if style == "json" else []
    result = run(place, "check", *DRAFTS, "--format", style, *text)
    assert result.returncode == 3
    assert "志愿者名单" in result.stdout
    assert_clean(result.stdout, result.stderr)


def test_files_made(place):
    made = run(place, "check", *DRAFTS, "--format", "xlsx", "--output", "发现.xlsx")
    run(place, "check", "表.html", "--format", "docx", "--output", "批注.docx")
    assert_clean(made.stderr, *((place / name).read_bytes() for name in ("发现.xlsx", "批注.docx")))


def test_schedules(place):
    rows = [
        ["标题", "正文", "学号", "身份证号", "手机", "备注"],
        ["名单", f"姓名\t身份证号\n王示例\t{BAD_ID}", STUDENT, BAD_ID, BAD_MOBILE, f"卡{BAD_CARD}"],
        ["空行", "", STUDENT, ID, "138 0000\n0000", f"学号{STUDENT}，护照{PASSPORT}"],
    ]
    with (place / "排期.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    result = run(place, "batch", "排期.csv", "--output", "out", "--workers", "1")
    written = [path.read_bytes() for path in (place / "out").rglob("*") if path.is_file()]
    assert written
    assert_clean(result.stdout, result.stderr, *written)


def test_tickets_and_what_lies_in_the_home(place):
    editor = f"王{MOBILE}"
    filed = [
        run(place, "submit", name, "--account", "a", "--editor", editor)
        for name in (f"李示例{ID}.txt", "表.docx")
    ]
    assert [item.returncode for item in filed] == [1, 1]
    listed = run(place, "ticket", "list", "--format", "json")
    numbers = [ticket["number"] for ticket in json.loads(listed.stdout)["tickets"]]
    shown = [
        run(place, "report", number, "--format", style) for number in numbers for style in REPORTS
    ]
    assert_clean(listed.stdout, *(page.stdout for page in shown))
    assert_clean(*(item.stdout + item.stderr for item in filed))
    stored = [path for path in (place / "home").rglob("*") if path.is_file()]
    assert stored
    assert_clean(*(path.read_bytes() for path in stored if "cache" not in path.parts))


def test_the_editors_own_word_file_comes_back_with_its_numbers_and_says_so(place):
    told = run(place, "check", "表.docx", "--format", "docx", "--output", "原稿加批注.docx")
    assert "个人号码没有遮盖" in told.stderr
    with zipfile.ZipFile(place / "原稿加批注.docx") as file:
        assert BAD_ID in file.read("word/document.xml").decode()
        assert BAD_ID not in file.read("word/comments.xml").decode()
    assert_clean(told.stdout, told.stderr)
    document = docx.Document()
    document.add_paragraph("今天开学。")
    document.save(place / "无号码.docx")
    quiet = run(place, "check", "无号码.docx", "--format", "docx", "--output", "无号码批注.docx")
    assert "没有遮盖" not in quiet.stderr
