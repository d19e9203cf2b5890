"""Labelled texts: the project's own are sound, a school's are read or refused with a reason."""

import json
from collections import Counter

import pytest

from screening.errors import ModelError
from screening.stages.advertising.texts import held_back, read_decisions, read_table


def test_the_texts_are_many_and_distinct(texts):
    kinds = Counter(text.kind for text in texts)
    assert set(kinds) == {"commercial", "soft", "school", "neither"}
    assert len(texts) >= 1600
    assert len({text.trade for text in texts if text.is_advertising}) >= 30
    bodies = Counter("".join((text.title + text.text).split()) for text in texts)
    assert [body for body, count in bodies.items() if count > 1] == []


def test_what_is_held_back_shares_no_trade_and_no_manner(texts):
    learnt, held = held_back(texts, ["dental"], ["speech"])
    assert len(learnt) + len(held) == len(texts)
    assert held
    assert not [t for t in learnt if t.trade == "dental" or t.manner == "speech"]


def test_a_school_may_write_in_chinese_and_in_gbk(tmp_path):
    path = tmp_path / "本校稿件.csv"
    path.write_bytes("类别,标题,正文\n软文,好物,室友都来问链接\n其他,,今天下雨\n".encode("gb18030"))
    first, second = read_table(path)
    assert (first.kind, first.title, first.text) == ("soft", "好物", "室友都来问链接")
    assert (second.kind, second.id, second.trade) == ("neither", "本校稿件-3", "本校稿件")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("标题,正文\n甲,乙\n", "缺少"),
        ("类别,正文\n广而告之,乙\n", "没有类别“广而告之”"),
        ("类别,正文\n软文,\n", "正文是空的"),
    ],
)
def test_a_faulty_table_is_refused(tmp_path, content, problem):
    path = tmp_path / "稿件.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(ModelError, match=problem):
        read_table(path)


def test_judgements_become_labels(tmp_path):
    rows = [
        {"rule": "ADV001", "decision": "confirmed", "text": "全场五折"},
        {"rule": "ADV002", "decision": "属实", "text": "用了两个月"},
        {"rule": "ADV002", "decision": "dismissed", "text": "食堂新菜"},
        {"rule": "SEC001", "decision": "confirmed", "text": "与广告无关"},
    ]
    path = tmp_path / "判断.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", "utf-8")
    assert [text.kind for text in read_decisions(path)] == ["commercial", "soft", "neither"]


@pytest.mark.parametrize(
    "line", ["不是 JSON", "[]", '{"text": "甲"}', '{"text": "甲", "decision": "?"}']
)
def test_a_faulty_judgement_is_refused(tmp_path, line):
    path = tmp_path / "判断.jsonl"
    path.write_text(line, "utf-8")
    with pytest.raises(ModelError, match="第 1 行"):
        read_decisions(path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ModelError, match="M003"):
        read_table(tmp_path / "没有.csv")
