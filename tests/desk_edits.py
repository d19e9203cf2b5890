"""One-character edits of an approved draft: everything that is not what was approved."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

PARAGRAPHS = (
    "为方便考生和家长了解学校，定于六月六日举办校园开放日，欢迎报名参观。",
    "当天开放实训楼、图书馆和体育馆，各专业教师在现场答疑，讲解课程和就业方向。",
    "来校请走南门，凭预约记录入校；车辆停在东区停车场，请听从志愿者引导。",
)
TARGET = "https://example.edu.cn/open-day/2026"
PLACES = ("title", "body", "link target", "picture", "account", "planned time")
_CHARACTERS = "天地人和春夏秋冬零一二三四五六七八九甲乙丙丁abcxyz0123456789"


def picture(shade: int = 120) -> bytes:
    """Return a small grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + bytes([shade] * 16) for _ in range(16))
    head = struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def content() -> dict[str, Any]:
    """Return what the approved draft says."""
    return {
        "title": "校园开放日活动通知",
        "body": "\n".join(PARAGRAPHS),
        "link target": TARGET,
        "picture": picture(),
        "account": "jd-wechat",
    }


def edited(whole: dict[str, Any], place: str, dice: random.Random) -> dict[str, Any]:
    """Return ``whole`` with one character (of a picture: one shade) changed at ``place``."""
    if place == "planned time":
        step = timedelta(**{dice.choice(["minutes", "hours", "days"]): dice.choice([-1, 1])})
        return whole | {place: whole[place] + step}
    if place == "picture":
        return whole | {place: picture(dice.choice([n for n in range(256) if n != 120]))}
    text = whole[place]
    at = dice.choice([n for n, character in enumerate(text) if character != "\n"])
    other = dice.choice([item for item in _CHARACTERS if item != text[at]])
    ways = (text[:at] + other + text[at + 1 :], text[:at] + other + text[at:])
    return whole | {place: dice.choice([*ways, text[:at] + text[at + 1 :]])}


def write_docx(whole: dict[str, Any], path: Path) -> None:
    """Write the draft as a Word document."""
    document = docx.Document()
    document.add_heading(whole["title"], 0)
    for text in whole["body"].split("\n"):
        document.add_paragraph(text)
    paragraph = document.add_paragraph("报名网址：")
    link = OxmlElement("w:hyperlink")
    key = document.part.relate_to(whole["link target"], RELATIONSHIP_TYPE.HYPERLINK, True)
    link.set(qn("r:id"), key)
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = "点此报名"
    run.append(words)
    link.append(run)
    paragraph._p.append(link)
    document.add_picture(io.BytesIO(whole["picture"]))
    document.save(str(path))


def saved_again(path: Path, other: Path) -> None:
    """Let python-docx read a document and save it elsewhere."""
    document = docx.Document(str(path))
    document.core_properties.author = "另一位编辑"
    document.core_properties.modified = datetime(2026, 3, 5)
    document.save(str(other))


def packed_again(path: Path, other: Path) -> None:
    """Write the same parts with other compression, order and dates: other bytes throughout."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_STORED) as new:
        names = old.namelist()
        for name in names[:1] + names[:0:-1]:
            new.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), old.read(name))
