"""Validators: tables of what must stand and of near misses that must not."""

from __future__ import annotations

import pytest

from screening.stages.lexicon.validators import VALIDATORS

STANDS = {
    "citizen_id": [
        "330000200001010001",
        "33000020000101001x",
        "3300 0020 0001 0100 28",
        "330000-20000229-0009",
        "110000199001010005",
        "810000199001010000",
        "330000800101001",  # old, 15 digits
    ],
    "citizen_id_18": ["330000200001010036", "62000019900101000 5"],
    "citizen_id_shape": ["330000200001010000", "330000 19491001 000x"],
    "bank_card": [
        "6217000000000000004",
        "6217 0000 0000 0000 004",
        "6222020000000000000",
        "622200000000000009",
        "6217000000000006",
        "4000-0000-0000-0002",
        "4111  1111  1111  1111",
        "5100000000000008",
        "9558800000000000000",
    ],
    "bank_card_shape": ["6217000000000000001", "6222 0000 0000 0000 000"],
    "mobile": [
        "13800000000",
        "138-0000-0000",
        "138 0000 0000",
        "+86 19900000000",
        "+8616600000000",
        "86-17000000000",
        "14700000000",
    ],
    "landline": ["0577-86680000", "010-60000000", "(0577)86680000", "86680000", "0755 26000000"],
    "passport": ["e00000001", "g00000001", "ea0000001", "pe0000001", "h00000001"],
    "permit": ["c00000001", "ca0000001", "h0000000101", "w00000001", "t00000001"],
    "hong_kong_id": ["a123456(3)", "a1234563", "ab000000(9)"],
    "macau_id": ["1000000(0)", "50000000"],
    "taiwan_id": ["a123456789", "b200000004"],
    "plate": [
        "浙c00001",
        "浙c·00001",
        "浙cd00001",
        "京a1234警",
        "浙c000a1",
        "浙c00000d",
        "粤z0000港",
    ],
    "email": ["zhangsan@example.com", "li.si-2020@mail.example.cn", "10000@qq.com", "a@b.cn"],
    "personal_email": ["zhangsan@163.com", "10000@qq.com", "li_si@example.com"],
    "student_number": ["2023000001", "s20230001", "20230000123", "0000123"],
    "qq": ["10000", "1000000001"],
    "wechat": ["wx_zhangsan", "abc12345", "13800000000"],
    "ip_private": ["10.20.30.40", "172.16.0.8:8080", "192.168.20.6", "100.64.1.2", "10.0.0.0/8"],
    "password_value": ["wzpt@2024", "12345678", "“admin888”", "abcd"],
}

FALLS = {
    "citizen_id": [
        "330000200001010002",  # check digit
        "000000200001010001",  # region
        "330000200013010001",  # month
        "330000190002290001",  # 1900 was no leap year
        "330000300001010001",  # year
        "111111111111111111",
        "33000020000101001",  # 17 digits
        "330000801301001",  # old, month
        "330000**********01",
        "",
    ],
    "citizen_id_18": ["330000800101001", "330000200001010002"],
    "citizen_id_shape": ["990000200001010000", "330000200002300000", "3300002000010100"],
    "bank_card": [
        "6217000000000000001",  # Luhn
        "1234567890123456",
        "4000000000000",  # 13 digits
        "8000000000000000",  # issuer
        "620000199001010005",  # a citizen number of Gansu
        "6222********0000",
    ],
    "bank_card_shape": ["620000199001010005", "1234567890123456", "62170000"],
    "mobile": [
        "12800000000",
        "15400000000",
        "1380000000",
        "138000000000",
        "138****0000",
        "057786680000",
        "16100000000",
        "19400000000",
    ],
    "landline": ["13800000000", "119", "96110", "0577-1668000", "4001234567"],
    "passport": ["12345678", "g0000001", "e000000001", "eo0000001", "ab0000001"],
    "permit": ["c0000001", "a00000001", "1234567"],
    "hong_kong_id": ["a123456(4)", "a12345(6)", "1234567"],
    "macau_id": ["2000000(0)", "100000(0)"],
    "taiwan_id": ["a123456788", "a323456789", "1234567890"],
    "plate": ["浙江00001", "浙i00001", "浙c0001", "浙cabcde", "国a00001", "苏abcd12"],
    "email": ["@example.com", "zhangsan@", "a@b", "zhang san@163.com", "微博@校园广播站", ""],
    "personal_email": [
        "zhangsan@example.edu.cn",
        "xcb@school.gov.cn",
        "service@example.com",
        "hr@a.cn",
    ],
    "student_number": ["13800000000", "12345", "二〇二三"],
    "qq": ["0123456", "1234", "123456789012"],
    "wechat": ["abc", "1abcdef", "微信"],
    "ip_private": [
        "8.8.8.8",
        "192.168.1.1",
        "172.32.0.1",
        "10.20.300.4",
        "11.0.0.1",
        "10.20.30",
        "2024.10.01",
    ],
    "password_value": ["******", "xxxx", "123", "password", "your_token", ""],
}


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in table.items() for text in texts]


def test_every_validator_has_both_kinds_of_examples():
    assert set(STANDS) == set(FALLS) == set(VALIDATORS)


@pytest.mark.parametrize(("name", "text"), cases(STANDS))
def test_stands(name, text):
    assert VALIDATORS[name](text)


@pytest.mark.parametrize(("name", "text"), cases(FALLS))
def test_falls(name, text):
    assert not VALIDATORS[name](text)
