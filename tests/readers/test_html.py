"""Pages: visible text once and in order, hidden text apart, and what no reader can see into."""

from __future__ import annotations

from pathlib import Path

import pytest

from screening.draft import Cell, Draft, Span
from screening.errors import DraftError
from screening.readers import read_draft


def read(folder: Path, content: str | bytes, **kwargs: str) -> Draft:
    path = folder / "a.html"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_draft(path, **kwargs)  # type: ignore[arg-type]


VISIBLE = [
    pytest.param("<p>赌<b>博</b><span>网</span>站</p>", ["赌博网站"], id="inline never splits"),
    pytest.param("<p>一</p>二<div>三</div>", ["一", "二", "三"], id="blocks"),
    pytest.param("一<br>二", ["一", "二"], id="line break"),
    pytest.param("<p>a\n  b\t c</p>", ["a b c"], id="white space collapses"),
    pytest.param("<p>甲 <b> 乙</b></p>", ["甲 乙"], id="white space across elements"),
    pytest.param("<pre>a  b\n c</pre>", ["a  b", "c"], id="pre"),
    pytest.param('<p style="white-space:pre-wrap">a  b</p>', ["a  b"], id="pre by style"),
    pytest.param("<ul><li>甲<li>乙</ul>", ["甲", "乙"], id="list"),
    pytest.param("<table><tr><td>甲<td>乙</table>", ["甲", "乙"], id="cells"),
    pytest.param("&#36172;&amp;&lt;b&gt;", ["赌&<b>"], id="entities"),
    pytest.param("甲<script>x</script><style>y</style><template>z</template>乙", ["甲乙"], id="js"),
    pytest.param(
        '<section style="display:inline-block">通</section>'
        '<section style="display:inline-block">知</section>',
        ["通知"],
        id="inline-block",
    ),
    pytest.param('<span style="display:block">一</span>二', ["一", "二"], id="block by style"),
    pytest.param('<p style="display:flex"><i>一</i><i>二</i></p>', ["一", "二"], id="flex items"),
    pytest.param("<ruby>读<rp>(</rp><rt>dú</rt></ruby>书", ["读书"], id="ruby"),
    pytest.param('<p style="font-size:0"><b style="font-size:16px">见</b></p>', ["见"], id="big"),
    pytest.param(
        '<p style="visibility:hidden"><b style="visibility:visible">见</b></p>', ["见"], id="shown"
    ),
    pytest.param("<p>甲<wbr>乙&shy;丙</p>", ["甲乙\u00ad丙"], id="soft breaks"),
    pytest.param("<svg><title>t</title><text>图中字</text></svg>", ["图中字"], id="svg text"),
    pytest.param(
        "<button>报名</button> <input value='提交' type=submit>", ["报名 提交"], id="forms"
    ),
    pytest.param("<noscript>请启用</noscript><p>正文", ["正文"], id="noscript"),
]


@pytest.mark.parametrize(("content", "lines"), VISIBLE)
def test_visible_text(tmp_path: Path, content: str, lines: list[str]) -> None:
    draft = read(tmp_path, f"<body><p>开头</p>{content}")
    blocks = [draft.fields["body"][b.start : b.end] for b in draft.blocks if b.field == "body"]
    assert blocks == ["开头", *lines]
    assert "hidden" not in draft.fields


HIDDEN = [
    "display:none",
    "display: NONE !important",
    "visibility:hidden",
    "font-size:0px",
    "font-size:1px",
    "font-size: 0.5pt",
    "font-size:.1em",
    "font-size:5%",
    "opacity:0",
    "opacity:0.01",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#fefefe;background:#fff",
    "opacity: 0.0",
    "height:0;overflow:hidden",
    "position:absolute;left:-9999px",
    "text-indent:-9999px",
    "color:#fff;background-color:white",
    "color:rgb(255, 255, 255);background:#ffffff",
]


@pytest.mark.parametrize("style", HIDDEN)
def test_hidden_text(tmp_path: Path, style: str) -> None:
    draft = read(tmp_path, f'<p>赌<span style="{style}">藏<b>字</b></span>博</p>')
    assert draft.fields["body"] == "赌博"
    assert draft.fields["hidden"] == "藏字"


SEEN = [
    "opacity:0.5",
    "font-size:6px",
    "font-size:0.5em",
    "color:transparent;-webkit-background-clip:text",
    "color:#f5f5f5;background:#333",
    "color:#fff",
    "color:#fff;background:#ffffff00",
    "color:white;background:url(a.png) #fff",
    "height:0",
    "text-indent:2em",
]


@pytest.mark.parametrize("style", SEEN)
def test_not_hidden(tmp_path: Path, style: str) -> None:
    assert read(tmp_path, f'<p>甲<span style="{style}">乙</span>').fields["body"] == "甲乙"


def test_hidden_attribute_and_blocks_do_not_split_words(tmp_path: Path) -> None:
    draft = read(
        tmp_path, "<p>赌<i hidden>x</i>博</p><section>甲<div style='display:none'>y</div>乙"
    )
    assert draft.fields["body"] == "赌博\n甲乙"
    assert draft.fields["hidden"] == "x\ny"


TITLES = [
    pytest.param(
        '<meta property="og:title" content="甲乙丙丁">', "<p>文", "甲乙丙丁", "文", id="og"
    ),
    pytest.param("<title>网名</title>", "<h1>甲乙</h1><p>文", "甲乙", "文", id="h1"),
    pytest.param("<title>甲乙丙丁_财经_某某网</title>", "<p>文", "甲乙丙丁", "文", id="sections"),
    pytest.param("<title>甲乙丙丁 - 某某大学</title>", "<p>文", "甲乙丙丁", "文", id="site"),
    pytest.param("<title>甲乙-丙丁</title>", "<p>文", "甲乙-丙丁", "文", id="a hyphen of its own"),
    pytest.param(
        "<title>甲乙丙丁 某某医院</title>", "<p>甲乙丙丁<p>文", "甲乙丙丁", "文", id="confirmed"
    ),
    pytest.param("", "<h2>甲乙</h2><p>文", "甲乙", "文", id="fragment"),
    pytest.param("", "<p>文</p><h2>甲乙</h2>", "", "文\n甲乙", id="heading inside a fragment"),
]


@pytest.mark.parametrize(("head", "body", "title", "text"), TITLES)
def test_title(tmp_path: Path, head: str, body: str, title: str, text: str) -> None:
    draft = read(tmp_path, f"<html><head>{head}</head><body>{body}</body></html>")
    assert (draft.title, draft.fields["body"]) == (title, text)


def test_given_title_leaves_the_heading_in_the_body(tmp_path: Path) -> None:
    draft = read(tmp_path, "<h1>甲乙</h1><p>文</p>", title="新")
    assert (draft.title, draft.fields["body"]) == ("新", "甲乙\n文")


def test_links_pictures_and_embedded(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        '<p>一<a href="https://a.example/x">点<b>我</b></a><a href="#top">上</a>'
        '<a href="javascript:;">无</a><a href="https://a.example/x">再点</a></p>'
        '<img src="https://b.example/p/one.jpg?x=1" alt="合影"><p>二<img data-src="/q/640"></p>'
        '<iframe src="https://v.example/player">里面</iframe>',
    )
    assert [(link.text, link.target) for link in draft.links] == [
        ("点我", "https://a.example/x"),
        ("再点", "https://a.example/x"),
    ]
    assert draft.fields["links"] == "https://a.example/x"
    assert [(item.kind, item.name, item.alt) for item in draft.media] == [
        ("picture", "one.jpg", "合影"),
        ("picture", "q", ""),
        ("embedded", "player", ""),
    ]
    assert [item.what for item in draft.unscreened] == [
        "图片“one.jpg”（第1段后）",
        "图片“q”（第2段）",
        "嵌入网页“player”（第2段后）",
    ]
    assert draft.fields["body"] == "一点我上无再点\n二"
    assert draft.fields["captions"] == "合影"


ARTICLE = """<html><head><meta property="og:title" content="校园歌手大赛">
<meta name="author" content="某编辑">
<meta name="description" content="一场\\x0a比赛"></head><body>
<h1 id="activity-name">校园歌手大赛</h1>
<a id="js_name"> 某某学院 </a><em id="publish_time">2024-05-01</em><p>页面上的按钮</p>
<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0;">{}</div>
<script>var msg_source_url = 'https://s.example/more';</script></body></html>"""


def test_wechat_article(tmp_path: Path) -> None:
    card = '<mp-common-profile data-nickname="某号" data-signature="简介"></mp-common-profile>'
    draft = read(
        tmp_path,
        ARTICLE.format(
            "<section><p>比赛开始。</p><p style='color:#ffffff'>白字</p></section>"
            f"<a data-miniprogram-path='pages/a'>小程序</a>{card}"
        ),
    )
    assert draft.title == "校园歌手大赛"
    assert draft.fields["body"] == "比赛开始。\n小程序"
    assert draft.fields["hidden"] == "白字"
    assert draft.fields["byline"] == "某某学院\n某编辑\n2024-05-01"
    assert draft.fields["properties"] == "一场 比赛"
    assert draft.fields["captions"] == "某号\n简介"
    assert draft.fields["links"] == "pages/a\nhttps://s.example/more"
    assert [item.what for item in draft.unscreened] == ["公众号卡片“未命名”（第2段）"]


def test_wechat_text_kept_in_script(tmp_path: Path) -> None:
    script = (
        "<script>window.cgiDataNew = { text_page_info: { content_noencode: "
        r"JsDecode('第一行\x0a第二行\x26\x3cb\x3e粗\x3c/b\x3e') }, picture_page_info_list: "
        r"[{ cdn_url: JsDecode('https://p.example/a/0') }] };</script>"
    )
    draft = read(tmp_path, ARTICLE.format("") + script)
    assert draft.fields["body"] == "第一行\n第二行&粗"
    assert [item.what for item in draft.unscreened] == ["图片“a”（第2段）"]


ORDINARY = [
    pytest.param('<a href="https://mp.weixin.qq.com/s/x">公众号</a>', "公众号", id="links to one"),
    pytest.param(
        "<p>请注意，报名链接已过期的同学。</p>", "请注意，报名链接已过期的同学。", id="wording"
    ),
]


@pytest.mark.parametrize(("content", "text"), ORDINARY)
def test_not_taken_for_a_wechat_page(tmp_path: Path, content: str, text: str) -> None:
    draft = read(tmp_path, f"<title>甲乙丙丁</title>{content}")
    assert (draft.title, draft.fields["body"]) == ("甲乙丙丁", text)


def test_page_hidden_until_its_script_has_run(tmp_path: Path) -> None:
    draft = read(tmp_path, '<body style="opacity:0"><p>正文</p><script>x</script>')
    assert draft.fields["body"] == "正文"


REFUSED = [
    pytest.param(ARTICLE.format(""), "D013", id="article left to script"),
    pytest.param(ARTICLE.format("<img src=a.png>"), "D007", id="article of pictures only"),
    pytest.param("<body><div id=app></div><script>x</script>", "D013", id="page left to script"),
    pytest.param("<body>加载中…<script>x</script>", "D013", id="page still loading"),
    pytest.param("<body><p>该内容已被发布者删除</p><script>x</script>", "D014", id="taken down"),
    pytest.param(
        "<body class=rich_media><p>此内容因违规无法查看</p><script>var msg_title=''</script>",
        "D014",
        id="article taken down",
    ),
    pytest.param("<body><p> </p>", "D007", id="empty"),
    pytest.param("<div>" * 20_000, "D006", id="nested without end"),
    pytest.param(b"<meta charset=utf-8>\xff\xff\x80\x81\xff", "D011", id="no encoding"),
]


@pytest.mark.parametrize(("content", "code"), REFUSED)
def test_refused(tmp_path: Path, content: str | bytes, code: str) -> None:
    with pytest.raises(DraftError) as caught:
        read(tmp_path, content)
    assert caught.value.code == code


ENCODINGS = [
    pytest.param("<meta charset=gb2312><p>校园朗诵</p>".encode("gbk"), "gb18030", id="declared"),
    pytest.param("<meta charset=gb2312><p>校园朗诵</p>".encode(), "utf-8", id="declared wrongly"),
    pytest.param("<meta charset='big5'><p>校園朗誦</p>".encode("big5"), "big5", id="big5"),
    pytest.param("<p>校园朗诵</p>".encode("gbk"), "gb18030", id="not declared"),
    pytest.param("<p>校园朗诵</p>".encode("utf-8-sig"), "utf-8-sig", id="byte order mark"),
]


@pytest.mark.parametrize(("data", "encoding"), ENCODINGS)
def test_encodings(tmp_path: Path, data: bytes, encoding: str) -> None:
    draft = read(tmp_path, data)
    assert draft.encoding == encoding
    assert draft.fields["body"] in ("校园朗诵", "校園朗誦")


def test_deep_page_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "<div>" * 4000 + "深处").fields["body"] == "深处"


def test_cells_stand_where_merged_cells_leave_room(tmp_path: Path) -> None:
    draft = read(
        tmp_path,
        "<p>前</p><table><tr><th rowspan=2>名</th><th colspan=2>证</th></tr>"
        "<tr><td>学</td><td>身</td></tr><tr><td>甲<td>1<td>2<table><tr><td>内</table></table>后",
    )
    cells = {draft.text(Span("body", b.start, b.end)): b.cell for b in draft.blocks}
    assert cells == {
        "前": None,
        "名": Cell(1, 1, 0),
        "证": Cell(1, 1, 1, 2),
        "学": Cell(1, 2, 1),
        "身": Cell(1, 2, 2),
        "甲": Cell(1, 3, 0),
        "1": Cell(1, 3, 1),
        "2": Cell(1, 3, 2),
        "内": Cell(2, 1, 0),
        "后": None,
    }
