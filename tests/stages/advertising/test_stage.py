"""What is taken for advertising, what is left alone, and what is said about it."""

import pytest
from advertising_drafts import draft_of
from hypothesis import given
from hypothesis import strategies as st

from screening.draft import Span
from screening.finding import Category, Severity
from screening.text import prepare

NEWS = """本报讯 十一月八日，机电学院在实训楼举行第六届技能竞赛闭幕式，十二个班级二百多人参加。
竞赛分设备装调、数控车削和电气控制三个项目，由企业工程师和专业教师共同担任裁判。
学院副院长在总结时说，比赛不是为了分出高低，而是让每个人看到自己的差距。
"""
ADVERT = (
    "【远帆驾校】校园团购价只要2680元，三人同行立减300元，名额仅剩7个，先到先得！"
    "不过退费，全城最低价，加微信 yuanfan_0000 或打138-0000-1234，扫码下单就送体验券。"
)
SOFT = """去年冬天我的脸干得像砂纸，图书馆暖气一吹，笑一下都疼。室友把她那罐青屿面霜推给我。
我本来不信这些，用了两个月，起皮没有了，妈妈视频里问我是不是谈恋爱了。
后来才知道老板娘也是我们学校毕业的，店开在南门那条巷子里，去了说是学妹，她会多给两片面膜。
"""


def rules(found):
    return [finding.rule for finding in found]


def test_an_advertisement_is_found_with_its_reasons(screen):
    draft, found = screen(ADVERT, title="秋季招生")
    first = found[0]
    assert (first.rule, first.category) == ("ADV001", Category.ADVERTISING)
    assert first.severity.rank >= Severity.REVIEW.rank
    assert first.basis[0].label == "第22条第6项"
    evidence = first.evidence
    assert evidence.kind == "commercial"
    assert evidence.score >= evidence.threshold
    assert not evidence.marked
    assert set(evidence.contacts) == {"yuanfan_0000", "138-0000-1234"}
    assert len(evidence.features) >= 4
    for feature in evidence.features:
        assert draft.fields[first.span.field][feature.start : feature.end] == feature.text
    weights = [feature.weight for feature in evidence.features if feature.weight > 0]
    assert weights == sorted(weights, reverse=True)


def test_a_soft_article_is_called_one(screen):
    _, found = screen(SOFT)
    assert found[0].rule == "ADV002"
    assert found[0].evidence.kind == "soft"


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_one_paragraph_in_a_campus_story_is_found_where_it_stands(screen, place):
    lines = (NEWS * 3).strip().split("\n")
    lines.insert(place * 3, ADVERT)
    draft, found = screen("\n".join(lines))
    start = draft.fields["body"].index(ADVERT)
    assert found
    assert found[0].rule == "ADV001"
    span = found[0].span
    assert abs(span.start - start) <= 40
    assert abs(span.end - (start + len(ADVERT))) <= 40
    assert "这一段" in found[0].message


@pytest.mark.parametrize(
    "text",
    [
        NEWS,
        "各二级学院：学校定于12月5日上午在体育馆举办冬季双选会，186家单位提供岗位四千余个，"
        "毕业生凭校园卡入场，不收取任何费用。"
        "报名回执请于12月1日前交就业指导中心，电话0577-0000 1220。",
        "食堂三楼本周推出新菜：番茄牛腩饭12元，砂锅粉8元，均由膳食委员会核定价格。意见请交后勤服务中心。",
        "警方提醒：凡称“刷单日结、先垫付后返佣”的都是诈骗，请勿扫码、请勿转账，遇到可疑情况拨打96110。",
        "市场营销课上，老师请同学们分析“限时特惠、最后三天”一类促销语为什么有效，又误导了谁。",
        "校青年志愿者协会义卖所得3260元全部捐给山区小学，账目在公示栏公示一周。",
        "图书馆引进的外文数据库开通试用，校园网内直接访问，试用期至12月31日，欢迎师生提出意见。",
        "2026年招生章程：普通专业学费每学年6000元，住宿费1200元，按物价部门核定的标准收取。",
    ],
)
def test_the_schools_own_business_is_left_alone(screen, text):
    _, found = screen(text)
    assert rules(found) == []


def test_absolute_claims_are_named_where_the_text_sells_only(screen):
    draft, found = screen(ADVERT)
    claims = {draft.text(f.span) for f in found if f.rule == "ADV003"}
    assert "全城最" in claims or "最低价" in claims
    _, found = screen("我省最大的风电机组并网，这是全国首台、全球单机容量最大的机组，排名第一。")
    assert rules(found) == []


def test_a_claim_is_named_once(screen):
    _, found = screen(ADVERT + "\n" + ADVERT)
    messages = [f.message for f in found if f.rule == "ADV003"]
    assert len(messages) == len(set(messages))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"body": "教材见 https://item.taobao.com/a?id=1 ，自愿购买。"},
            "https://item.taobao.com/a?id=1",
        ),
        ({"body": "见文末。", "links": "https://weidian.com/x"}, "https://weidian.com/x"),
    ],
)
def test_a_shops_address_without_a_mark_is_named_anywhere(screen, fields, words):
    draft, found = screen(**fields)
    shop = next(f for f in found if f.rule == "ADV004")
    assert draft.text(shop.span) == words
    assert shop.severity is Severity.REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "广告\n教材见 https://item.taobao.com/a?id=1 ，自愿购买。",
        "警惕假冒网站 https://item.taobao.com/a?id=1 ，切勿付款。",
        "电子商务课用淘宝、京东的公开数据做分析。",
    ],
)
def test_a_marked_or_warned_of_address_is_not(screen, text):
    _, found = screen(text)
    assert "ADV004" not in rules(found)


def test_marking_does_not_allow_advertising(screen):
    _, found = screen("【广告】\n" + ADVERT)
    assert found[0].rule == "ADV001"
    assert found[0].evidence.marked


def test_sellers_numbers_are_secret(stage):
    draft = draft_of(ADVERT)
    secrets = {draft.text(span) for span in stage.screen(prepare(draft)).secrets}
    assert secrets == {"yuanfan_0000", "138-0000-1234"}


def test_what_an_office_of_the_school_has_signed_is_for_a_person_to_judge(screen):
    _, found = screen(ADVERT)
    assert found[0].severity is Severity.BLOCK
    _, found = screen(ADVERT + "\n继续教育学院\n2026年11月20日")
    assert found[0].severity is Severity.REVIEW


def test_the_message_names_telling_words_and_what_they_are(screen):
    _, found = screen(ADVERT)
    assert "“" in found[0].message
    assert any(label in found[0].message for label in ("优惠“", "价格“", "限时限量“", "招呼"))


@pytest.mark.parametrize("disguise", ["·", " ", "\u200b", "*", "、"])
def test_separators_do_not_hide_it(screen, disguise):
    text = ADVERT.replace("团购", f"团{disguise}购").replace("微信", f"微{disguise}信")
    text = text.replace("立减", f"立{disguise}减").replace("名额", f"名{disguise}额")
    assert rules(screen(text)[1])[0] == "ADV001"


@pytest.mark.parametrize("field", ["captions", "hidden", "footer", "notes"])
def test_every_field_that_people_see_is_judged(screen, field):
    _, found = screen("今天校园里的银杏黄了。", **{field: ADVERT})
    assert found[0].span.field == field


@pytest.mark.parametrize("text", ["", " ", "\n\n", "。", "a", "\ud800", "\u200b"])
def test_nothing_to_judge_is_no_finding(screen, text):
    assert screen(text)[1] == ()


@given(st.text(max_size=200) | st.text(alphabet="加微信扫码v0138五折优惠。\n学校 *", max_size=300))
def test_any_text_is_judged_and_every_span_holds(stage, text):
    draft = draft_of(text.replace("\r", " "))
    for finding in stage.screen(prepare(draft)).findings:
        span = finding.span
        assert isinstance(span, Span)
        assert 0 <= span.start <= span.end <= len(draft.fields[span.field])
