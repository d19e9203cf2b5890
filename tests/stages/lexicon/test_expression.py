"""An expression that was parsed once finds the same again without being parsed."""

import marshal

import pytest
import regex

from screening.stages.lexicon.expression import Expression

TEXT = "会议定于3月5日召开，联系电话138-0000-0000；Line two: ABC def"
EXPRESSIONS = [
    Expression(r"\d+月\d+日"),
    Expression(r"(?<hit>[0-9]{3})-(?=0000)"),
    Expression(r"(?i)abc|会议"),
    Expression(r"a b c", int(regex.VERBOSE | regex.IGNORECASE)),
    Expression(r"[\p{Han}--[会议]]+"),
    Expression(r"(?:召开|联系)(?<!联系)"),
]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda each: each.source)
def test_a_kept_expression_finds_the_same(expression, monkeypatch):
    kept = marshal.loads(marshal.dumps(expression.kept()))
    found = [(match.span(), match.groupdict()) for match in expression.pattern.finditer(TEXT)]
    monkeypatch.setattr("regex._main._compile", lambda *_: pytest.fail("parsed again"))
    again = Expression(*kept)
    assert [(m.span(), m.groupdict()) for m in again.pattern.finditer(TEXT)] == found
    assert found


def test_a_kept_expression_still_times_out():
    again = Expression(*Expression(r"(?:\d+)+[a-z]").kept())
    with pytest.raises(TimeoutError):
        again.pattern.search("1" * 4000 + "。", timeout=0.02)


def test_a_wrong_expression_says_so_when_it_is_used():
    with pytest.raises(regex.error):
        _ = Expression("(").pattern
