"""Credit lines in all their written forms: who is named, where, and for which text."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from screening.stages.reproduction.credit import CreditKind
from screening.stages.reproduction.credits import read_credits
from screening.stages.reproduction.name_forms import is_body, is_person, is_press, name_key
from screening.text.normalise import normalise

TABLE = Path(__file__).parent / "credit_lines.csv"


def read(text, field="body"):
    return read_credits(normalise(text), field)


def rows():
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        return [
            pytest.param(row, id=f"{row['text'][:24]}-{number}")
            for number, row in enumerate(csv.DictReader(file))
        ]


def said(found_credits):
    """What credits say, in the columns of the table."""
    found = {"sources": set(), "authors": set(), "pictures": set(), "other": set()}
    for credit in found_credits:
        if credit.kind is CreditKind.PICTURE:
            found["pictures"].update(map(name_key, credit.sources))
            found["other"].update({"empty-picture"} if credit.empty else ())
            continue
        found["sources"].update(map(name_key, credit.sources))
        found["authors"].update(map(name_key, credit.authors))
        found["other"].update({"link"} if credit.links else ())
        if credit.kind is not CreditKind.TEXT:
            found["other"].add(credit.kind.value)
        elif credit.empty:
            found["other"].add("empty")
    return found


@pytest.mark.parametrize("row", rows())
def test_line_is_read(row):
    expected = {
        name: {part if name == "other" else name_key(part) for part in row[name].split("|") if part}
        for name in ("sources", "authors", "pictures", "other")
    }
    assert said(read(row["text"].replace("\\n", "\n"))) == expected


def test_table_is_large_enough():
    assert len(rows()) >= 150


def test_credit_stands_where_it_says():
    text = "桥三月通车。\n（来源：澜城日报  记者 周小禾）\n谢谢。"
    (credit,) = read(text)

    assert text[credit.start : credit.end] == "来源：澜城日报  记者 周小禾"
    assert credit.sources == ("澜城日报",)
    assert credit.authors == ("周小禾",)


def test_names_keep_their_wording():
    (credit,) = read("來源：CCTV－13　中國之聲")
    assert credit.sources == ("CCTV－13", "中國之聲")


LONG = "三月里，江上的桥通了车，两岸的人都来看，桥头站满了人，" * 5


def test_a_credit_at_the_foot_speaks_for_all():
    text = "\n".join([LONG] * 12 + ["来源：江畔晚报"])
    (credit,) = read(text)
    assert credit.covers("body", 0, 10)
    assert not credit.covers("notes", 0, 10)


def test_a_credit_beside_a_passage_speaks_up_to_its_neighbours():
    parts = [LONG] * 8 + [LONG + "（来源：江畔晚报）"] + [LONG] * 8 + [LONG + "（来源：澜城日报）"]
    text = "\n".join([*parts, *[LONG] * 8])
    first, second = read(text)

    assert first.covers("body", 0, 10)
    assert first.covers("body", first.end + 20, first.end + 30)
    assert not first.covers("body", second.end + 20, second.end + 30)
    assert second.covers("body", second.end + 20, second.end + 30)
    assert not second.covers("body", 0, 10)


def test_credits_on_following_lines_speak_for_the_same_text():
    text = "\n".join([*[LONG] * 8, "作者：宋知微", "来源：江畔晚报", *[LONG] * 8])
    author, source = read(text)
    assert author.covers("body", 0, 10)
    assert source.covers("body", 0, 10)


def test_a_byline_speaks_for_the_body():
    (credit,) = read("来源：江畔晚报", "byline")
    assert credit.covers("body", 5, 10)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("人民日报", "《人民日报》"),
        ("人民日报", "“人民日报”微信公众号"),
        ("人民日报", "人民日报客户端"),
        ("人民日报", "人民日報（ID:rmrbwx）"),
        ("宋知微", "记者 宋知微"),
        ("宋知微", "宋知微 摄"),
        ("China Daily", "china daily"),
    ],
)
def test_same_name(left, right):
    assert name_key(left) == name_key(right)


@pytest.mark.parametrize(
    ("left", "right"), [("人民日报", "人民网"), ("新华社", "新华日报"), ("宋知微", "宋知")]
)
def test_different_names(left, right):
    assert name_key(left) != name_key(right)


@pytest.mark.parametrize("name", ["宋知微", "宋微", "欧阳知微", "阿不都·热合曼"])
def test_person(name):
    assert is_person(name)


@pytest.mark.parametrize("name", ["江畔晚报", "同学们", "文汇报", "宋", "澜城大学", "好消息"])
def test_no_person(name):
    assert not is_person(name)


def test_bodies_and_press():
    assert is_body("澜城大学文学院")
    assert not is_press("澜城大学文学院")
    assert is_press("江畔晚报")
    assert not is_press("情况通报")


@given(
    st.text(
        alphabet="来源：作者文图摄记转自据报道（）《》“”、 \n|丨江畔晚报宋知微http://a.cn原创侵删",
        max_size=120,
    )
)
def test_any_text_is_read_in_bounds(text):
    for credit in read(text):
        assert 0 <= credit.start < credit.end <= len(text)
        assert 0 <= credit.region[0] <= credit.region[1] <= len(text)


def test_a_hostile_line_takes_no_long():
    for line in ("来源：" * 20000, "（" * 50000, "据" * 50000, "记者 " * 20000, "《" * 50000):
        read(line)
        read("\n".join(line[:80] for _ in range(300)))


@pytest.mark.parametrize(
    "text",
    [
        "来源：江畔晚报　作者：宋知微\n{long}",
        "{long}\n（江畔晚报记者 宋知微）",
        "新华社北京3月5日电（记者 宋知微）灯会开幕。{long}",
        "{long}（来源：江畔晚报）\n图/顾长安",
    ],
    ids=["at the head", "at the foot", "dateline", "within a long line"],
)
def test_what_stands_alone_is_the_same_when_nothing_else_is_read(text):
    long = "据江畔晚报报道，桥上的灯亮了一夜，" + "守桥的人一盏一盏地看过去，" * 8 + "天亮才走。"
    whole = normalise(text.format(long=long))
    everything = [replace(c, region=None) for c in read_credits(whole) if c.stands_alone]
    alone = [replace(c, region=None) for c in read_credits(whole, alone=True)]
    assert alone == everything
    assert any(not c.stands_alone for c in read_credits(whole))
