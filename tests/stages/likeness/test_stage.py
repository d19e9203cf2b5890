"""Sentences that read like offences are told, with the words that tell; ordinary ones are not."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from screening import Screener, resources
from screening.draft import DraftBuilder, Span
from screening.errors import ModelError
from screening.finding import Category, Evidence, Finding, LexiconEvidence, Severity
from screening.stages.likeness.kinds import load_kinds
from screening.stages.likeness.model import FILE, chance, dump, load, parse
from screening.stages.likeness.sentences import sentences_of, whole_of
from screening.stages.likeness.stage import LikenessStage
from screening.text import prepare
from screening.text.grams import BITS

ORDINARY = (resources.folder("data") / "likeness" / "ordinary.txt").read_text("utf-8").splitlines()
TOOL = Path(__file__).parents[3] / "tools" / "train_likeness.py"


def prepared(*lines):
    builder = DraftBuilder("text")
    for number, line in enumerate(lines, start=1):
        builder.add("body", line, f"第{number}段")
    return prepare(builder.build())


@pytest.fixture(scope="module")
def model():
    return load()


def test_ordinary_lines_are_left_alone(model):
    told = LikenessStage(model).screen(prepared(*ORDINARY)).findings
    assert len(told) <= len(ORDINARY) / 1000


def certain(model, category, *, offence=True):
    """Return a model that takes every sentence for ``category``, or none for an offence."""
    bias = np.zeros(1 + len(model.categories), dtype=np.float32)
    bias[0] = 50 if offence else -50
    bias[1 + model.categories.index(category)] = 50
    return replace(model, bias=bias)


def test_a_finding_says_which_sentence_and_which_words(model):
    stage = LikenessStage(certain(model, "rumor"))
    draft = prepared("今天食堂的菜不错。", "听说隔壁学校出了大事，没人敢说，大家小心。")
    findings = stage.screen(draft).findings
    assert [(f.category, f.severity, f.rule) for f in findings] == [
        (Category.RUMOR, Severity.REVIEW, "LIK007")
    ] * len(findings)
    words = [draft.draft.text(span) for f in findings for span in f.evidence.related]
    assert words
    assert all(word in "".join(draft.draft.fields["body"].split()) for word in words)
    for finding in findings:
        assert finding.confidence > 0.5
        assert all(span.within(finding.span) for span in finding.evidence.related)


@pytest.mark.parametrize("text", ["http://a.example/b/c.htm", "共 12 人", "", "ABC-123 456"])
def test_what_is_no_chinese_sentence_is_not_judged(model, text):
    stage = LikenessStage(certain(model, "rumor"))
    assert stage.screen(prepared(text) if text else prepared()).findings == ()


def test_every_category_has_its_words(model):
    assert set(model.categories) <= set(load_kinds())
    assert len({kind.id for kind in load_kinds().values()}) == len(load_kinds())


def test_a_rule_of_the_category_speaks_first(tmp_path):
    screener = Screener.from_home(tmp_path)
    text = "网传食堂用了地沟油，求扩散，是真是假不知道。"
    screening = screener.screen(prepared(text).draft)
    rumours = [f for f in screening.findings if f.category is Category.RUMOR]
    assert rumours
    assert {f.stage for f in rumours} == {"lexicon"}


@pytest.mark.parametrize(
    ("category", "severity", "span", "yields"),
    [
        (Category.RUMOR, Severity.NOTICE, (0, 4), True),
        (Category.VULGAR, Severity.BLOCK, (0, 4), True),
        (Category.VULGAR, Severity.REVIEW, (0, 4), False),
        (Category.RUMOR, Severity.BLOCK, (12, 14), False),
    ],
)
def test_a_likeness_yields_to_a_rule_that_says_as_much(model, category, severity, span, yields):
    stage = LikenessStage(certain(model, "rumor"))
    draft = prepared("今天食堂的菜真不错。")
    seen = stage.screen(draft)
    (likeness,) = seen.findings
    rule = told("ANY001", category, severity, Span("body", *span))
    assert (likeness not in stage.reconsider(seen, [rule, likeness])) is yields


def told(rule, category, severity, span, *, evidence=None):
    """Return what a rule says of ``span``."""
    evidence = evidence or LexiconEvidence("词", "词")
    return Finding("lexicon", rule, category, severity, span, "", "", (), evidence)


SENTENCE, ACROSS = Span("body", 2, 5), Span("body", 2, 28)


@pytest.mark.parametrize(
    ("finding", "lowered"),
    [
        (told("RUM001", Category.RUMOR, Severity.REVIEW, SENTENCE), True),
        (told("OPI001", Category.OPINION, Severity.ESCALATE, SENTENCE), True),
        (told("RUM001", Category.RUMOR, Severity.REVIEW, ACROSS), False),
        (told("RUM001", Category.RUMOR, Severity.BLOCK, SENTENCE), False),
        (told("SEC001", Category.SECRECY, Severity.REVIEW, SENTENCE), False),
        (told("PER001", Category.PERSONAL, Severity.REVIEW, SENTENCE), False),
        (told("OWN001", Category.RUMOR, Severity.REVIEW, SENTENCE), False),
        (
            told("ADV001", Category.RUMOR, Severity.REVIEW, SENTENCE, evidence=Evidence()),
            False,
        ),
    ],
)
def test_rules_are_doubted_where_a_sentence_is_like_no_offence(model, finding, lowered):
    draft = prepared("今天食堂的菜真不错。", "明天的菜也会很不错。", "后天食堂要休息一天。")
    stage = LikenessStage(certain(model, "rumor", offence=False))
    (after,) = stage.reconsider(stage.screen(draft), [finding])
    assert (after != finding) is lowered
    if lowered:
        assert after.severity is Severity.NOTICE
        assert after.evidence.excused_by == "整句读来平常"


def test_rules_are_believed_where_a_sentence_is_like_an_offence(model):
    draft = prepared("今天食堂的菜真不错。")
    finding = told("RUM001", Category.RUMOR, Severity.REVIEW, SENTENCE)
    stage = LikenessStage(certain(model, "rumor"))
    assert stage.reconsider(stage.screen(draft), [finding]) == [finding]


@pytest.mark.parametrize(
    ("damage", "code"),
    [(None, "M001"), (b"", "M002"), (b"\\0" * 900, "M002"), ("cut", "M002"), ("flip", "M002")],
)
def test_a_damaged_model_is_refused(tmp_path, damage, code):
    path = tmp_path / FILE
    whole = (resources.folder("models") / FILE).read_bytes()
    if damage == "cut":
        path.write_bytes(whole[:-7])
    elif damage == "flip":
        path.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    elif damage is not None:
        path.write_bytes(damage)
    with pytest.raises(ModelError) as caught:
        load(path)
    assert caught.value.code == code


def test_the_file_scores_as_the_trainer_does(tmp_path):
    spec = importlib.util.spec_from_file_location("train_likeness", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    learnt = list(dict.fromkeys(tool.examples(tool.shipped_lexicon())))[::40]
    file, expected = tool.fitted(learnt)
    assert tool.train(learnt) == file
    (tmp_path / FILE).write_bytes(file)
    model = load(tmp_path / FILE)
    found = [chance(model.margins(whole_of(prepared(text)))[0, 0]) for text, _ in learnt]
    assert np.abs(np.array(found) - expected).max() < 0.01


def test_pairs_and_sentences_are_judged_where_they_stand():
    draft = prepared("第一句话说完了。第二句话也完了。", "第三句在另一段里头。")
    sentences = sentences_of(draft)
    texts = {draft.draft.text(sentences.span(n)) for n in range(len(sentences.bounds))}
    assert "第一句话说完了" in {text.strip("。") for text in texts}
    assert any("第一句" in text and "第二句" in text for text in texts)


def test_every_slot_has_a_row_of_its_own_or_none():
    slots = np.array([3, 4, 700, (1 << BITS) - 9])
    weights = np.arange(1.0, 17.0).reshape(4, 4)
    header = {"categories": ["rumor", "image"], "offence": 1, "innocent": 0, "bias": [0, 0, 0]}
    model = parse(dump(header, slots, weights))
    rows = model.rows(np.arange(1 << BITS))
    assert np.flatnonzero(rows.any(axis=1)).tolist() == slots.tolist()
    assert np.abs(rows[slots] - weights).max() < 0.1


def test_telling_words_are_whole_and_named_once(model):
    draft = prepared("投稿人需注明封面图，否则由编辑自行选择图片作为推文的封面图。")
    (finding,) = LikenessStage(certain(model, "embargo")).screen(draft).findings
    words = finding.evidence.words
    assert len(set(words)) == len(words)
    assert not {"稿人", "稿人需", "明封", "面图"} & {*words}
