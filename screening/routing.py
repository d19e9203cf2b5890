"""Findings → verdict and route, by the table in data/policy/routing.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from screening import resources
from screening.errors import RulesError
from screening.finding import Finding, Route, Severity, Target, Verdict
from screening.settings import School

_REASONS = ("escalate", "level", "unknown", "department", "block", "incomplete")


class Policy(Struct, frozen=True):
    """Which severities lead to which verdict, and what sends a draft to 宣传部."""

    verdicts: Mapping[Severity, Verdict]
    publicity_severities: frozenset[Severity]
    publicity_levels: frozenset[int]
    reasons: Mapping[str, str]

    def verdict(self, findings: Sequence[Finding], *, complete: bool) -> Verdict:
        """Return the gravest verdict; what was not screened is never passed."""
        verdicts = {self.verdicts.get(finding.severity, Verdict.PASS) for finding in findings}
        if Verdict.BLOCK in verdicts:
            return Verdict.BLOCK
        return Verdict.REVIEW if Verdict.REVIEW in verdicts or not complete else Verdict.PASS

    def route(
        self,
        findings: Sequence[Finding],
        *,
        complete: bool,
        account: str | None,
        school: School,
    ) -> Route:
        """Return who must approve, with every reason that holds, in Chinese."""
        grave = [item for item in findings if item.severity in self.publicity_severities]
        platform = school.platform(account) if account else None
        first_level = platform is not None and platform.level in self.publicity_levels
        reasons = [self._escalation(grave)] if grave else []
        if platform is not None and first_level:
            reasons.append(self.reasons["level"].format(account=platform.name))
        to = Target.PUBLICITY if reasons else Target.DEPARTMENT
        if not reasons:
            reasons.append(self.reasons["department"])
        if account and platform is None:
            reasons.append(self.reasons["unknown"].format(account=account))
        blocking = sum(self.verdicts.get(item.severity) is Verdict.BLOCK for item in findings)
        if blocking:
            reasons.append(self.reasons["block"].format(count=blocking))
        if not complete:
            reasons.append(self.reasons["incomplete"])
        return Route(to, tuple(reasons))

    def _escalation(self, grave: Sequence[Finding]) -> str:
        categories = dict.fromkeys(item.category.label for item in grave)
        articles = sorted({basis for item in grave for basis in item.basis})
        return self.reasons["escalate"].format(
            categories="、".join(categories), articles="、".join(basis.label for basis in articles)
        )


def load_policy(path: Path | None = None) -> Policy:
    """Read the shipped policy, or another school's at ``path``.

    Raises:
        RulesError: L007, the table lacks something or names an unknown severity.
    """
    source = path or resources.folder("data") / "policy" / "routing.toml"
    table = resources.load_toml(source)
    try:
        verdicts = {
            Severity(name): verdict
            for verdict in (Verdict.BLOCK, Verdict.REVIEW)
            for name in table["verdict"][verdict]
        }
        return Policy(
            verdicts=verdicts,
            publicity_severities=frozenset(map(Severity, table["publicity"]["severities"])),
            publicity_levels=frozenset(table["publicity"]["levels"]),
            reasons={name: table["reasons"][name] for name in _REASONS},
        )
    except (KeyError, ValueError, TypeError) as error:
        raise RulesError("L007", kind="送审流程", problem=str(error), where=source.name) from error
