"""Screenings as JSON: exact shape, and back without a loss."""

import json

from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up, small

from screening.document import dumps, envelope, from_document, to_document
from screening.draft import DraftBuilder, Link, Media, Span, Unscreened
from screening.finding import (
    Basis,
    Category,
    Failure,
    Finding,
    LexiconEvidence,
    Route,
    Screening,
    Severity,
    Target,
    Verdict,
    Versions,
)

texts = st.text(st.characters(), max_size=30)  # surrogates, nulls and emoji included
spans = st.builds(Span, st.just("body"), st.integers(0, 9), st.integers(0, 40))
evidences = st.builds(
    LexiconEvidence, texts, texts, texts, st.none() | texts, st.lists(spans, max_size=2).map(tuple)
)
findings = st.builds(
    Finding,
    stage=st.just("lexicon"),
    rule=texts,
    category=st.sampled_from(Category),
    severity=st.sampled_from(Severity),
    span=spans,
    message=texts,
    advice=texts,
    basis=st.lists(
        st.builds(Basis, st.integers(1, 26), st.none() | st.integers(1, 7)), max_size=2
    ).map(tuple),
    evidence=evidences,
    confidence=st.none() | st.floats(0, 1),
    id=texts,
)
unscreened = st.lists(st.builds(Unscreened, texts, texts), max_size=2)


@st.composite
def drafts(draw):
    builder = DraftBuilder("docx", path=draw(st.none() | texts), encoding=draw(st.none() | texts))
    for text in draw(st.lists(texts, max_size=4)):
        builder.add(draw(st.sampled_from(["title", "body", "hidden"])), text, draw(texts), "p")
    builder.links += draw(st.lists(st.builds(Link, texts, texts), max_size=2))
    builder.media += draw(st.lists(st.builds(Media, texts, texts, texts, texts), max_size=2))
    builder.unscreened += draw(unscreened)
    return builder.build()


screenings = st.builds(
    Screening,
    draft=drafts(),
    verdict=st.sampled_from(Verdict),
    route=st.builds(Route, st.sampled_from(Target), st.lists(texts, max_size=2).map(tuple)),
    findings=st.lists(findings, max_size=3).map(tuple),
    failures=st.lists(st.builds(Failure, texts, texts), max_size=2).map(tuple),
    unscreened=unscreened.map(tuple),
    versions=st.builds(Versions, texts, texts, texts, texts),
    elapsed_ms=st.dictionaries(texts, st.floats(0, 1e6), max_size=2),
)


@given(screenings)
def test_a_screening_survives_json(screening):
    stored = dumps(to_document(screening, text=True)).encode()

    assert from_document(json.loads(stored)) == screening


def test_the_document_has_exactly_the_public_keys():
    document = to_document(made_up())

    assert list(document) == [
        "draft", "coverage", "verdict", "route", "findings", "failures", "versions", "elapsed_ms",
    ]  # fmt: skip
    assert list(document["draft"]) == [
        "path", "title", "format", "encoding", "characters", "digest",
    ]  # fmt: skip
    assert list(document["findings"][0]) == [
        "id", "stage", "rule", "category", "severity", "field", "start", "end", "text", "location",
        "message", "advice", "basis", "confidence", "evidence",
    ]  # fmt: skip
    assert document["route"]["steps"] == ["department", "publicity"]
    assert document["coverage"]["complete"] is False
    assert list(document["findings"][1]["basis"]) == [{"article": 16, "item": None}]
    assert document["findings"][1]["location"] == "第2段"


def test_positions_are_those_of_the_text():
    document = to_document(made_up(), text=True)

    for found in document["findings"]:
        assert document["fields"][found["field"]][found["start"] : found["end"]] == found["text"]


def test_related_spans_stand_only_where_there_are_any():
    plain, related = (to_document(made_up())["findings"][index]["evidence"] for index in (0, 5))

    assert list(plain) == ["term", "matched", "variant", "excused_by"]
    field, start, end = related["related"][0]
    assert made_up().draft.fields[field][start:end] == "食物中毒"


def test_errors_stand_in_the_envelope_only_where_there_are_any():
    document = to_document(small())

    assert envelope([document]) == {"schema": "screening/1", "drafts": [document]}
    error = {"path": "a.doc", "code": "D002", "message": "…"}
    assert envelope([], [error])["errors"] == [error]


def test_lone_surrogates_become_escapes():
    assert dumps({"字": "\ud83d"}) == '{\n  "字": "\\ud83d"\n}'
