"""A small lexicon on disk, made for the tests: its rules are no one's real rules."""

from __future__ import annotations

import csv
from pathlib import Path

from screening.settings import Platform, School
from screening.stages.lexicon.load import COLUMNS

SCHOOL = School("示例学院", ("示院",), ("SLXY",), (Platform("main", "示例学院", "微信公众号", 1),))

TOPICS = """
[mark]
category = "secrecy"
severity = "block"
basis = ["16", "22.1"]
message = "出现标志“{text}”"
advice = "停止发布"

[trade]
category = "illegal"
severity = "block"
basis = ["22.1"]
message = "“{text}”像是违法招揽"
advice = "删除"
excuses = ["warning", "title"]

[matter]
category = "major"
severity = "escalate"
basis = ["12"]
message = "涉及重大事项“{text}”"
advice = "报宣传部"
excuses = ["drill"]

[number]
category = "personal"
severity = "block"
basis = ["12"]
message = "出现号码{text}"
advice = "删去号码"
"""

EXCUSES = """
[[excuse]]
id = "EXC001"
name = "warning"
label = "警示"
scope = "sentence"
words = ["谨防", "切勿"]
effect = "drop"
void_near_contact = true
rule = "ILL001"
hit = ["谨防代开发票的陷阱"]
miss = ["谨防假冒，代开发票加微信abcde123"]

[[excuse]]
id = "EXC002"
name = "title"
label = "书名"
scope = "brackets"
effect = "drop"
rule = "ILL001"
hit = ["读《代开发票的人》有感"]
miss = ["《读者》说代开发票"]

[[excuse]]
id = "EXC003"
name = "drill"
label = "演练"
scope = "document"
words = ["演练"]
effect = "notice"
rule = "MAJ001"
hit = ["演练中模拟党代会召开"]
miss = ["党代会今日召开"]
"""

PATTERNS = r"""
[[pattern]]
id = "SEC901"
topic = "mark"
name = "密级加期限"
regex = '(?:绝密|机密|秘密)[ ]?[★☆*][ ]?\d{1,2}年'
triggers = ["绝密", "机密", "秘密"]
window = 12
hit = ["秘密★10年"]
miss = ["一个秘密藏了10年"]

[[pattern]]
id = "ILL901"
topic = "trade"
name = "收购卡证"
regex = '收(?P<hit>[银电]\w\w?卡|[银电]\w?卡)'
near = [{ regex = "元|块", within = 12 }, { regex = "私聊", within = 20 }]
triggers = ["收"]
window = 6
hit = ["收银行卡，一张500元，私聊"]
miss = ["收银行卡，一张500元。私聊", "收银行卡，私聊"]

[[pattern]]
id = "PER901"
topic = "number"
name = "手机号码"
regex = '(?<!\d)1[3-9]\d{9}(?!\d)'
triggers = ["#digits"]
window = 4
secret = true
hit = ["电话13800000000"]
miss = ["编号138000000001"]

[[cooccurrence]]
id = "RUM901"
topic = "matter"
name = "传闻停课"
groups = [["网传", "听说"], ["停课", "放假"]]
within = "sentence"
unless = ["不实"]
hit = ["网传明天停课"]
miss = ["网传明天停课，系不实信息"]

[[cooccurrence]]
id = "RUM902"
topic = "matter"
name = "近距传闻"
groups = [["据说"], ["合并"]]
within = 6
hit = ["据说两校合并"]
miss = ["据说今年有很多很多学校会考虑合并"]
"""

TERMS = {
    "mark": [
        ("SEC001", "机密文件", "", "", "", "机密文件柜", "发现一份机密文件", "采购机密文件柜"),
        ("SEC002", "内部绝密", "", "", "header exact", "", "内部绝密", "内部的绝密"),
    ],
    "trade": [
        ("ILL001", "代开发票", "代开票据", "", "", "税务局", "代开发票", "税务局代开发票窗口"),
        ("ILL002", "口交", "", "", "", "", "提供口交服务", "路口交通秩序"),
        ("ILL003", "{school}改分", "", "review", "loose", "", "示院改分", "改分数线"),
        ("ILL004", "vpn", "", "", "", "", "出售vpn", "vpns"),
    ],
    "matter": [("MAJ001", "党代会", "", "", "lead", "", "党代会召开", "党的代表")],
}


def write_lexicon(folder: Path) -> Path:
    """Write the lexicon into ``folder`` and return it."""
    for name, text in {
        "topics/all.toml": TOPICS,
        "excuses/all.toml": EXCUSES,
        "patterns/all.toml": PATTERNS,
        "words.toml": "",
        "fragments.toml": "",
        "contact.toml": "pattern = '''微信[ ]*[a-z0-9]{5,}'''",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for topic, rows in TERMS.items():
        write_terms(folder, topic, rows)
    return folder


def write_terms(folder: Path, topic: str, rows: list[tuple[str, ...]]) -> None:
    """Write one term file: id, term, variants, severity, match, unless, hit, miss."""
    path = folder / "terms" / f"{topic}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for rule, term, variants, severity, match, unless, hit, miss in rows:
            cells = (rule, term, variants, severity, match, unless, "", "", "", hit, miss, "active")
            writer.writerow(cells)
