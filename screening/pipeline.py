"""The order of the stages: one draft in, one screening out. A stage that fails passes nothing."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from screening import __version__
from screening.draft import Draft
from screening.errors import ScreeningError, StoreError
from screening.finding import (
    Category,
    Failure,
    Finding,
    LexiconEvidence,
    Screening,
    StageResult,
    Versions,
)
from screening.routing import Policy, load_policy
from screening.settings import School, Settings, load_settings
from screening.stages.advertising.findings import CLAIM_RULE
from screening.stages.advertising.model import load as load_model
from screening.stages.advertising.model import model_path
from screening.stages.advertising.stage import AdvertisingStage
from screening.stages.lexicon.compiled import load_compiled
from screening.stages.lexicon.stage import LexiconStage
from screening.stages.likeness.model import load as load_likeness
from screening.stages.likeness.stage import LikenessResult, LikenessStage
from screening.stages.reproduction.opening import works_of
from screening.stages.reproduction.stage import ReproductionStage
from screening.text import Prepared, prepare
from screening.text.expression import restore
from screening.text.masking import Masker, long_numbers, secrets_of
from screening.text.normalise import fold

if TYPE_CHECKING:  # a home without works does without their types
    from screening.stages.reproduction.work import Works


class Stage(Protocol):
    """One step of the pipeline: it is given a prepared draft, and touches nothing else."""

    name: str

    def screen(self, prepared: Prepared) -> StageResult:
        """Return what this stage finds in the draft."""
        ...


class Screener:
    """Screens drafts. Rules, model and works are loaded once, when it is made."""

    def __init__(
        self,
        stages: Iterable[Stage],
        policy: Policy,
        school: School,
        versions: Versions,
        works: Works | None = None,
    ) -> None:
        self._stages = tuple(stages)
        self._policy = policy
        self._school = school
        self._versions = versions
        self._works = works

    @classmethod
    def from_home(
        cls,
        home: str | os.PathLike[str] | None = None,
        compiling: Callable[[], None] = lambda: None,
    ) -> Screener:
        """Make a screener from the settings of ``home`` and the shipped rules.

        ``compiling`` is called when the rules must be compiled first, which takes seconds.

        Raises:
            SettingsError: the settings do not hold together.
            RulesError: a rule, an article or the policy is wrong.
            ModelError: a model is missing or damaged.
        """
        return cls.from_settings(load_settings(home), compiling)

    @classmethod
    def from_settings(
        cls, settings: Settings, compiling: Callable[[], None] = lambda: None
    ) -> Screener:
        """Make a screener with every stage of this version; ``compiling`` as in `from_home`."""
        own = settings.home / "lexicon"
        compiled = load_compiled(settings.school, settings.cache, own=own, compiling=compiling)
        restore(settings.cache)
        works = works_of(settings.home)
        model = load_model(model_path(settings.home))
        likeness = load_likeness()
        return cls(
            stages=[
                LexiconStage(compiled, settings.pattern_seconds),
                ReproductionStage(works, settings.school),
                AdvertisingStage(model, settings.school.names),
                LikenessStage(likeness),
            ],
            policy=load_policy(),
            school=settings.school,
            versions=Versions(__version__, compiled.digest, model.digest, likeness=likeness.digest),
            works=works,
        )

    def screen_many(self, drafts: Iterable[Draft]) -> list[Screening]:
        """Screen drafts one after the other, in order, with the same result as one by one."""
        return [self.screen(draft) for draft in drafts]

    def screen(
        self,
        draft: Draft,
        prepared: Prepared | None = None,
        *,
        account: str | None = None,
        known: Iterable[Finding] = (),
    ) -> Screening:
        """Screen one draft for the platform account with the id ``account``.

        ``known`` are findings that the caller brings: what the registry says of the account.
        ``prepared`` saves normalising ``draft`` again.
        The result shows no personal number: they are masked in texts, messages and evidence.
        """
        started = time.perf_counter()
        elapsed: dict[str, float] = {}
        prepared = prepared or prepare(draft)
        results: list[StageResult] = []
        failures: list[Failure] = []
        for stage in self._stages:
            begun = time.perf_counter()
            try:
                results.append(stage.screen(prepared))
            except Exception as error:
                failures.append(Failure(stage.name, _reason(error)))
            elapsed[stage.name] = _milliseconds(begun)
        found = self._reconsidered(results, _once(known, results), failures)
        secrets = secrets_of(draft, (span for result in results for span in result.secrets))
        if failures or any(result.unscreened for result in results):
            secrets |= long_numbers(prepared.fields.values())
        masker = Masker.of(secrets)
        safe = masker.draft(draft)
        findings = _identified(safe, [_masked(finding, masker) for finding in found])
        unscreened = (*safe.unscreened, *(gap for result in results for gap in result.unscreened))
        complete = not unscreened and not failures
        elapsed["total"] = _milliseconds(started)
        return Screening(
            draft=safe,
            verdict=self._policy.verdict(findings, complete=complete),
            route=self._policy.route(
                findings, complete=complete, account=account, school=self._school
            ),
            findings=findings,
            failures=tuple(failures),
            unscreened=unscreened,
            versions=self.versions,
            elapsed_ms=elapsed,
        )

    def _reconsidered(
        self, results: list[StageResult], findings: list[Finding], failures: list[Failure]
    ) -> list[Finding]:
        """Return the findings as a second look leaves them; where there is none, as they are."""
        look = next((stage for stage in self._stages if isinstance(stage, LikenessStage)), None)
        seen = next((result for result in results if isinstance(result, LikenessResult)), None)
        if look is None or seen is None:
            return findings
        try:
            return look.reconsider(seen, findings)
        except Exception as error:
            failures.append(Failure(look.name, _reason(error)))
            return findings

    @property
    def versions(self) -> Versions:
        """The versions of everything, with the works as they are now: others may add to them."""
        if self._works is None:
            return self._versions
        try:
            return replace(self._versions, works=self._works.digest)
        except StoreError:  # the stage that asked these works has failed and says so
            return self._versions


def _reason(error: Exception) -> str:
    coded = isinstance(error, ScreeningError)
    return str(error) if coded else f"{type(error).__name__}：这一步没有完成"


def _milliseconds(since: float) -> float:
    return round((time.perf_counter() - since) * 1000, 3)


def _masked(finding: Finding, masker: Masker) -> Finding:
    if masker.pattern is None:
        return finding
    return replace(
        finding,
        message=masker.text(finding.message),
        evidence=masker.value(finding.evidence),
    )


def _once(known: Iterable[Finding], results: Iterable[StageResult]) -> list[Finding]:
    """Return all findings but remarks on wording where advertising is told of the same words."""
    findings = [*known, *(finding for result in results for finding in result.findings)]
    claims = [finding.span for finding in findings if finding.rule == CLAIM_RULE]
    return [
        finding
        for finding in findings
        if finding.category is not Category.WORDING or not any(map(finding.span.overlaps, claims))
    ]


def _identified(draft: Draft, findings: list[Finding]) -> tuple[Finding, ...]:
    """Give each finding its id: rule, field, matched words and ordinal, never a line number."""
    seen: Counter[tuple[str, str, str]] = Counter()
    result = []
    for finding in findings:
        evidence = finding.evidence
        if isinstance(evidence, LexiconEvidence):
            matched = evidence.matched
        else:
            matched = fold(draft.text(finding.span))
        key = (finding.rule, finding.span.field, matched)
        seen[key] += 1
        source = "\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")
        result.append(replace(finding, id=hashlib.sha256(source).hexdigest()[:12]))
    return tuple(result)
