"""What the registry has to say of a draft: whether the account that it is for is registered."""

from __future__ import annotations

from screening.draft import Span
from screening.finding import AccountEvidence, Basis, Category, Finding, Severity
from screening.registry.records import Standing
from screening.registry.registry import Registry

STAGE = "registry"


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
