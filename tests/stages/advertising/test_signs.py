"""Signs: what is found, what looks like it and is not, and where it stands."""

import pytest

from screening.errors import RulesError
from screening.stages.advertising.signs import signs_of


@pytest.mark.parametrize(
    ("text", "sign", "words"),
    [
        ("咨询请打138-0000-1234。", "mobile", "138-0000-1234"),
        ("电话１３８ ００００ １２３４", "mobile", "１３８ ００００ １２３４"),
        ("热线 400-000-1234 随时接听", "hotline", "400-000-1234"),
        ("办公电话0577-0000 1220。", "landline", "0577-0000 1220"),
        ("加V信 yantu_luo07 领资料", "account", "yantu_luo07"),
        ("薇❤：yanmu0000vip", "account", "yanmu0000vip"),
        ("扣扣：10000 321", "account", "10000 321"),
        ("VX：abc_0000", "account", "abc_0000"),
        ("微信号 driver-0000", "account", "driver-0000"),
        ("全场五 折", "discount", "五 折"),
        ("全场5.5折起", "discount", "5.5折"),
        ("报名立減300", "discount", "減300"),
        ("只要2680，包教包会", "price", "只要2680"),
        ("￥ 99 起", "price", "99"),
        ("一份15元", "price", "15元"),
        ("前20名免费", "scarcity", "前20名"),
        ("名*额*有*限", "scarcity", "名*额*有*限"),
        ("快抢‼️", "lively", "‼"),
        ("帮我助力一下", "discount", "帮我助力"),
        ("一次包过", "promise", "包过"),
        ("永久免费", "absolute", "永久免费"),
        ("后勤服务中心\n总务处\n2026年11月20日", "issuer", "处\n2026年11月20"),
        ("【广告】", "marked", "广告"),
        ("正文\n广告", "marked", "广告"),
        ("以上内容为广告。", "marked", "内容为广告。"),
        ("去 https://item.taobao.com/a?id=1 看", "shop-link", "https://item.taobao.com/a?id=1"),
        ("复制￥abcDEF12345￥打开", "shop-link", "abcDEF12345"),
        ("温职教〔2026〕12号", "document", "2026〕12号"),
        ("温州职业技术学院", "school-self", "温州职业技术学院"),
        ("见 jwc.example.edu.cn", "school-link", "example.edu"),
    ],
)
def test_a_sign_is_found_where_it_stands(found_signs, text, sign, words):
    assert (sign, words) in found_signs(text)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("学号20260000123456", "mobile"),
        ("订单号a13800001234", "mobile"),
        ("微信公众号“校园之声”", "account"),
        ("显微镜 cx-20000", "account"),
        ("qq群里通知", "account"),
        ("打了个折叠", "discount"),
        ("助力乡村振兴", "discount"),
        ("礼包过期", "promise"),
        ("永久全面战略伙伴", "absolute"),
        ("所做工作", "product"),
        ("路程减少3公里", "discount"),
        ("2026年元旦", "price"),
        ("3块石板", "price"),
        ("目前20名同学", "marked"),
        ("广告学专业招生", "marked"),
        ("第12号楼", "document"),
        ("到处2026人", "issuer"),
        ("升本研究中心\n2026年11月20日", "issuer"),
        ("电子商务课讲淘宝运营", "shop-link"),
    ],
)
def test_what_only_looks_like_a_sign_is_left(found_signs, text, sign):
    assert sign not in [name for name, _ in found_signs(text)]


def test_traditional_characters_and_separators_are_seen_through(found_signs):
    assert ("discount", "優·惠") in found_signs("今日優·惠")


def test_hits_do_not_run_from_one_field_into_the_next(found_signs):
    assert "discount" not in [name for name, _ in found_signs("惠民工程", title="名优")]


def test_a_table_that_is_no_sign_is_refused():
    with pytest.raises(RulesError, match="L007"):
        signs_of([{"id": "x", "label": "x", "direction": "up"}])
