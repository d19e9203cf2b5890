"""The stage: which work, which sentences, how credited, what follows, what the editor is told."""

import pytest
from shelf import Shelf

from screening.draft import DraftBuilder, Link, Span
from screening.errors import StoreError
from screening.finding import Severity
from screening.pipeline import Screener
from screening.settings import load_settings
from screening.stages.reproduction.opening import UnreadableWorks
from screening.stages.reproduction.stage import ReproductionStage
from screening.stages.reproduction.work import Licence, Work
from screening.text import prepare

OURS = "我们学院的同学们也去看了桥，大家排成长队，从东岸走到西岸。老师在桥头讲了一堂课。"
BRIDGE = (
    "三月五日清晨，横跨澜江的新桥正式通车，三千多名市民步行走过桥面。设计者郁青禾说，这座桥从勘测到合龙用了七年，"
    "桥墩最深处打到江底六十二米的岩层里，一共换过四次方案。通车当天，桥头的小学生把自己画的桥送给了工人，画上写着谢谢两个字。"
    "工程总投资一百二十亿元，其中三成来自地方财政，其余由银团贷款解决。"
)
LIBRARY = (
    "旧城里的书屋开到了第三十个年头，店主林疏影每天六点起来扫地、擦窗、把门口的两盆茉莉搬到太阳底下。来买书的多是附近的学生，"
    "也有搬走多年的老邻居绕路回来坐一坐。书屋不卖咖啡，也不许拍照，墙上只挂着一张手写的时刻表，提醒末班车几点经过街口。"
)
ADDRESS = "https://news.example.com/2025/bridge.html"


def work(text=BRIDGE, **facts):
    known = {"id": "w1", "title": "桥上的人", "author": "宋知微", "site": "江畔晚报"}
    return Work(text=text, **(known | {"url": ADDRESS, "published": "2025-03-06"} | facts))


def draft(*lines, title="学院新闻", links=(), **fields):
    builder = DraftBuilder("text", links=list(links))
    builder.add("title", title, "标题")
    for number, line in enumerate(lines, 1):
        builder.add("body", line, f"第{number}段")
    for field, text in fields.items():
        builder.add(field, text, field)
    return builder.build()


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    return load_settings(tmp_path_factory.mktemp("home")).school


@pytest.fixture
def findings(school):
    def screen(post, *works):
        return ReproductionStage(Shelf(*works), school).screen(prepare(post)).findings

    return screen


@pytest.mark.parametrize(
    ("licence", "credit", "outcome", "attribution"),
    [
        ("unknown", "", "REP001 block", "missing"),
        ("unknown", "来源：网络，侵删", "REP001 block", "missing"),
        ("unknown", "编辑：黎小满 审核：郁青", "REP001 block", "missing"),
        ("unknown", "数据来源：江畔晚报", "REP001 block", "missing"),
        ("unknown", "来源：澜城日报", "REP002 block", "mismatched"),
        ("unknown", "本文为原创，未经许可不得转载", "REP002 block", "mismatched"),
        ("unknown", "来源：江畔晚报", "REP003 review", "incomplete"),
        ("unknown", "作者：宋知微", "REP003 review", "incomplete"),
        ("unknown", f"原文链接：{ADDRESS}", "REP003 review", "incomplete"),
        ("unknown", "来源：江畔晚报 作者：宋知微", "REP005 review", "complete"),
        ("unknown", "（来源：“江畔晚报”客户端 记者 宋知微）", "REP005 review", "complete"),
        ("forbidden", "来源：江畔晚报 作者：宋知微", "REP004 block", "complete"),
        ("forbidden", "来源：江畔晚报", "REP004 block", "incomplete"),
        ("forbidden", "", "REP001 block", "missing"),
        ("authorised", "来源：江畔晚报 作者：宋知微", "REP007 notice", "complete"),
        ("authorised", "来源：江畔晚报", "REP003 review", "incomplete"),
        ("authorised", "", "REP001 block", "missing"),
        ("own", "", "REP006 notice", "missing"),
        ("own", "来源：江畔晚报 作者：宋知微", "REP006 notice", "complete"),
    ],
)
def test_licence_and_credit_decide(findings, licence, credit, outcome, attribution):
    post = draft(OURS, BRIDGE, *filter(None, [credit]))
    (finding,) = findings(post, work(licence=Licence(licence)))

    assert f"{finding.rule} {finding.severity}" == outcome
    assert finding.evidence.attribution == attribution
    assert (finding.evidence.credit is None) == (attribution == "missing" and "网络" not in credit)


def test_public_documents_are_free(findings):
    assert findings(draft(OURS, BRIDGE), work(licence=Licence.PUBLIC)) == ()


def test_a_post_of_ones_own_is_let_be(findings):
    assert findings(draft(OURS, "文字：黎小满", "图片：郁青", "审核：顾长安"), work()) == ()


def test_finding_says_which_sentences_whose_and_what_to_write(findings):
    post = draft(OURS, BRIDGE, "来源：江畔晚报")
    (finding,) = findings(post, work())
    (passage,) = finding.evidence.passages

    assert post.text(finding.span).strip("。") == BRIDGE.strip("。")
    assert BRIDGE[passage.work_start : passage.work_end] == passage.text
    assert post.fields["body"][passage.start : passage.end] == passage.text
    assert finding.evidence.share == pytest.approx(len(BRIDGE) / post.characters, abs=0.1)
    assert "《桥上的人》（江畔晚报，宋知微，2025-03-06）" in finding.message
    assert "没有写明作者宋知微" in finding.message
    assert f"“来源：江畔晚报　作者：宋知微　原文链接：{ADDRESS}”" in finding.advice
    assert post.text(Span("body", finding.evidence.credit.start, finding.evidence.credit.end)) == (
        finding.evidence.credit.text
    )


def test_one_credit_at_the_foot_does_not_cover_two_works(findings):
    other = work(LIBRARY, id="w2", title="书屋", author="林疏影", site="澜城日报", url=None)
    first, second = findings(
        draft(BRIDGE, OURS, LIBRARY, "来源：江畔晚报 作者：宋知微"), work(), other
    )
    found = {f.evidence.work.id: f.evidence.attribution for f in (first, second)}
    assert found == {"w1": "complete", "w2": "missing"}


def test_each_work_has_its_own_credit_beside_it(findings):
    other = work(LIBRARY, id="w2", title="书屋", author="林疏影", site="澜城日报", url=None)
    post = draft(
        BRIDGE,
        "（来源：江畔晚报 作者：宋知微）",
        LIBRARY,
        "（来源：澜城日报 作者：林疏影）",
    )
    assert {f.evidence.attribution for f in findings(post, work(), other)} == {"complete"}


def test_the_credited_of_two_works_with_one_text_answers_for_it(findings):
    copy = work(id="w2", title="桥", site="澜城日报", author=None, published="2025-03-07")
    (finding,) = findings(draft(BRIDGE, "来源：澜城日报"), work(), copy)

    assert finding.evidence.work.id == "w2"
    assert finding.evidence.attribution == "complete"
    assert finding.evidence.also == ("《桥上的人》（江畔晚报，宋知微，2025-03-06）",)


def test_the_first_of_two_works_answers_where_none_is_credited(findings):
    copy = work(id="w2", site="澜城日报", published="2025-03-07")
    (finding,) = findings(draft(BRIDGE), copy, work())
    assert finding.evidence.work.id == "w1"


def test_a_reprint_among_the_schools_posts_is_still_another_s(findings):
    own = work(id="w2", licence=Licence.OWN, site="温州职业技术学院", published="2025-04-01")
    (finding,) = findings(draft(BRIDGE), work(), own)
    assert (finding.evidence.work.id, finding.rule) == ("w1", "REP001")


def test_a_source_named_in_the_works_own_text_will_do(findings):
    reprint = work(BRIDGE + "\n（来源：新华社）", site="人民网", author=None)
    (finding,) = findings(draft(OURS, BRIDGE, "来源：新华网"), reprint)
    assert finding.evidence.attribution == "complete"


def test_a_source_written_beside_what_was_copied_along(findings):
    reprint = work(BRIDGE + "\n记者：宋知微 来源：澜城日报\n" + LIBRARY)
    copied = [BRIDGE, "记者：宋知微 来源：澜城日报", LIBRARY]

    (alone,) = findings(draft(OURS, *copied), reprint)
    assert alone.evidence.attribution == "complete"

    (beside,) = findings(draft(OURS, *copied, OURS, "来源：青禾新闻"), reprint)
    assert f"{beside.rule} {beside.evidence.attribution}" == "REP003 incomplete"
    assert "却另写着“来源：青禾新闻”，两者不符" in beside.message


def test_source_and_author_on_two_lines_are_both_quoted(findings):
    (finding,) = findings(draft(OURS, BRIDGE, "来源：江畔晚报", OURS, "作者：宋知微"), work())
    assert finding.evidence.attribution == "complete"
    assert "稿中已署名“来源：江畔晚报”和“作者：宋知微”" in finding.message


@pytest.mark.parametrize(
    ("dateline", "outcome", "told"),
    [
        ("新华社澜城3月5日电（记者宋知微）", "REP005 complete", "稿中已署名"),
        ("新华社澜城3月5日电 ", "REP003 incomplete", "没有写明作者宋知微"),
        ("中新社澜城3月5日电 ", "REP001 missing", "没有为它署名"),
    ],
)
def test_a_dateline_tells_the_source(findings, dateline, outcome, told):
    (finding,) = findings(draft(OURS, dateline + BRIDGE), work(site="新华网"))
    assert f"{finding.rule} {finding.evidence.attribution}" == outcome
    assert told in finding.message


@pytest.mark.parametrize(
    ("site", "credit", "attribution"),
    [
        ("新华网", "来源：新华社", "complete"),
        ("新华社", "来源：新华社客户端", "complete"),
        ("人民日报", "来源：人民网", "mismatched"),
        ("人民网", "来源：人民日报", "mismatched"),
        ("新华社", "来源：新华日报", "mismatched"),
        ("央视网", "来源：央视新闻", "complete"),
        ("上观新闻", "来源：解放日报·上观新闻", "complete"),
        ("江畔晚报", "来源：江畔晚报·夜读", "complete"),
        ("江畔晚报", "來源：江畔晚報", "complete"),
        ("新华网", "来源：新华社客户端-PUSH新闻", "complete"),
        ("国防部发布", "来源：国防部", "complete"),
    ],
)
def test_names_of_one_house(findings, site, credit, attribution):
    (finding,) = findings(draft(OURS, BRIDGE, credit), work(site=site, author=None))
    assert finding.evidence.attribution == attribution


def test_a_link_behind_words_is_half_a_credit(findings):
    post = draft(OURS, BRIDGE, links=[Link("原文", ADDRESS + "?from=share")])
    (finding,) = findings(post, work())
    assert finding.evidence.attribution == "incomplete"
    assert "只有链接" in finding.message


def test_what_the_text_says_in_passing_is_no_wrong_credit(findings):
    (finding,) = findings(draft(OURS * 3, "据路透社报道，各地都在修桥。" + BRIDGE), work())
    assert finding.evidence.attribution == "missing"


def test_a_sentence_is_let_be(findings):
    long = "\n".join(f"第{number}天，我们在江边上课，{OURS}" for number in range(24))
    assert findings(draft(long + BRIDGE[:44]), work()) == ()


def test_a_byline_is_read(findings):
    (finding,) = findings(draft(OURS, BRIDGE, byline="来源：江畔晚报 作者：宋知微"), work())
    assert finding.evidence.attribution == "complete"


ALTERED = BRIDGE.replace("三千多名", "五千多名").replace("用了七年", "用了两年")


@pytest.mark.parametrize(
    ("licence", "outcome"),
    [
        ("authorised", "REP008 review"),
        ("unknown", "REP005 review"),
        ("forbidden", "REP004 block"),
        ("own", "REP006 notice"),
    ],
)
def test_what_was_changed_is_told(findings, licence, outcome):
    post = draft(ALTERED, "来源：江畔晚报 作者：宋知微", title="桥上的人")
    (finding,) = findings(post, work(licence=Licence(licence)))

    assert f"{finding.rule} {finding.severity}" == outcome
    if licence != "own":
        assert len(finding.evidence.altered) == 2
        for part in finding.evidence.altered:
            assert post.fields["body"][part.start : part.end] == part.draft
            assert part.work in BRIDGE
        assert "与原文不一致" in finding.message
        assert "转载不得改动原意" in finding.advice


def test_a_changed_title_of_a_reprint_is_told(findings):
    post = draft(BRIDGE, "来源：江畔晚报 作者：宋知微", title="新桥存在严重质量问题")
    (finding,) = findings(post, work(title="澜江新桥正式通车"))
    (part,) = finding.evidence.altered
    assert (part.kind, part.field, part.draft) == ("title", "title", post.title)


def test_a_faithful_reprint_shows_no_change(findings):
    post = draft(BRIDGE, "来源：江畔晚报 作者：宋知微", title="桥上的人")
    (finding,) = findings(post, work())
    assert finding.evidence.altered == ()


def test_a_little_is_looked_at_not_blocked(findings):
    long = "\n".join(f"第{number}天，我们在江边上课，{OURS}" for number in range(12))
    (finding,) = findings(draft(long + BRIDGE[:70]), work())
    assert (finding.rule, finding.severity) == ("REP009", "review")


def test_numbers_of_people_in_the_work_are_masked(findings):
    text = BRIDGE[:60] + "咨询电话 13800005678，找林老师。" + BRIDGE[60:]
    post = draft(OURS, text.replace("13800005678", "13900001234"))
    (finding,) = findings(post, work(text))
    assert "13800005678" not in repr(finding)


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (["新华社澜城3月5日电（记者宋知微）" + BRIDGE], "REP013"),
        (["央视网消息（新闻联播）：" + BRIDGE], "REP013"),
        (["本报讯（记者 宋知微）" + BRIDGE], "REP012"),
        ([BRIDGE, "江畔晚报记者 宋知微"], None),
        ([BRIDGE, "本报记者 宋知微"], "REP012"),
        (["点击上方蓝字关注“夜航船”", BRIDGE], "REP012"),
        ([BRIDGE, "更多精彩资讯请下载“江畔”客户端"], "REP012"),
        ([BRIDGE, "来源：网络"], "REP011"),
        ([BRIDGE, "转自网络，侵删"], "REP011"),
        (["新华社澜城3月5日电 " + BRIDGE, "来源：新华社"], None),
        (["温州职业技术学院新闻网讯（通讯员 宋知微）" + BRIDGE], None),
        (["本网讯（通讯员 宋知微）" + BRIDGE], None),
        ([BRIDGE, "文字：宋知微", "图片：顾长安", "审核：黎小满"], None),
        ([BRIDGE, "来源：文学院团委"], None),
        ([BRIDGE, "本文为原创，转载请联系后台"], None),
        ([BRIDGE, "资料仅供学习使用"], None),
    ],
)
def test_signs_of_a_reprint_of_no_known_work(findings, lines, rule):
    found = findings(draft(*lines))
    assert [finding.rule for finding in found] == ([rule] if rule else [])
    assert all(finding.severity is Severity.REVIEW for finding in found)


def test_signs_say_where_and_what(findings):
    post = draft(OURS, "本报讯（记者 宋知微）" + BRIDGE)
    (finding,) = findings(post)
    assert post.text(finding.span) == "本报讯（记者 宋知微）"
    assert finding.evidence.signs == ("dateline",)
    assert "本报讯" in finding.message


@pytest.mark.parametrize(
    ("dateline", "attribution", "told", "line"),
    [
        (
            "央视网消息（新闻联播）：",
            "incomplete",
            "说明了来源，没有写明作者",
            "来源：央视网　作者：原文所署的姓名",
        ),
        (
            "新华社澜城3月5日电（记者宋知微）",
            "complete",
            "说明了来源和作者（宋知微）",
            "来源：新华社　作者：宋知微",
        ),
    ],
)
def test_a_dateline_is_told_for_what_it_is(findings, dateline, attribution, told, line):
    post = draft(dateline + BRIDGE, "本报记者 黎小满")
    (finding,) = findings(post)
    assert finding.evidence.attribution == attribution
    assert finding.evidence.signs == ("dateline", "staff")
    assert finding.evidence.credit.text == post.text(finding.span)
    assert told in finding.message
    assert line in finding.advice


def test_pictures_of_the_network_are_a_finding(findings):
    (finding,) = findings(draft(OURS, "图片来源于网络", "文字：宋知微"))
    assert finding.rule == "REP010"
    assert findings(draft(OURS, "图片：宋知微", "题图来源：视觉中国")) == ()


def test_works_that_cannot_be_opened_pass_nothing(tmp_path):
    screener = Screener.from_home(tmp_path)
    works = UnreadableWorks(StoreError("W001", where="works", problem="索引文件不全"))
    screener._stages = (*screener._stages[:1], ReproductionStage(works, screener._school))
    screening = screener.screen(draft(OURS))

    (failure,) = screening.failures
    assert failure.stage == "reproduction"
    assert "W001" in failure.error
    assert screening.verdict == "review"
