"""Evasive spellings: each kind is found and named, and real words are left alone."""

import pytest
from msgspec.structs import replace

from screening.draft import DraftBuilder
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.evasion import spellings
from screening.stages.lexicon.rules import SPELLINGS
from screening.stages.lexicon.stage import LexiconStage
from screening.text import prepare


@pytest.fixture(scope="module")
def evasive(lexicon):
    """A stage with one rule, 赌博, that asks for every evasion."""
    rule = replace(
        lexicon.rule("ILL001"), terms=("赌博",), unless=(), excuses=(), evasions=SPELLINGS[1:]
    )
    return LexiconStage(compile_lexicon(replace(lexicon, rules=(rule,))), 1.0)


def found(stage, text):
    builder = DraftBuilder("text")
    builder.add("body", text, "第1段")
    draft = builder.build()
    findings = stage.screen(prepare(draft)).findings
    return [(draft.text(finding.span), finding.evidence.variant) for finding in findings]


HITS = [
    ("线上赌博平台", "赌博", "plain"),
    ("线上堵博平台", "堵博", "homophone"),
    ("线上赌搏平台", "赌搏", "homophone"),
    ("线上赌缚平台", "赌缚", "lookalike"),
    ("线上赌bo平台", "赌bo", "pinyin"),
    ("线上ＤＵ博平台", "ＤＵ博", "pinyin"),
    ("线上贝者博平台", "贝者博", "split"),
    ("线上赌赌博平台", "赌赌博", "repeat"),
    ("线上赌赌博博平台", "赌赌博博", "repeat"),
    ("线上赌-博平台", "赌-博", "separator"),
]


@pytest.mark.parametrize(("text", "words", "variant"), HITS)
def test_hits(evasive, text, words, variant):
    assert found(evasive, text) == [(words, variant)]


MISSES = [
    ("他在线上读博士课程", "a word begins inside it"),
    ("今天独播一部剧", "a real word"),
    ("Dubo is a name", "a Latin word that is longer by one letter than nothing"),
    ("堵，博物馆门口堵车", "two sentences' worth of other words"),
    ("出行易堵，博主提醒绕行", "across words"),
]


@pytest.mark.parametrize(("text", "why"), MISSES)
def test_near_misses(evasive, text, why):
    assert found(evasive, text) == [], why


def test_no_spelling_is_the_term_itself():
    for kind in SPELLINGS[1:]:
        made = list(spellings("代考", [kind]))
        assert made
        assert all(name == kind and key != "代考" for key, name in made)


def test_a_stroke_that_parts_words_stands_for_no_character():
    assert "丶" not in "".join(spelling for spelling, _ in spellings("主播", ["homophone"]))


def test_a_rule_that_does_not_ask_is_found_as_it_stands_only(lexicon):
    rule = replace(lexicon.rule("ILL001"), terms=("赌博",), unless=(), excuses=())
    stage = LexiconStage(compile_lexicon(replace(lexicon, rules=(rule,))), 1.0)
    assert found(stage, "线上堵博平台、贝者博、赌bo") == []
