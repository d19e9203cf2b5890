"""Screening for an account: the school's names and accounts are those of the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from screening.draft import Draft, Span
from screening.finding import (
    AccountEvidence,
    Basis,
    Category,
    Finding,
    Screening,
    Severity,
    Versions,
)
from screening.pipeline import Screener
from screening.registry.records import Standing
from screening.registry.registry import Registry
from screening.settings import Settings
from screening.text import Prepared

STAGE = "registry"


class AccountScreener:
    """Screens drafts for accounts of ``registry``; ``compiling`` as :class:`Screener` takes it.

    Raises:
        SettingsError, RulesError, ModelError: as :class:`Screener` does, when it is made.
    """

    def __init__(
        self,
        settings: Settings,
        registry: Registry,
        compiling: Callable[[], None] = lambda: None,
    ) -> None:
        school = registry.school(settings.school)
        self._screener = Screener.from_settings(replace(settings, school=school), compiling)
        self._registry = registry

    @property
    def versions(self) -> Versions:
        """What the results depend on."""
        return self._screener.versions

    def screen(
        self,
        draft: Draft,
        account: str | None,
        prepared: Prepared | None = None,
        *,
        known: Iterable[Finding] = (),
    ) -> Screening:
        """Screen a draft that is to be published by ``account``, with what is ``known`` already."""
        findings = (*account_findings(self._registry, account), *known)
        return self._screener.screen(draft, prepared, account=account, known=findings)


def account_findings(registry: Registry, account: str | None) -> tuple[Finding, ...]:
    """Return a finding where ``account`` is not registered, or not in use (article 11).

    Without any registered account nothing can be said.
    """
    if account is None or not registry.accounts:
        return ()
    known = registry.accounts.get(account)
    if known is not None and known.state is Standing.ACTIVE:
        return ()
    if known is None:
        message, rule = f"账号“{account}”没有向宣传部登记备案。", "REG001"
        advice = "请核对账号编号；确是新账号的，先办登记备案，再送审。"
    else:
        message, rule = f"账号“{account}”已{known.state.label}。", "REG002"
        advice = "停用的账号不得再发布；要恢复，请先到宣传部办理变更。"
    return (
        Finding(
            stage=STAGE,
            rule=rule,
            category=Category.ACCOUNT,
            severity=Severity.REVIEW,
            span=Span("title", 0, 0),
            message=message,
            advice=advice,
            basis=(Basis(11),),
            evidence=AccountEvidence(account, known.state.value if known else None),
        ),
    )
