"""Alterations: each kind found with both wordings in their places, faithful reprints left alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.stages.reproduction.alignment import Aligner
from screening.stages.reproduction.alterations import Alteration, Kind, alterations
from screening.stages.reproduction.titles import changed_title
from screening.text.normalise import normalise

HOST = "校园读书会本周照常进行，地点在图书馆二楼。\n"
WORK = (
    "云山学院12月5日举行技能节开幕式，校党委书记何青山说：“技能是立身之本，今年共有120名选手参赛。”"
    "据了解，比赛设三十五个项目，奖金总额为3.5万元，学校不允许任何人代替参赛。"
    "清河县的参赛队伍已经抵达温州，预计当晚气温下降5℃，报名人数比上年增长12%。"
    "技能节的吉祥物叫“小榫”，由木工专业的同学设计，名字取自一块刨花。开幕式后，木工房照常开放到晚上九点。"
)

ALTERED = [
    (Kind.NUMBER, "120名", "241名", "241", "120"),
    (Kind.NUMBER, "三十五个", "五十三个", "五十三", "三十五"),
    (Kind.NUMBER, "3.5万元", "3.5亿元", "3.5亿元", "3.5万元"),
    (Kind.NUMBER, "3.5万元", "35万元", "35万元", "3.5万元"),
    (Kind.NUMBER, "12%", "12‰", "12‰", "12%"),
    (Kind.NUMBER, "12%", "12个百分点", "12个百分点", "12%"),
    (Kind.DATE, "12月5日", "12月6日", "6日", "5日"),
    (Kind.DATE, "12月5日", "11月5日", "11月", "12月"),
    (Kind.NAME, "书记何青山说", "书记何清泉说", "何清泉", "何青山"),
    (Kind.NAME, "书记何青山说", "书记林远舟说", "林远舟", "何青山"),
    (Kind.NAME, "党委书记", "党委副书记", "副书记", "书记"),
    (Kind.NAME, "校党委书记", "校长", "校长", "校党委书记"),
    (Kind.PLACE, "清河县", "平阳县", "平阳县", "清河县"),
    (Kind.PLACE, "温州", "台州", "台州", "温州"),
    (Kind.NEGATION, "不允许", "允许", "学校允许", "学校不允许"),
    (Kind.NEGATION, "不允许", "禁止", "禁止", "不允许"),
    (Kind.NEGATION, "已经抵达", "尚未抵达", "尚未", "已经"),
    (Kind.NEGATION, "气温下降", "气温上升", "上升", "下降"),
    (Kind.QUOTATION, "“小榫”", "小榫", "小榫", "“小榫”"),
    (Kind.QUOTATION, "吉祥物", "“吉祥物”", "“吉祥物”", "吉祥物"),
]

FAITHFUL = [
    ("verbatim", lambda text: text),
    ("Chinese numerals", lambda text: text.replace("120", "一百二十").replace("三十五", "35")),
    ("other marks", lambda text: text.replace("“", "「").replace("”", "」").replace("，", ",")),
    ("traditional", lambda text: text.replace("学", "學").replace("县", "縣").replace("温", "溫")),
    ("other words", lambda text: text.replace("抵达", "到达").replace("预计", "预料")),
    ("a sentence less", lambda text: text.replace("技能节的吉祥物叫“小榫”，", "")),
    ("month left out", lambda text: text.replace("12月5日", "5日")),
    ("unit spelt out", lambda text: text.replace("12%", "百分之十二")),
    ("amount in full", lambda text: text.replace("3.5万元", "35000元")),
    ("line breaks", lambda text: text.replace("。", "。\n")),
    ("common words", lambda text: text.replace("代替", "替代").replace("据了解", "据悉")),
    ("idiom", lambda text: text.replace("照常", "不断")),
    ("zero-width", "\u200b".join),
]


def found(passage: str, work: str = WORK) -> tuple[Alteration, ...]:
    draft, known = normalise(HOST + passage), normalise(work)
    return alterations(draft, known, Aligner.of(draft).passages(known))


@pytest.mark.parametrize(
    ("kind", "words", "instead", "draft", "work"),
    ALTERED,
    ids=[f"{row[1]} {row[2]}" for row in ALTERED],
)
def test_altered(kind, words, instead, draft, work):
    passage = WORK.replace(words, instead)
    (alteration,) = found(passage)
    assert (alteration.kind, alteration.draft) == (kind, draft)
    assert alteration.work in (work, work.removeprefix("校"))
    text = HOST + passage
    assert text[alteration.start : alteration.end] == alteration.draft
    assert WORK[alteration.work_start : alteration.work_end] == alteration.work
    assert abs(alteration.start - text.index(instead)) <= 2 + len(instead)


@pytest.mark.parametrize("change", [row[1] for row in FAITHFUL], ids=[row[0] for row in FAITHFUL])
def test_faithful(change):
    assert found(change(WORK)) == ()


def test_each_of_several_changes_is_told_in_order():
    passage = WORK.replace("120", "241").replace("温州", "台州").replace("不允许", "允许")
    assert [a.kind for a in found(passage)] == [Kind.NUMBER, Kind.NEGATION, Kind.PLACE]


WORDINGS = [
    ("他提到技能大赛的成果表示满意", "他提到技能大赛的成绩表示满意", None),
    ("他在云山市白水区长城花园住", "他在云山市青石区长城花园住", Kind.PLACE),
    ("志愿服务持续了六十二年之久", "志愿服务持续了三十五年之久", Kind.NUMBER),
    ("故事发生在一九六二年的春天", "故事发生在一九六五年的春天", Kind.DATE),
    ("四川大学的老师也来观摩了", "浙江大学的老师也来观摩了", Kind.PLACE),
    ("远山大学的老师也来观摩了", "近水大学的老师也来观摩了", Kind.NAME),
]


@pytest.mark.parametrize(("draft", "work", "kind"), WORDINGS, ids=[row[0] for row in WORDINGS])
def test_what_kind_a_change_is_of(draft, work, kind):
    assert [a.kind for a in found(f"{WORK}{draft}。", f"{WORK}{work}。")] == [kind] * bool(kind)


def test_a_change_at_the_very_end_counts():
    work = WORK + "最后一名选手的编号为318。"
    (alteration,) = found(work.replace("318", "813"), work)
    assert (alteration.draft, alteration.work) == ("813", "318")


def test_another_document_of_the_same_form_is_no_altered_copy():
    rows = "".join(f"{place}最高气温{n}℃，最低气温{n - 7}℃，微风。" for n, place in enumerate(
        ("东岸", "西岸", "南坡", "北坡", "山顶", "谷口", "渡口", "桥头"), 12))  # fmt: skip
    other = "".join(chr(ord(char) + 1) if char in "12345678" else char for char in rows)
    draft, work = normalise(other), normalise(rows)
    assert alterations(draft, work, Aligner.of(draft).passages(work)) == ()


@given(st.randoms())
def test_alterations_lie_in_the_texts_and_repeat_their_wordings(rand):
    passage = list(WORK)
    for _ in range(rand.randint(1, 12)):
        passage[rand.randrange(len(passage))] = rand.choice("0123456789不没“”县市说，。十万")
    text = "".join(passage)
    for alteration in found(text):
        draft = HOST + text
        assert draft[alteration.start : alteration.end] == alteration.draft
        assert WORK[alteration.work_start : alteration.work_end] == alteration.work
        assert alteration.draft != alteration.work


@given(st.integers(0, 2**32))
def test_shuffled_and_shortened_copies_show_none(seed):
    chance = random.Random(seed)
    sentences = [part + "。" for part in WORK.split("。") if part]
    kept = chance.sample(sentences, chance.randint(3, len(sentences)))
    assert found("".join(kept)) == ()


TITLES = [
    ("云山学院举行技能节开幕式", "云山学院举行技能节开幕式", False),
    ("技能节开幕式举行", "云山学院举行技能节开幕式", False),
    ("【转载】云山学院举行技能节开幕式", "云山学院举行技能节开幕式", False),
    ("青春校园｜云山学院举行技能节开幕式", "云山学院举行技能节开幕式", False),
    ("云山学院举行技能节开幕式_云山日报", "云山学院举行技能节开幕式", False),
    ("云山学院举行技能节开幕式", "云山学院举行技能节开幕式 吉祥物亮相", False),
    ("云山学院120名选手参赛", "云山学院举行技能节开幕式", False),
    ("技能节120人参赛", "技能节241人参赛", True),
    ("学校允许代替参赛", "学校不允许代替参赛", True),
    ("震惊！云山学院举行技能节开幕式", "云山学院举行技能节开幕式", True),
    ("温州技能节开幕", "台州技能节开幕", True),
    ("一块刨花价值百万，木工发财了", "云山学院举行技能节开幕式", True),
    ("", "云山学院举行技能节开幕式", False),
    ("云山学院举行技能节开幕式", "", False),
    ("【】", "｜", False),
]


@pytest.mark.parametrize(
    ("title", "original", "changed"), TITLES, ids=[f"{a}<{b}" for a, b, _ in TITLES]
)
def test_titles(title, original, changed):
    alteration = changed_title(title, original, normalise(WORK))
    assert (alteration is not None) is changed
    if alteration is not None:
        assert (alteration.kind, alteration.field) == (Kind.TITLE, "title")
        assert title[alteration.start : alteration.end] == alteration.draft
        assert original[alteration.work_start : alteration.work_end] == alteration.work


def test_every_kind_has_a_word_for_people():
    assert all(kind.label and not kind.label.isascii() for kind in Kind)
