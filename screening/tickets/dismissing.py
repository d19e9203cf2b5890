"""Which blocking finding may stand by way of exception, and who may let it."""

from __future__ import annotations

from screening.errors import UsageError
from screening.finding import Category, Finding, Severity
from screening.registry.records import Person
from screening.registry.registry import Registry
from screening.tickets.authority import Action, refused, require
from screening.tickets.ticket import Ticket

#: What nobody can except: state secrets and personal numbers (articles 16, 22).
NEVER_DISMISSED = frozenset({Category.SECRECY, Category.PERSONAL})


def dismissible(found: Ticket, finding: str, by: Person, registry: Registry) -> Finding:
    """Return the blocking finding with the id ``finding``, if ``by`` may except it.

    Who may is said before anything else is asked for.

    Raises:
        RefusedError: P001, ``by`` may not, or nobody may.
        UsageError: U002, there is no such finding.
    """
    blocking = (item for item in found.revision.screening.findings if item.id == finding)
    which = next((item for item in blocking if item.severity is Severity.BLOCK), None)
    if which is not None and which.category in NEVER_DISMISSED:
        problem = f"{which.category.label}（{which.rule}）任何人都不能准许保留"
        raise refused(Action.DISMISS, found.number, problem, "请提交人改掉后重新送审。")
    require(Action.DISMISS, by, found.number, found.status, registry)
    if which is None:
        raise UsageError("U002", problem=f"这一稿没有“须修改”的发现 {finding}")
    if found.status.blocks is None:
        who = "请先运行 screening ticket rescreen，或请提交人重新送审。"
        raise refused(Action.DISMISS, found.number, "它是旧版软件审查的", who)
    return which
