"""Runs every rule over its own examples, alone and with all the others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from msgspec import Struct
from msgspec.structs import replace

from screening.draft import DraftBuilder
from screening.finding import Finding
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.patterns import compile_error
from screening.stages.lexicon.rules import AnyRule, Excuse, Lexicon, PatternRule, TermRule, is_own
from screening.stages.lexicon.stage import LexiconStage
from screening.text import prepare
from screening.text.normalise import squeezed_key

#: own terms tried in one draft
_TOGETHER = 50


class Problem(Struct, frozen=True):
    """A promise that a rule or an excuse does not keep, in Chinese."""

    rule: str
    text: str
    problem: str


def check_lexicon(lexicon: Lexicon, pattern_seconds: float) -> list[Problem]:
    """Return every broken promise; an empty list means that the lexicon is sound.

    Each rule alone must hit its hits and leave its misses. With all rules together it must still
    be the rule, or one at least as severe in the same category, that speaks for its hits. A
    school's own rules need no examples, but must hit their own terms.
    """
    problems = [
        Problem(rule.id, rule.regex.source, f"正则写错：{error}")
        for rule in lexicon.rules
        if isinstance(rule, PatternRule) and (error := compile_error(rule))
    ]
    broken = {problem.rule for problem in problems}
    problems += _silenced(lexicon)
    sound = replace(lexicon, rules=tuple(r for r in lexicon.rules if r.id not in broken))
    together = _stage(sound, pattern_seconds)
    for rule in sound.rules:
        if not (rule.hits or rule.misses):
            continue
        alone = _stage(replace(sound, rules=(rule,)), pattern_seconds)
        problems += _examples(rule, alone, together)
    problems += _mute(sound, pattern_seconds)
    for excuse in sound.excuses:
        problems += _excuse_examples(excuse, sound, pattern_seconds)
    return problems


def _silenced(lexicon: Lexicon) -> Iterator[Problem]:
    """Yield the terms of shipped rules that their own exception always lets go."""
    for rule in lexicon.rules:
        if isinstance(rule, TermRule) and not is_own(rule.id):
            exceptions = set(map(squeezed_key, rule.unless))
            for term in rule.terms:
                if squeezed_key(term) in exceptions:
                    yield Problem(rule.id, term, "例外与词语相同，这个词永远不会命中")


def _stage(lexicon: Lexicon, seconds: float) -> LexiconStage:
    return LexiconStage(compile_lexicon(lexicon), seconds)


def find_in(stage: LexiconStage, text: str, place: str = "body") -> tuple[Finding, ...]:
    """Screen one example as a draft whose field ``place`` is ``text``."""
    builder = DraftBuilder("text")
    builder.add(place, text, "例句")
    return stage.screen(prepare(builder.build())).findings


def _place(rule: AnyRule) -> str:
    return "body" if not rule.places or "lead" in rule.places else rule.places[0]


def _examples(rule: AnyRule, alone: LexiconStage, together: LexiconStage) -> Iterator[Problem]:
    for text in rule.hits:
        found = [f for f in find_in(alone, text, _place(rule)) if f.severity is rule.severity]
        if not found:
            yield Problem(rule.id, text, "应命中而未命中")
        elif not any(_speaks_for(f, rule) for f in find_in(together, text, _place(rule))):
            yield Problem(rule.id, text, "与其他规则一起时被掩盖")
    for text in rule.misses:
        if any(not _excused(finding) for finding in find_in(alone, text, _place(rule))):
            yield Problem(rule.id, text, "不应命中而命中")


def _mute(lexicon: Lexicon, seconds: float) -> Iterator[Problem]:
    """Yield the own rules that do not find their own term, some of them tried in one draft."""
    own = [
        replace(rule, excuses=())
        for rule in lexicon.rules
        if isinstance(rule, TermRule) and is_own(rule.id)
    ]
    stage = _stage(replace(lexicon, rules=tuple(own)), seconds)
    for place, group in groupby(sorted(own, key=_place), key=_place):
        rules = iter(group)
        while some := list(islice(rules, _TOGETHER)):
            text = "。\n".join(rule.terms[0] for rule in some)
            heard = {finding.rule for finding in find_in(stage, text, place)}
            for rule in some:
                if rule.id not in heard:
                    yield Problem(rule.id, rule.terms[0], "找不到它自己的词，请核对例外和选项")


def _speaks_for(finding: Finding, rule: AnyRule) -> bool:
    return finding.category is rule.category and finding.severity.rank >= rule.severity.rank


def _excused(finding: Finding) -> bool:
    return getattr(finding.evidence, "excused_by", None) is not None


def _excuse_examples(excuse: Excuse, lexicon: Lexicon, seconds: float) -> Iterator[Problem]:
    rule = lexicon.rule(excuse.rule)
    if rule is None:
        yield Problem(excuse.id, excuse.rule, "例句所用的规则不存在")
        return
    bare = replace(rule, excuses=(excuse.name,))
    same_name = tuple(other for other in lexicon.excuses if other.name == excuse.name)
    stage = _stage(replace(lexicon, rules=(bare,), excuses=same_name), seconds)
    unexcused = _stage(replace(lexicon, rules=(replace(rule, excuses=()),)), seconds)
    for text in excuse.hits:
        if any(not _excused(finding) for finding in find_in(stage, text)):
            yield Problem(excuse.id, text, "应免责而未免责")
        elif not find_in(unexcused, text):
            yield Problem(excuse.id, text, f"例句里没有规则 {rule.id} 的词")
    for text in excuse.misses:
        if not any(not _excused(finding) for finding in find_in(stage, text)):
            yield Problem(excuse.id, text, "不应免责而免责")
