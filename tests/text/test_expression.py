"""An expression that was parsed once finds the same again without being parsed."""

import marshal
import subprocess
import sys

import pytest
import regex

from screening.text import expression as expressions
from screening.text.expression import Expression, keep, restore

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


def test_declared_expressions_are_parsed_once(tmp_path, monkeypatch):
    monkeypatch.setattr(expressions, "_declared", EXPRESSIONS)
    monkeypatch.setattr(expressions, "_restored", {})
    restore(tmp_path)
    expressions._restored.clear()
    monkeypatch.setattr("regex._main._compile", lambda *_: pytest.fail("parsed again"))
    restore(tmp_path)
    again = [Expression(each.source, each.flags) for each in EXPRESSIONS]
    assert all(each.pattern.search(TEXT) for each in again)


def test_what_is_new_is_parsed_what_is_known_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(expressions, "_restored", {})
    keep(tmp_path, "some", EXPRESSIONS)
    expressions._restored.clear()
    parsed = []
    make = expressions._compiled
    monkeypatch.setattr(expressions, "_compiled", lambda *key: parsed.append(key[0]) or make(*key))
    keep(tmp_path, "some", [*EXPRESSIONS[1:], Expression("新增")])
    assert parsed == ["新增"]


def test_a_wrong_expression_is_left_to_whoever_uses_it(tmp_path, monkeypatch):
    monkeypatch.setattr(expressions, "_restored", {})
    keep(tmp_path, "some", [Expression("("), *EXPRESSIONS])
    assert expressions._restored.keys() == set(EXPRESSIONS)


@pytest.mark.parametrize("damage", [b"", b"\0" * 99])
def test_a_damaged_cache_costs_time_only(tmp_path, monkeypatch, damage):
    monkeypatch.setattr(expressions, "_declared", EXPRESSIONS)
    monkeypatch.setattr(expressions, "_restored", {})
    restore(tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage)
    restore(tmp_path)
    assert file.read_bytes() == whole


def test_the_pipeline_imports_every_module_that_declares():
    code = """
import importlib, pkgutil, screening.pipeline
from screening.text.expression import _declared
known = len(_declared)
for module in pkgutil.walk_packages(screening.__path__, "screening."):
    if "migrations" not in module.name and "__main__" not in module.name:
        importlib.import_module(module.name)
assert known == len(_declared) > 0, _declared[known:]
"""
    subprocess.run([sys.executable, "-c", code], check=True)
