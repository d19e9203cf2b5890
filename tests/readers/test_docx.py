"""Word documents: what reaches the draft, where it stands, and what is left for people."""

from __future__ import annotations

import hashlib
from pathlib import Path

import docx
import pytest
from lxml import etree

from screening.draft import Cell, Draft
from screening.readers import read_draft

from .word import document, p, part, r, relation, save


def read(folder: Path, body: str, **kwargs: object) -> Draft:
    return read_draft(save(folder, document(body, **kwargs)))  # type: ignore[arg-type]


def labelled(draft: Draft, field: str) -> list[tuple[str, str]]:
    return [
        (block.locator.label, draft.fields[field][block.start : block.end])
        for block in draft.blocks
        if block.field == field
    ]


BODY = [
    pytest.param(p("甲", r("乙"), "丙"), "甲乙丙", id="runs never split a word"),
    pytest.param(
        p("赌", '<w:ins w:id="1">' + r("添") + "</w:ins>", "博"), "赌添博", id="insertion"
    ),
    pytest.param(p("前&lt;", "后"), "前<后", id="escaped"),
    pytest.param(p("甲", "<w:r><w:tab/></w:r>", "乙"), "甲\t乙", id="tab"),
    pytest.param(p("甲", "<w:r><w:br/></w:r>", "乙"), "甲\n乙", id="line break"),
    pytest.param(p("甲", "<w:r><w:noBreakHyphen/></w:r>", "乙"), "甲-乙", id="hyphen"),
    pytest.param(p("甲", "<w:r><w:softHyphen/></w:r>", "乙"), "甲\u00ad乙", id="soft hyphen"),
    pytest.param(p("甲", '<w:r><w:sym w:font="宋体" w:char="4E59"/></w:r>'), "甲乙", id="symbol"),
    pytest.param(
        p("甲", '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "乙"), "甲乙", id="dingbat"
    ),
    pytest.param(
        "<w:sdt><w:sdtPr/><w:sdtContent>" + p("控件里的字") + "</w:sdtContent></w:sdt>",
        "控件里的字",
        id="content control",
    ),
    pytest.param(p("<w:smartTag>" + r("标记") + "</w:smartTag>"), "标记", id="smart tag"),
    pytest.param(p("解 ", "<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>"), "解 x+1", id="formula"),
    pytest.param(
        p('<w:moveTo w:id="1">' + r("移来") + "</w:moveTo>", "的话"), "移来的话", id="moved here"
    ),
    pytest.param(
        p(
            "<w:r><w:ruby><w:rt>" + r("dú") + "</w:rt><w:rubyBase>" + r("读") + "</w:rubyBase>"
            "</w:ruby></w:r>",
            "书",
        ),
        "读书",
        id="ruby",
    ),
    pytest.param(
        p("见", '<w:r><w:commentReference w:id="1"/></w:r>', "批注"), "见批注", id="comment mark"
    ),
]


@pytest.mark.parametrize(("content", "expected"), BODY)
def test_body_text(tmp_path: Path, content: str, expected: str) -> None:
    draft = read(tmp_path, p("这是开头的一句话。") + content)
    assert labelled(draft, "body") == [("第1段", "这是开头的一句话。"), ("第2段", expected)]


HIDDEN = [
    pytest.param('<w:del w:id="1"><w:r><w:delText>删去</w:delText></w:r></w:del>', id="deleted"),
    pytest.param('<w:moveFrom w:id="1">' + r("删去") + "</w:moveFrom>", id="moved away"),
    pytest.param(r("删去", "<w:vanish/>"), id="hidden run"),
    pytest.param(r("删去", '<w:rStyle w:val="Secret"/>'), id="hidden by character style"),
    pytest.param(r("删去", '<w:sz w:val="2"/>'), id="one point"),
    pytest.param(r("删去", '<w:rStyle w:val="Tiny"/>'), id="one point by style"),
    pytest.param(r("删去", '<w:color w:val="FFFFFF"/>'), id="white on white"),
    pytest.param(r("删去", '<w:color w:val="FDFEFE"/>'), id="nearly white"),
    pytest.param(
        r("删去", '<w:color w:val="1F3864"/><w:shd w:val="clear" w:fill="1F3864"/>'),
        id="on its own",
    ),
    pytest.param(
        r("删去", '<w:color w:val="000000"/><w:highlight w:val="black"/>'), id="blackened"
    ),
]
#: run properties, and what stands around the run, that leave a run in sight
SEEN = [
    ('<w:sz w:val="12"/>', "{}"),
    ('<w:color w:val="auto"/>', "{}"),
    ('<w:color w:val="FFFFFF"/><w:highlight w:val="darkBlue"/>', "{}"),
    ('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="C00000"/>', "{}"),
    ('<w:color w:val="FFFFFF"/><w:shd w:val="solid" w:color="C00000"/>', "{}"),
    (
        '<w:color w:val="FFFFFF"/>',
        '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="C00000"/></w:tcPr>{}</w:tc></w:tr>'
        "</w:tbl>",
    ),
    (
        '<w:color w:val="FFFFFF"/>',
        '<w:tbl><w:tblPr><w:tblStyle w:val="Dark"/></w:tblPr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>',
    ),
    (
        '<w:color w:val="FFFFFF"/>',
        "<w:p><w:r><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict></w:r></w:p>",
    ),
]


@pytest.mark.parametrize("run", HIDDEN)
def test_hidden_text_is_kept_apart(tmp_path: Path, run: str) -> None:
    styles = part(
        "w:styles",
        '<w:style w:type="character" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Secret"><w:basedOn w:val="Base"/></w:style>'
        '<w:style w:type="character" w:styleId="Tiny"><w:rPr><w:sz w:val="3"/></w:rPr></w:style>',
    )
    draft = read(
        tmp_path,
        p("这是开头的一句话。") + p("前面", run, "后面"),
        relations=relation("rId9", "styles", "styles.xml"),
        word__styles_xml=styles,
    )
    assert draft.fields["body"] == "这是开头的一句话。\n前面后面"
    assert labelled(draft, "hidden") == [("第2段的隐藏文字", "删去")]


@pytest.mark.parametrize(("properties", "around"), SEEN)
def test_text_in_sight(tmp_path: Path, properties: str, around: str) -> None:
    draft = read(tmp_path, p("这是开头的一句话。") + around.format(p(r("看得见", properties))))
    assert draft.fields["body"].endswith("\n看得见")
    assert "hidden" not in draft.fields


def test_white_cells_in_a_plain_table_are_hidden(tmp_path: Path) -> None:
    white = p(r("看不见", '<w:color w:val="FFFFFF"/>'))
    draft = read(tmp_path, p("这是开头的一句话。") + table(cell("甲") + cell(white)))
    assert draft.fields["hidden"] == "看不见"


def test_hidden_paragraph_style_can_be_overridden(tmp_path: Path) -> None:
    styles = part(
        "w:styles",
        '<w:style w:type="paragraph" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>',
    )
    draft = read(
        tmp_path,
        p("这是开头的一句话。") + p("不见", r("可见", '<w:vanish w:val="0"/>'), style="H"),
        relations=relation("rId9", "styles", "styles.xml"),
        word__styles_xml=styles,
    )
    assert draft.fields["body"].endswith("\n可见")
    assert draft.fields["hidden"] == "不见"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else p(text)}</w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def test_tables_merged_and_nested(tmp_path: Path) -> None:
    inner = table(cell("内层"))
    body = (
        p("这是开头的一句话。")
        + table(
            cell("姓名", '<w:gridSpan w:val="2"/>') + cell("学院"),
            cell("甲某")
            + cell("合并", '<w:vMerge w:val="restart"/>')
            + cell(p("外层") + inner + p("")),
            cell("乙某") + cell("被盖住", "<w:vMerge/>") + cell("计算机学院"),
        )
        + p("表后")
        + table(cell("第二张"))
    )
    draft = read(tmp_path, body)
    assert labelled(draft, "body") == [
        ("第1段", "这是开头的一句话。"),
        ("表1第1行第1列", "姓名"),
        ("表1第1行第3列", "学院"),
        ("表1第2行第1列", "甲某"),
        ("表1第2行第2列", "合并"),
        ("表1第2行第3列", "外层"),
        ("表1第2行第3列内表1第1行第1列", "内层"),
        ("表1第3行第1列", "乙某"),
        ("表1第3行第3列", "计算机学院"),
        ("第2段", "表后"),
        ("表2第1行第1列", "第二张"),
    ]
    assert draft.fields["hidden"] == "被盖住"
    cells = [block.cell for block in draft.blocks if block.field == "body"]
    assert cells[1:4] == [Cell(1, 1, 1, 2), Cell(1, 1, 3), Cell(1, 2, 1)]
    assert cells[6:9] == [Cell(2, 1, 1), Cell(1, 3, 1), Cell(1, 3, 3)]
    assert cells[0] is cells[9] is None


def text_box(choice: str, fallback: str) -> str:
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic>'
        f"<wps:wsp><wps:txbx><w:txbxContent>{choice}</w:txbxContent></wps:txbx></wps:wsp>"
        "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent>{fallback}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_text_box_is_read_once(tmp_path: Path) -> None:
    draft = read(
        tmp_path, p("这是开头的一句话。") + p("框外", text_box(p("框内"), p("框内"))) + p("再后")
    )
    assert labelled(draft, "body") == [
        ("第1段", "这是开头的一句话。"),
        ("第2段", "框外"),
        ("文本框1", "框内"),
        ("第3段", "再后"),
    ]
    assert "hidden" not in draft.fields


def test_fallback_that_says_something_else_is_hidden_text(tmp_path: Path) -> None:
    draft = read(tmp_path, p("这是开头的一句话。") + p("框外", text_box(p("框内"), p("另一套话"))))
    assert draft.fields["hidden"] == "另一套话"


def test_headers_footers_and_notes(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        p("这是开头的一句话。") + p("正文", '<w:r><w:footnoteReference w:id="2"/></w:r>', "继续"),
        relations=relation("a", "header", "header1.xml")
        + relation("b", "footer", "footer1.xml")
        + relation("c", "footnotes", "footnotes.xml")
        + relation("d", "endnotes", "endnotes.xml"),
        word__header1_xml=part("w:hdr", p("内部资料")),
        word__footer1_xml=part("w:ftr", p("第 1 页")),
        word__footnotes_xml=part(
            "w:footnotes",
            f'<w:footnote w:type="separator" w:id="0">{p("分隔")}</w:footnote>'
            f'<w:footnote w:id="2">{p("脚注的话")}</w:footnote>',
        ),
        word__endnotes_xml=part("w:endnotes", f'<w:endnote w:id="2">{p("尾注的话")}</w:endnote>'),
    )
    assert draft.fields["body"] == "这是开头的一句话。\n正文继续"
    assert labelled(draft, "header") == [("页眉1", "内部资料")]
    assert labelled(draft, "footer") == [("页脚1", "第 1 页")]
    assert labelled(draft, "notes") == [("脚注1", "脚注的话"), ("尾注1", "尾注的话")]


def test_links_from_relationships_and_fields(tmp_path: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> '
        'HYPERLINK "https://b.example/x" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + r("报名")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    simple = '<w:fldSimple w:instr="HYPERLINK https://c.example">' + r("官网") + "</w:fldSimple>"
    draft = read(
        tmp_path,
        p("这是开头的一句话。")
        + p("请点", '<w:hyperlink r:id="k">' + r("这里") + "</w:hyperlink>", "和", field, simple),
        relations=relation("k", "hyperlink", "https://a.example/?q=1", external=True),
    )
    assert draft.fields["body"].endswith("请点这里和报名官网")
    assert [(link.text, link.target) for link in draft.links] == [
        ("这里", "https://a.example/?q=1"),
        ("报名", "https://b.example/x"),
        ("官网", "https://c.example"),
    ]
    assert labelled(draft, "links")[2] == ("链接3", "https://c.example")


def picture(name: str, alt: str, target: str) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="{name}" descr="{alt}"/><a:graphic>'
        f'<pic:pic><pic:blipFill><a:blip r:embed="{target}"/></pic:blipFill></pic:pic></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def test_pictures_are_listed_one_by_one(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        p("这是开头的一句话。")
        + p(picture("图片 1", "开幕式合影", "i"))
        + p("文中", picture("图片 2", "", "i")),
        relations=relation("i", "image", "media/image1.png"),
        word__media__image1_png=b"pixels",
    )
    digest = "sha256:" + hashlib.sha256(b"pixels").hexdigest()
    assert [(item.kind, item.name, item.alt, item.digest) for item in draft.media] == [
        ("picture", "图片 1", "开幕式合影", digest),
        ("picture", "图片 2", "", digest),
    ]
    assert labelled(draft, "captions") == [("图片“图片 1”", "开幕式合影")]
    assert [item.what for item in draft.unscreened] == [
        "图片“图片 1”（第1段后）",
        "图片“图片 2”（第2段）",
    ]


def test_embedded_objects_charts_and_word_art(tmp_path: Path) -> None:
    ole = '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12" r:id="o"/></w:object></w:r>'
    chart = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="2" name="图表 1"/><a:graphic><c:chart r:id="c"/>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )
    art = '<w:r><w:pict><v:shape><v:textpath string="仅供参考"/></v:shape></w:pict></w:r>'
    draft = read(
        tmp_path,
        p("这是开头的一句话。") + p("附表", ole, chart, art) + '<w:altChunk r:id="z"/>',
        relations=relation("o", "oleObject", "embeddings/a.bin")
        + relation("c", "chart", "charts/chart1.xml"),
        word__embeddings__a_bin=b"x",
        word__charts__chart1_xml=part(
            "c:chartSpace",
            "<c:title><a:p><a:r><a:t>招生</a:t></a:r><a:r><a:t>人数</a:t></a:r></a:p></c:title>"
            "<c:strCache><c:pt><c:v>本科</c:v></c:pt></c:strCache>",
        ),
    )
    assert labelled(draft, "body")[2:] == [
        ("图表（第2段）", "招生人数"),
        ("图表（第2段）", "本科"),
        ("艺术字（第2段）", "仅供参考"),
    ]
    assert [(item.what) for item in draft.unscreened] == [
        "嵌入对象“Excel.Sheet.12”（第2段）",
        "嵌入的文档片段（第2段）",
    ]


def test_properties_are_a_field_and_never_the_title(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        p("这是开头的一句话。"),
        core="<dc:title>旧模板</dc:title><dc:creator>某编辑</dc:creator><cp:keywords>招生</cp:keywords>",
    )
    assert draft.title == ""
    assert labelled(draft, "properties") == [
        ("文件属性“标题”", "旧模板"),
        ("文件属性“作者”", "某编辑"),
        ("文件属性“关键词”", "招生"),
    ]


STYLES = part(
    "w:styles",
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="2"><w:basedOn w:val="3"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="3"><w:pPr><w:jc w:val="center"/></w:pPr></w:style>',
)
LONG = "关于举办第三届校园阅读节暨经典诵读系列活动以及优秀读书笔记评选与展示交流的通知说明文件"
TITLES = [
    pytest.param(p("短标题") + p("正文。"), "短标题", id="short"),
    pytest.param(p("第一句话完了。") + p("正文。"), "", id="a sentence"),
    pytest.param(p("各位同学：") + p("正文。"), "", id="a greeting"),
    pytest.param(p("只有一段") + p(""), "", id="nothing follows"),
    pytest.param(p(LONG) + p("正文。"), "", id="long"),
    pytest.param(p(LONG, jc="center") + p("正文。"), LONG, id="long but centred"),
    pytest.param(p(LONG, style="2") + p("正文。"), LONG, id="centred by an inherited style"),
    pytest.param(p(LONG + "。", style="1") + p("正文。"), LONG + "。", id="heading"),
    pytest.param(p("") + p("短标题") + p("正文。"), "短标题", id="empty lines before"),
]


@pytest.mark.parametrize(("body", "title"), TITLES)
def test_title_rule(tmp_path: Path, body: str, title: str) -> None:
    data = document(body, relation("s", "styles", "styles.xml"), word__styles_xml=STYLES)
    draft = read_draft(save(tmp_path, data))
    assert draft.title == title
    assert draft.title not in draft.fields["body"].split("\n")


def test_a_given_title_leaves_the_first_line_in_the_body(tmp_path: Path) -> None:
    path = save(tmp_path, document(p("短标题") + p("正文。")))
    draft = read_draft(path, title="另定的标题")
    assert (draft.title, draft.fields["body"]) == ("另定的标题", "短标题\n正文。")
    same = read_draft(path, title="短标题")
    assert (same.title, same.fields["body"]) == ("短标题", "正文。")


def test_paths_number_paragraphs_of_the_part(tmp_path: Path) -> None:
    body = (
        p("") + p("标题") + table(cell("格")) + p("框外", text_box(p("框内"), p("框内"))) + p("尾")
    )
    data = document(body)
    draft = read_draft(save(tmp_path, data))
    xml = part("w:document", f"<w:body>{body}</w:body>").encode()
    paragraphs = list(etree.fromstring(xml).iter("{*}p"))
    for block in draft.blocks:
        name, number = block.locator.path.split("#p")
        text = draft.fields[block.field][block.start : block.end]
        own = "".join(
            node.text
            for node in paragraphs[int(number)].iter("{*}t")
            if next(node.iterancestors("{*}p")) is paragraphs[int(number)]
        )
        assert (name, own) == ("word/document.xml", text)


def test_a_file_from_python_docx(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("校园歌手大赛开赛", 0)
    made.add_paragraph("比赛在大学生活动中心举行。")
    grid = made.add_table(2, 2)
    grid.cell(1, 1).text = "一等奖"
    made.core_properties.author = "某某"
    path = tmp_path / "a.docx"
    made.save(str(path))
    draft = read_draft(path)
    assert draft.title == "校园歌手大赛开赛"
    assert labelled(draft, "body") == [
        ("第1段", "比赛在大学生活动中心举行。"),
        ("表1第2行第2列", "一等奖"),
    ]
    assert draft.format == "docx"
    assert draft.encoding is None


def test_styles_of_tables_and_lists_are_cut_out_and_nothing_else():
    from screening.readers.wordstyles import trim

    table = b'<w:style w:type="table" w:styleId="T"><w:name w:val="Table"/></w:style>'
    text = b'<w:style w:type="paragraph" w:styleId="P"><w:name w:val="table"/></w:style>'
    assert trim(b"<w:styles>" + table + text + table + b"</w:styles>") == (
        b"<w:styles>" + text + b"</w:styles>"
    )
    assert trim(b"") == b""
    assert trim(text) == text


def test_a_header_that_is_not_in_the_file_is_told(tmp_path: Path) -> None:
    missing = relation("a", "header", "header1.xml")
    draft = read(tmp_path, p("这是开头的一句话。") + p("正文"), relations=missing)
    (gap,) = draft.unscreened
    assert "header1.xml" in gap.what
    assert gap.why == "文件里缺少这一部分"
