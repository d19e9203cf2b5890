"""A school's own terms: read, tried, kept, switched, and used by the pipeline."""

import multiprocessing

import pytest
from msgspec.structs import replace
from small_lexicon import SCHOOL, write_lexicon

from screening import resources
from screening.draft import DraftBuilder
from screening.errors import RulesError, StoreError
from screening.finding import Category, Severity
from screening.pipeline import Screener
from screening.regulation import load_regulation
from screening.settings import load_settings
from screening.stages.lexicon import trial
from screening.stages.lexicon.check import check_lexicon
from screening.stages.lexicon.compiled import load_compiled
from screening.stages.lexicon.importing import Defaults, import_list
from screening.stages.lexicon.lists import read_list
from screening.stages.lexicon.load import load_lexicon, read_rules
from screening.stages.lexicon.own import OWN_COLUMNS, OwnStore, Stamp, Switch
from screening.stages.lexicon.switching import switch_rule
from screening.stages.lexicon.tables import locked, read_table, write_table
from screening.text import prepare
from screening.text.normalise import squeezed_key, squeezed_keys

STAMP = Stamp("李示例", "2026-03-01T09:00:00+08:00")
INTERNAL = Defaults("保密办词表", category=Category.INTERNAL)
OWN_TOPICS = resources.folder("lexicons") / "topics" / "own.toml"
ORDINARY = "同学们在图书馆自习，会议室里很安静。周末去爬山！"


@pytest.fixture
def root(tmp_path):
    folder = write_lexicon(tmp_path / "lexicons")
    table = OWN_TOPICS.read_text("utf-8").split("\n")
    topics = "\n".join(line for line in table if not line.startswith("excuses"))
    (folder / "topics" / "own.toml").write_text(topics, "utf-8")
    return folder


@pytest.fixture
def store(tmp_path):
    return OwnStore(tmp_path / "home" / "lexicon")


@pytest.fixture(autouse=True)
def sample(monkeypatch):
    builder = DraftBuilder("text")
    builder.add("title", "校园生活", "标题")
    builder.add("body", ORDINARY, "第1段")
    draft = prepare(builder.build())
    monkeypatch.setattr("screening.stages.lexicon.importing.clean_sample", lambda: [draft])


def book(root, store):
    return read_rules(SCHOOL, load_regulation(), root, store.folder)


def bring(root, store, data, name="词表.txt", defaults=INTERNAL, *, force=False):
    content = data if isinstance(data, bytes) else data.encode()
    found = read_list(content, name)
    return import_list(store, book(root, store), found, defaults, STAMP, force=force)


def left(result):
    return [(item.line, item.term, item.why) for item in result.left_out]


def test_one_term_a_line_becomes_rules(root, store):
    result = bring(root, store, "甲乙工程\n\u3000丙丁 行动 \n")
    assert result.ids == ("OWN001", "OWN002")
    assert result.left_out == ()
    rule = book(root, store).rule("OWN002")
    assert (rule.name, rule.category, rule.severity) == ("丙丁 行动", "internal", "review")
    assert [basis.label for basis in rule.basis] == ["第16条"]
    assert rule.message
    assert rule.advice
    row = store.rows()[0]
    assert (row["list"], row["by"], row["at"]) == ("保密办词表", STAMP.by, STAMP.at)


@pytest.mark.parametrize("category", Category)
def test_every_category_has_a_topic_of_its_own(category):
    rules = read_rules(SCHOOL, load_regulation())
    row = dict.fromkeys(OWN_COLUMNS, "") | {"id": "OWN001", "term": "甲乙工程", "status": "active"}
    rule = rules.own.rule(row | {"topic": f"own-{category}"})
    assert rule.category is category


def test_bad_lines_are_told_and_the_rest_comes_in(root, store):
    lines = ["甲乙工程", "", "，。！", "校", "长" * 51, "{校名}通知", "①", "Ⅳ类件"]
    result = bring(root, store, "\n".join(lines))
    assert result.ids == ("OWN001", "OWN002")
    assert [(item.line, item.reason) for item in result.left_out] == [
        (2, "词语为空"),
        (3, "除去标点、空格后没有内容"),
        (4, "只有一个字，会处处命中"),
        (5, "超过 50 个字，不像是词语"),
        (6, "不能使用：没有叫“{校名}”的词组。"),
        (7, "只有一个字，会处处命中"),
    ]


def test_duplicates_are_told_whatever_their_spelling(root, store):
    bring(root, store, "甲乙工程\n")
    lines = ["機密·文件", "代开票据", "甲-乙 工程", "丙丁行动", "丙，丁行動", "示院改分"]
    result = bring(root, store, "\n".join(lines))
    assert result.ids == ("OWN002",)
    assert [(item.line, item.why, item.reason) for item in result.left_out] == [
        (1, "duplicate", "与规则 SEC001 重复"),
        (2, "duplicate", "与规则 ILL001 重复"),
        (3, "duplicate", "与规则 OWN001 重复"),
        (5, "duplicate", "与第 4 行 重复"),
        (6, "duplicate", "与规则 ILL003 重复"),
    ]


def test_importing_twice_adds_nothing(root, store):
    bring(root, store, "甲乙工程\n丙丁行动\n")
    before = (store.folder / "own.csv").read_bytes()
    assert bring(root, store, "甲乙工程\n丙丁行动\n").ids == ()
    assert (store.folder / "own.csv").read_bytes() == before


def test_terms_of_ordinary_text_stay_out(root, store):
    result = bring(root, store, "图书馆自习\n图书馆\n甲乙工程\n议室\n去爬山")
    assert result.ids == ("OWN001", "OWN002")
    assert {row["term"] for row in store.rows()} == {"甲乙工程", "议室"}
    assert left(result) == [
        (1, "图书馆自习", "ordinary"),
        (2, "图书馆", "ordinary"),
        (5, "去爬山", "ordinary"),
    ]
    assert "同学们在图书馆自习，会议室里很安静。" in result.left_out[0].reason
    assert "周末去爬山！" in result.left_out[2].reason


def test_force_takes_them_in_and_says_so(root, store):
    result = bring(root, store, "图书馆\n甲乙工程", force=True)
    assert result.ids == ("OWN001", "OWN002")
    assert [(item.term, item.forced) for item in result.left_out] == [("图书馆", True)]


def test_an_exception_saves_a_term_from_the_sample(root, store):
    table = "词语,例外\n图书馆,在图书馆自习、图书馆借书\n"
    assert bring(root, store, table, "词表.csv").ids == ("OWN001",)
    assert book(root, store).rule("OWN001").unless == ("在图书馆自习", "图书馆借书")


def test_without_a_clean_sample_nothing_is_imported(tmp_path, monkeypatch):
    monkeypatch.setattr(trial.resources, "folder", lambda kind: tmp_path)
    with pytest.raises(RulesError, match="L006"):
        trial.clean_sample()


def test_the_shipped_sample_is_read():
    assert all(prepared.fields["body"].text for prepared in trial.clean_sample())


ENCODED = [
    ("gb18030", "甲乙工程\r\n丙丁行动\r\n"),
    ("utf-8-sig", "甲乙工程\r\n丙丁行动\r\n"),
    ("utf-16", "甲乙工程\r丙丁行动\r"),
    ("big5", "甲乙工程\n丙丁行動\n"),
]


@pytest.mark.parametrize(("encoding", "text"), ENCODED)
def test_lists_in_any_encoding(root, store, encoding, text):
    bring(root, store, text.encode(encoding))
    assert [squeezed_key(row["term"]) for row in store.rows()] == ["甲乙工程", "丙丁行动"]


EXCEL = (
    "序号,词语,类别,轻重,例外,建议,备注,负责人\r\n"
    '1,甲乙工程,内部事项,须修改,,"先问科研处,再发",2026年,张三\r\n'
    "2,丙丁行动,secrecy,,,,,\r\n"
    "3,戊己计划,天文,,,,,\r\n"
    "4,庚辛小组,major,很重,,,,\r\n"
    '5,"壬癸\r\n专班",,,,,,\r\n'
    ",,,,,,,\r\n"
    "6,,internal,,,,,\r\n"
)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_table_from_excel(root, store, encoding):
    found = read_list(EXCEL.encode(encoding), "词表.csv")
    assert found.ignored == ("负责人",)
    result = import_list(store, book(root, store), found, INTERNAL, STAMP)
    assert [(item.line, item.term) for item in result.left_out] == [
        (4, "戊己计划"),
        (5, "庚辛小组"),
        (9, ""),
    ]
    assert "可写：涉密信息、内部事项" in result.left_out[0].reason
    assert "可写：提示、须核对、报宣传部、须修改" in result.left_out[1].reason
    rules = [book(root, store).rule(rule_id) for rule_id in result.ids]
    assert [(rule.name, rule.category, rule.severity) for rule in rules] == [
        ("甲乙工程", "internal", "block"),
        ("丙丁行动", "secrecy", "block"),
        ("壬癸 专班", "internal", "review"),
    ]
    assert rules[0].advice == "先问科研处,再发"
    assert store.rows()[0]["note"] == "2026年"


def test_a_table_with_the_shipped_columns(root, store):
    table = (
        "id,term,variants,severity,match,unless,basis,message,advice,hit,miss,status\n"
        "ZZZ001,甲乙工程,乙甲工程,review,exact,,12,见到{text},改,启动甲乙工程,甲、乙工程,active\n"
        "ZZZ002,旧词条,,,,,,,,,,retired\n"
        "ZZZ003,坏选项,,,sideways,,,,,,,active\n"
        "ZZZ004,坏条款,,,,,99,,,,,active\n"
    )
    result = bring(root, store, table, "terms.csv")
    rule = book(root, store).rule("OWN001")
    assert (rule.terms, rule.exact) == (("甲乙工程", "乙甲工程"), True)
    assert (rule.message, rule.hits) == ("见到{text}", ("启动甲乙工程",))
    assert [item.line for item in result.left_out] == [3, 4, 5]
    assert "99" in result.left_out[2].reason


def test_a_topic_instead_of_a_category(root, store):
    bring(root, store, "甲乙工程", defaults=Defaults("表", topic="trade"))
    rule = book(root, store).rule("OWN001")
    assert (rule.category, rule.severity, rule.excuses) == (
        "illegal",
        "block",
        ("warning", "title"),
    )


def test_a_line_without_category_is_bad(root, store):
    found = "word;category\n甲乙工程;internal\n丙丁行动;\n"
    result = bring(root, store, found, "list.csv", Defaults("表", severity=Severity.NOTICE))
    assert left(result) == [(3, "丙丁行动", "bad")]
    assert book(root, store).rule("OWN001").severity == "notice"


NO_LISTS = [
    (b"PK\x03\x04rest", "a.xlsx"),
    (b"", "a.txt"),
    ("名称,类别\n甲,乙".encode(), "a.csv"),
    (b'term,note\n"' + b"a" * 200_000, "a.csv"),
]


@pytest.mark.parametrize(("data", "name"), NO_LISTS)
def test_what_is_no_list(data, name):
    with pytest.raises(RulesError, match="L008"):
        read_list(data, name)


FORMULAS = ["=cmd|'/c calc'!A1", "+加微信", "-代写作业", "@校外机构", "'=甲乙", "＝丙丁", "\t+戊己"]


def test_no_cell_is_a_formula_and_none_is_changed(root, store):
    bring(root, store, "\n".join(FORMULAS))
    assert [row["term"] for row in store.rows()] == [term.strip() for term in FORMULAS]
    text = (store.folder / "own.csv").read_text("utf-8-sig")
    assert not any(
        cell[:1] in "=+-@" for line in text.split("\n") for cell in line.split(",") if cell
    )


def test_a_table_that_was_damaged_by_hand(root, store):
    bring(root, store, "甲乙工程")
    path = store.folder / "own.csv"
    path.write_text(path.read_text("utf-8-sig").replace("own-internal", "own-nothing"), "utf-8-sig")
    with pytest.raises(RulesError, match=r"L002.*OWN001.*own-nothing"):
        book(root, store)
    path.write_text("甲,乙\n", "utf-8")
    with pytest.raises(RulesError, match=r"L001.*own\.csv"):
        book(root, store)


def test_ids_of_the_school_are_no_shipped_rules(root, store):
    path = root / "terms" / "matter.csv"
    path.write_text(path.read_text("utf-8-sig").replace("MAJ001", "OWN001"), "utf-8-sig")
    with pytest.raises(RulesError, match=r"L002.*OWN001.*学校自己"):
        book(root, store)


def _import(folder, root, lines):
    found = read_list("\n".join(lines).encode(), "词表.txt")
    import_list(OwnStore(folder), book(root, OwnStore(folder)), found, INTERNAL, STAMP)


def test_imports_at_the_same_time_lose_and_repeat_nothing(root, store):
    lists = [
        [f"共同词条{n}" for n in range(20)] + [f"词表{who}之{n}" for n in range(20)]
        for who in "甲乙丙丁"
    ]
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=_import, args=(store.folder, root, lines)) for lines in lists]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    rows = store.rows()
    assert len(rows) == 100
    assert sorted({row["term"] for row in rows}) == sorted({t for lines in lists for t in lines})
    assert [row["id"] for row in rows] == [f"OWN{n:03d}" for n in range(1, 101)]


def test_a_term_that_another_import_brought_meanwhile(root, store):
    before = book(root, store)
    bring(root, store, "图书馆\n甲乙工程", force=True)
    found = read_list("图书馆\n丙丁行动".encode(), "b.txt")
    result = import_list(store, before, found, INTERNAL, STAMP, force=True)
    assert result.ids == ("OWN003",)
    assert left(result) == [(1, "图书馆", "duplicate")]


def test_a_lock_that_is_kept_too_long(store, monkeypatch):
    monkeypatch.setattr("screening.stages.lexicon.tables._PATIENCE", 0.05)
    with locked(store.folder), pytest.raises(StoreError, match="L011"), locked(store.folder):
        pass


def test_a_table_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "t.csv"
    write_table(path, ("a",), [{"a": "一"}])
    with pytest.raises(KeyError):
        write_table(path, ("a",), [{"a": "二"}, {}])
    assert [row for _, row in read_table(path, ("a",))] == [{"a": "一"}]
    assert [item.name for item in tmp_path.iterdir()] == ["t.csv"]
    with pytest.raises(StoreError, match="L011"):
        write_table(tmp_path / "none" / "t.csv", ("a",), [])


def off(reason="误报多"):
    return Switch("disabled", reason, STAMP)


ON = Switch("active", "", STAMP)


def test_rules_are_switched_off_and_on_and_the_record_stays(root, store):
    bring(root, store, "甲乙工程")
    for rule_id in ("MAJ001", "OWN001"):
        switch_rule(store, book(root, store), rule_id, off())
    assert store.disabled() == {"MAJ001", "OWN001"}
    lexicon = load_lexicon(SCHOOL, load_regulation(), root, store.folder)
    assert lexicon.rule("MAJ001") is None
    assert lexicon.rule("OWN001") is None
    switch_rule(store, book(root, store), "MAJ001", ON)
    assert store.disabled() == {"OWN001"}
    assert store.switches()["OWN001"] == off()
    columns = ("rule", "state", "reason", "by", "at")
    rows = [row for _, row in read_table(store.folder / "switched.csv", columns)]
    assert [(row["rule"], row["state"]) for row in rows] == [
        ("MAJ001", "disabled"),
        ("OWN001", "disabled"),
        ("MAJ001", "active"),
    ]


@pytest.mark.parametrize("rule", ["SEC001", "SEC901", "PER901"])
def test_secrecy_and_numbers_stay_on(root, store, rule):
    with pytest.raises(RulesError, match=rf"L009.*{rule}"):
        switch_rule(store, book(root, store), rule, off())
    assert store.disabled() == frozenset()


def test_a_school_may_take_back_its_own_secrecy_terms(root, store):
    bring(root, store, "甲乙工程", defaults=Defaults("表", category=Category.SECRECY))
    switch_rule(store, book(root, store), "OWN001", off())
    assert store.disabled() == {"OWN001"}


def test_switches_that_mean_nothing(root, store):
    with pytest.raises(RulesError, match="L005"):
        switch_rule(store, book(root, store), "MAJ999", off())
    with pytest.raises(RulesError, match=r"L010.*现在就是启用"):
        switch_rule(store, book(root, store), "MAJ001", ON)
    switch_rule(store, book(root, store), "MAJ001", off())
    with pytest.raises(RulesError, match=r"L010.*现在就是停用"):
        switch_rule(store, book(root, store), "MAJ001", off())
    path = root / "terms" / "matter.csv"
    path.write_text(path.read_text("utf-8-sig").replace("active", "retired"), "utf-8-sig")
    with pytest.raises(RulesError, match=r"L010.*废止"):
        switch_rule(store, book(root, store), "MAJ001", ON)


def test_the_digest_and_the_cache_follow_terms_and_switches(root, store, tmp_path):
    def compiled():
        return load_compiled(SCHOOL, tmp_path / "cache", root, store.folder)

    seen = [compiled().digest]
    assert load_lexicon(SCHOOL, load_regulation(), root).digest == seen[0]
    bring(root, store, "甲乙工程")
    assert "甲乙工程" in compiled().words.keys
    seen.append(compiled().digest)
    switch_rule(store, book(root, store), "MAJ001", off())
    assert "党代会" not in compiled().words.keys
    seen.append(compiled().digest)
    switch_rule(store, book(root, store), "MAJ001", ON)
    assert "党代会" in compiled().words.keys
    assert compiled().digest == seen[1]
    assert len(set(seen)) == 3


def test_the_pipeline_uses_them(tmp_path):
    settings = load_settings(tmp_path)
    store = OwnStore(tmp_path / "lexicon")
    builder = DraftBuilder("text")
    builder.add("body", "我校甲、乙丙工程于昨日启动。", "第1段")
    draft = builder.build()
    plain = Screener.from_settings(settings).screen(draft)
    assert not any(finding.rule.startswith("OWN") for finding in plain.findings)
    rules = read_rules(settings.school, load_regulation(), own=store.folder)
    import_list(store, rules, read_list("甲乙丙工程".encode(), "a.txt"), INTERNAL, STAMP)
    found = Screener.from_settings(settings).screen(draft)
    assert [(f.rule, draft.text(f.span)) for f in found.findings] == [("OWN001", "甲、乙丙工程")]
    assert found.versions.lexicon != plain.versions.lexicon
    rules = read_rules(settings.school, load_regulation(), own=store.folder)
    switch_rule(store, rules, "OWN001", off())
    assert Screener.from_settings(settings).screen(draft).findings == ()


def test_check_covers_own_rules(root, store):
    table = (
        "词语,例外,命中例句,近似例句\n"
        "甲乙工程,,启动甲乙工程,启动甲工程\n"
        "丙丁行动,丙丁行动,,\n"
        "戊己计划,,没有这个词,\n"
    )
    bring(root, store, table, "词表.csv")
    problems = check_lexicon(book(root, store).lexicon(with_disabled=True), 1.0)
    assert [(problem.rule, problem.problem[:6]) for problem in problems] == [
        ("OWN003", "应命中而未命"),
        ("OWN002", "找不到它自己"),
    ]


def test_many_terms_are_squeezed_as_one_by_one():
    terms = ["机-密", "", "㎏级", "ＡＢ\u200b c", "一\n二", "𠀀乙", "，。", "Ⅳ"]
    assert squeezed_keys(terms) == [squeezed_key(term) for term in terms]
    assert squeezed_keys([]) == []


def test_own_rules_of_one_kind_share_all_but_their_words(root, store):
    bring(root, store, "甲乙工程\n丙丁行动")
    first, second = (book(root, store).rule(rule_id) for rule_id in ("OWN001", "OWN002"))
    assert replace(second, id=first.id, name=first.name, terms=first.terms).message == first.message
    assert first.terms != second.terms
