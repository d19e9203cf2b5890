"""What may be registered, rule by rule."""

from __future__ import annotations

import pytest
from college import RECORDS
from msgspec.structs import replace

from screening.errors import RegistryError
from screening.registry.records import Account, Department, Person, Post, Role, Standing
from screening.registry.registry import Registry
from screening.registry.rules import check

WECHAT = Account("jd-wechat", "机电青年", "微信公众号", 2, "jd")


def registry_with(record):
    return Registry.of([*RECORDS, record])


@pytest.mark.parametrize(
    "record",
    [
        Department("lib", "图书馆", "机关党总支"),
        Person("xin", "新人", (Post(Role.EDITOR, "jd"),)),
        Person("xin", "新人"),
        Account("jd-douyin", "机电青年", "抖音", 2, "jd"),
        replace(WECHAT, administrator="zhao", responsible="wang"),
        Account("jd-2", "机电技协", "微信公众号", 2, "jd", note="宣传部同意，2026年3月"),
        Account("jd-3", "经济学院和机电学院", "微信公众号", 2, "jd", note="联合开办，已备案"),
        replace(WECHAT, state=Standing.CLOSED),
        Account("paper", "校报", "抖音", 1, "xcb"),
        Account("paper", "校报", "抖音", 1, "jd", state=Standing.CLOSED),
        Account("jd-9", "机电学院青年", "微博", 2, "jd"),
    ],
)
def test_what_may_be_registered(record):
    check(record, registry_with(record))


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        (Department("a b", "图书馆"), "编号只能用"),
        (Department("", "图书馆"), "编号只能用"),
        (Department("机电", "图书馆"), "编号只能用"),
        (Department("x" * 41, "图书馆"), "编号只能用"),
        (Department("lib", ""), "不能为空"),
        (Department("lib", "馆" * 101), "不能超过"),
        (Department("lib", "图书\u200b馆"), "看不见"),
        (Department("lib", "图书馆 "), "看不见"),
        (Department("lib", "机 电 学 院"), "与部门 jd 同名"),
        (Department("jd", "机电学院", state=Standing.CLOSED), "没注销的账号 jd-wechat"),
        (Person("xin", "张三13800000000"), "不要写号码"),
        (Person("xin", "新人", (Post(Role.HEAD, "nowhere"),)), "没有登记部门"),
        (Account("a", "青年", "微博", 3, "jd"), "级别应为"),
        (Account("a", "青年", "微博", 2, "nowhere"), "没有登记部门"),
        (Account("a", "校报", "微博", 1, "jd"), "由宣传部直接管理（第5条），部门应是 xcb"),
        (Account("a", "青年", "", 2, "jd"), "平台不能为空"),
        (Account("a", "机电技协", "微信公众号", 2, "jd"), "已有账号 jd-wechat"),
        (Account("a", "机电技协", "微 信公众号", 2, "jd"), "已有账号 jd-wechat"),
        (Account("a", "机电 青年", "微信公众号", 2, "xcb", note="x"), "同名或形近"),
        (Account("a", "经济学院同学会", "微博", 2, "jd"), "别的部门“经济学院”"),
        (Account("a", "經濟學院同学会", "微博", 2, "jd"), "别的部门“经济学院”"),
        (replace(WECHAT, administrator="nobody"), "没有登记人员"),
        (replace(WECHAT, administrator="li"), "不是这个部门在任的平台管理员"),
        (replace(WECHAT, responsible="qian"), "不是这个部门在任的部门负责人"),
    ],
)
def test_what_may_not(record, problem):
    with pytest.raises(RegistryError) as caught:
        check(record, registry_with(record))
    assert problem in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_closed_account_makes_room_for_another():
    closed = replace(WECHAT, state=Standing.CLOSED)
    record = Account("new", "机电青年", "微信公众号", 2, "jd")
    check(record, Registry.of([*RECORDS, closed, record]))
