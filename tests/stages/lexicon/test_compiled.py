"""The cache of compiled rules: same rules, whatever happened to the file."""

import pytest
from msgspec.structs import replace
from small_lexicon import SCHOOL, write_lexicon, write_terms

from screening.stages.lexicon.compiled import load_compiled
from screening.stages.lexicon.rules import PatternRule

#: examples are not kept; expressions are, parsed
UNKEPT = ("hits", "misses", "regex", "near")


@pytest.fixture
def folder(tmp_path):
    return write_lexicon(tmp_path / "lexicons")


def summary(compiled):
    return (
        compiled.digest,
        [
            tuple(getattr(rule, name) for name in rule.__struct_fields__ if name not in UNKEPT)
            for rule in compiled.rules
        ],
        [
            (expression.pattern.pattern, expression.pattern.flags)
            for rule in compiled.rules
            if isinstance(rule, PatternRule)
            for expression in (rule.regex, *(clause for clause, _ in rule.near))
        ],
        list(compiled.words.keys),
        compiled.words.starts.tolist(),
        compiled.words.uses.tolist(),
        compiled.words.prefixes.tolist(),
        compiled.words.parents.tolist(),
        compiled.words.sieve.tolist(),
        compiled.words.needs.tolist(),
        compiled.excuses,
    )


def test_the_second_time_comes_from_the_cache(folder, tmp_path, monkeypatch):
    first = load_compiled(SCHOOL, tmp_path / "cache", folder)
    monkeypatch.setattr("screening.stages.lexicon.compiled._read", pytest.fail)
    assert summary(load_compiled(SCHOOL, tmp_path / "cache", folder)) == summary(first)


def test_a_changed_rule_compiles_anew(folder, tmp_path):
    cache = tmp_path / "cache"
    before = load_compiled(SCHOOL, cache, folder)
    write_terms(folder, "matter", [("MAJ001", "团代会", "", "", "", "", "团代会召开", "团的代表")])
    after = load_compiled(SCHOOL, cache, folder)
    assert "团代会" in after.words.keys
    assert after.digest != before.digest
    assert load_compiled(SCHOOL, cache, folder, compiling=pytest.fail).digest == after.digest


def test_what_takes_seconds_is_announced(folder, tmp_path):
    told = []
    for _ in range(2):
        load_compiled(SCHOOL, tmp_path / "cache", folder, compiling=lambda: told.append(1))
    assert told == [1]


def test_another_school_compiles_anew(folder, tmp_path):
    load_compiled(SCHOOL, tmp_path, folder)
    other = load_compiled(replace(SCHOOL, aliases=("另院",)), tmp_path, folder)
    assert "另院改分" in other.words.keys


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-5], lambda d: b"", lambda d: d[:40] + b"x" + d[41:]]
)
def test_a_damaged_cache_is_made_again(folder, tmp_path, damage):
    cache = tmp_path / "cache"
    whole = load_compiled(SCHOOL, cache, folder)
    (file,) = cache.glob("lexicon-*")
    file.write_bytes(damage(file.read_bytes()))
    assert summary(load_compiled(SCHOOL, cache, folder)) == summary(whole)
    assert len(file.read_bytes()) > 100


def test_a_cache_that_cannot_be_written_costs_only_time(folder, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert load_compiled(SCHOOL, blocked, folder).words.keys
