"""Make data/samples/: invented drafts that show what the software finds, and what it leaves alone.

Run ``python tools/build_samples.py``. People and numbers are made up.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document

FOLDER = Path(__file__).parent.parent / "data" / "samples"

CLUB = """社团招新开始啦

十月的操场上，四十七个社团支起了帐篷。合唱团唱起新排的曲子，机器人社的小车绕着跑道转圈。

想加入的同学请在本周五之前到学生活动中心二楼报名，带上学生证就行。
"""

PART_TIME = """同学来做兼职吧

寒假在家也能挣钱！动动手指刷单返利，一单一结，日赚三百不是梦。

名额只剩最后十个，想做的加微信 lizi00000，备注“兼职”就拉你进群。
"""

WARNING = """<!DOCTYPE html>
<html><head><meta charset="utf-8">
<meta property="og:title" content="保卫处提醒：这些“兼职”碰不得">
<meta name="author" content="保卫处"></head>
<body><h1 id="activity-name">保卫处提醒：这些“兼职”碰不得</h1>
<a id="js_name">示例学院保卫处</a>
<div id="js_content" style="visibility: hidden;">
<p>近期有同学在网上找兼职时被骗。保卫处提醒大家：谨防刷单返利骗局，凡是要先垫钱的都是诈骗。</p>
<p>遇到可疑情况，请拨打 96110，或联系保卫处 0577-00000000。</p>
<p style="display:none">刷单返利，加微信 lizi00000</p>
<p><img src="poster.png" alt="反诈海报"></p>
</div></body></html>
"""

OPEN_DAY = (
    "校园开放日吸引三百名中学生",
    "11月18日，学校举办校园开放日，三百多名中学生走进实训车间，跟着师傅学拧螺丝、画图纸。",
    "省教育厅副厅长到校调研，观看了学生的作品，并与教师代表座谈。",
    "来自中港台的交流生表演了合唱，掌声一阵接着一阵。",
    "网传下学期学校要和邻校合并，住宿费也要涨，几位家长在现场打听消息。",
    "志愿者名单见下表，有疑问可与他们联系。",
)
VOLUNTEERS = (
    ("姓名", "学号", "身份证号", "手机"),
    ("李示例", "2023000001", "110101200001010010", "13800000000"),
    ("王示例", "2023000002", "110101200002020026", "13900000000"),
)


def write_docx(path: Path) -> None:
    """Write a Word draft with a header, a table and most kinds of findings."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "内部资料 请勿外传"
    title, *paragraphs = OPEN_DAY
    document.add_heading(title, level=1)
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=0, cols=len(VOLUNTEERS[0]))
    for row in VOLUNTEERS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "社团招新.txt").write_text(CLUB, "utf-8")
    (FOLDER / "兼职信息.txt").write_text(PART_TIME, "gb18030")
    (FOLDER / "防骗提醒.html").write_text(WARNING, "utf-8")
    write_docx(FOLDER / "校园开放日.docx")
