"""The shipped lexicon keeps every promise that it makes."""

from collections import Counter
from functools import cache

import pytest
from opencc import OpenCC

from screening.draft import DraftBuilder
from screening.finding import Category
from screening.regulation import load_regulation
from screening.settings import load_settings
from screening.stages.lexicon.check import check_lexicon
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.evasion import spellings
from screening.stages.lexicon.load import load_lexicon
from screening.stages.lexicon.rules import SPELLINGS, TermRule
from screening.stages.lexicon.stage import LexiconStage
from screening.text import prepare
from screening.text.normalise import squeezed_key

#: neutral text around a term; the sentence ends keep its ends on word boundaries
BEFORE, AFTER = "如下。", "。以上。"
SEPARATORS = [" ", "·", "-", "*", "😀", "/", "_"]
#: evasive spellings tried of each kind and rule, spread over all that there are
SAMPLE = 6
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return load_lexicon(load_settings(tmp_path_factory.mktemp("home")).school, load_regulation())


@pytest.fixture(scope="module")
def stage(shipped):
    return LexiconStage(compile_lexicon(shipped), 5.0)


def test_every_example_holds(shipped):
    assert check_lexicon(shipped, 5.0) == []


USE = [
    ("严禁买卖银行卡。高价收银行卡，加微信abc12345。", "高价收银行卡"),
    ("谨防假冒，刷单返利日结，手机13800000000。", "刷单返利"),
    ("高价收购银行卡，手机13800000000，绝不是诈骗。", "高价收购银行卡"),
    ("四级全套答案，开考前半小时进群拿，保真。", "四级全套答案，开考前"),
]
MENTION = [
    "严禁出借银行卡，手机13800000000。",
    "严禁出借、出租银行卡，举报电话：13800000000。",
    "切勿出租银行卡，如有疑问请联系辅导员13800000000。",
    "谨防刷单返利，保卫处值班电话13800000000。",
    "如果有自杀的念头，请拨打心理援助热线12356。",
]


def flagged(stage, text):
    """Return the words flagged as worse than what concerns persons' numbers."""
    builder = DraftBuilder("text")
    builder.add("body", text, "第1段")
    draft = builder.build()
    found = stage.screen(prepare(draft)).findings
    return [draft.text(f.span) for f in found if f.category is not Category.PERSONAL]


@pytest.mark.parametrize(("text", "words"), USE)
def test_a_real_offer_is_found_beside_a_warning(stage, text, words):
    assert flagged(stage, text) == [words]


@pytest.mark.parametrize("text", MENTION)
def test_a_warning_with_a_telephone_number_is_left_alone(stage, text):
    assert flagged(stage, text) == []


def test_every_category_has_rules(shipped):
    counts = Counter(rule.category for rule in shipped.rules)
    left = {Category.REPRODUCTION, Category.ADVERTISING}
    assert set(counts) == set(Category) - left
    assert len(shipped.rules) >= 300


def test_every_rule_is_whole(shipped):
    for rule in shipped.rules:
        assert rule.message and rule.advice and rule.basis, rule.id
        assert rule.hits and rule.misses, rule.id


@cache
def traditional():
    return OpenCC("s2t")


def disguises(term):
    """Yield ``term`` in each of the spellings that every rule sees through."""
    yield term
    yield term.translate(WIDE)
    yield term.upper()
    yield traditional().convert(term)
    yield "\u200b".join(term)
    yield from (separator.join(term) for separator in SEPARATORS)
    yield f"{term[:1]}\n{term[1:]}"


def finds(stage, rule, text):
    place = "body" if not rule.places or "lead" in rule.places else rule.places[0]
    builder = DraftBuilder("text")
    builder.add(place, BEFORE + text + AFTER, "第1段")
    findings = stage.screen(prepare(builder.build())).findings
    return any(finding.category is rule.category for finding in findings)


def test_terms_are_found_in_every_disguise(shipped, stage):
    tried, missed = 0, []
    for rule in shipped.rules:
        if isinstance(rule, TermRule) and not rule.exact:
            for text in disguises(rule.terms[0]):
                tried += 1
                if not finds(stage, rule, text):
                    missed.append((rule.id, text))
    assert tried > 1000
    assert len(missed) <= tried * 0.005, missed[:40]


def test_terms_are_found_in_the_spellings_they_ask_for(shipped, stage):
    tried, missed = Counter(), Counter()
    for rule in shipped.rules:
        if isinstance(rule, TermRule):
            for kind in rule.evasions:
                made = [spelling for spelling, _ in spellings(squeezed_key(rule.terms[0]), [kind])]
                for spelling in made[:: len(made) // SAMPLE + 1]:
                    tried[kind] += 1
                    missed[kind] += not finds(stage, rule, spelling)
    assert set(tried) == set(SPELLINGS[1:])
    for kind, count in tried.items():
        assert missed[kind] <= count * 0.05, (kind, missed[kind], count)
