"""Loading: a rule that is wrong does not load, and the error says which and why."""

import pytest
from small_lexicon import PATTERNS, SCHOOL, TERMS, TOPICS, write_lexicon, write_terms

from screening.errors import RulesError
from screening.regulation import load_regulation
from screening.stages.lexicon.check import check_lexicon
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.load import load_lexicon
from screening.stages.lexicon.rules import TermRule

GOOD = TERMS["trade"][0]


def load(folder):
    return load_lexicon(SCHOOL, load_regulation(), folder)


def test_rows_take_from_their_topic_what_they_leave_out(lexicon):
    rule = lexicon.rule("ILL003")
    assert isinstance(rule, TermRule)
    assert rule.terms == ("示例学院改分", "示院改分", "SLXY改分")
    assert (rule.category, rule.severity, rule.boundaries) == ("illegal", "review", False)
    assert [basis.label for basis in rule.basis] == ["第22条第1项"]


def test_the_digest_follows_the_rules(tmp_path, lexicon):
    folder = write_lexicon(tmp_path)
    assert load(folder).digest == lexicon.digest
    write_terms(folder, "matter", [(*TERMS["matter"][0][:-1], "党的会议")])
    assert load(folder).digest != lexicon.digest


def test_retired_rules_keep_their_number(tmp_path):
    folder = write_lexicon(tmp_path)
    path = folder / "terms" / "matter.csv"
    path.write_text(path.read_text("utf-8-sig").replace("active", "retired"), "utf-8-sig")
    assert load(folder).rule("MAJ001") is None
    write_terms(folder, "mark", [("MAJ001", *TERMS["mark"][0][1:])])
    with pytest.raises(RulesError, match=r"L003.*MAJ001"):
        load(folder)


BROKEN_TERMS = [
    ((*GOOD[:4], "sideways", *GOOD[5:]), "L002.*ILL001.*sideways"),
    (("ill1", *GOOD[1:]), "L002.*ill1"),
    ((GOOD[0], "{nobody}办证", *GOOD[2:]), "L002.*nobody"),
    ((*GOOD[:3], "fatal", *GOOD[4:]), "L002.*fatal"),
    ((*GOOD[:7], ""), "L002.*例句"),
    ((GOOD[0], "！！", *GOOD[2:]), "L002.*没有内容"),
]


@pytest.mark.parametrize(("row", "message"), BROKEN_TERMS)
def test_broken_terms(tmp_path, row, message):
    folder = write_lexicon(tmp_path)
    write_terms(folder, "trade", [row])
    with pytest.raises(RulesError, match=message):
        compile_lexicon(load(folder))


BROKEN_FILES = [
    ("topics/all.toml", TOPICS.replace('["16", "22.1"]', '["99"]'), "L004.*99"),
    ("topics/all.toml", TOPICS.replace('["16", "22.1"]', '["22.8"]'), "L004.*22.8"),
    ("topics/all.toml", TOPICS.replace('"warning"', '"pity"'), "L002.*pity"),
    ("topics/all.toml", TOPICS.replace("[trade]", "[other]"), "L002.*trade"),
    ("patterns/all.toml", PATTERNS.replace("window = 12", ""), "L002.*SEC901.*window"),
    ("patterns/all.toml", PATTERNS.replace("secret = true", 'validator = "x"'), "L002.*PER901"),
    ("patterns/all.toml", PATTERNS.replace("window = 12", "window ="), "L001.*all.toml"),
    ("terms/mark.csv", "id,term\nSEC001,机密", "L001.*mark.csv"),
    ("terms/mark.csv", b"\xff\xfe\x00", "L001.*mark.csv"),
]


@pytest.mark.parametrize(("name", "content", "message"), BROKEN_FILES)
def test_broken_files(tmp_path, name, content, message):
    folder = write_lexicon(tmp_path)
    data = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(data)
    with pytest.raises(RulesError, match=message):
        load(folder)


def test_check_finds_every_broken_promise(tmp_path):
    folder = write_lexicon(tmp_path)
    assert check_lexicon(load(folder), 1.0) == []
    write_terms(
        folder,
        "trade",
        [
            ("ILL001", "代开发票", "", "", "", "", "没有这个词", "代开发票"),
            ("ILL002", "口交", "", "", "", "", "提供口交服务", "路口交通"),
            ("ILL007", "代办证件", "办假证", "", "", "代办证件", "办假证", "办证"),
        ],
    )
    (folder / "patterns" / "all.toml").write_text(PATTERNS.replace("[★☆*]", "[★☆*"), "utf-8")
    problems = {
        (problem.rule, problem.problem.split("：")[0])
        for problem in check_lexicon(load(folder), 1.0)
    }
    assert {
        ("ILL001", "应命中而未命中"),
        ("ILL001", "不应命中而命中"),
        ("ILL007", "例外与词语相同，这个词永远不会命中"),
        ("SEC901", "正则写错"),
    } <= problems
