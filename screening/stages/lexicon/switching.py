"""Switches rules off and on again; secrecy and personal numbers stay on whoever asks."""

from __future__ import annotations

from screening.errors import RulesError
from screening.finding import Category
from screening.stages.lexicon.load import RuleBook
from screening.stages.lexicon.own import OwnStore, State, Switch
from screening.stages.lexicon.rules import AnyRule, PatternRule, is_own

_NAMES: dict[State, str] = {"active": "启用", "disabled": "停用"}


def switch_rule(store: OwnStore, book: RuleBook, rule_id: str, switch: Switch) -> AnyRule:
    """Switch a rule on or off, record who did it, when and why, and return the rule.

    Raises:
        RulesError: L005, there is no such rule; L009, it cannot be switched off; L010, it is
            retired, or switched so already.
        StoreError: L011, the store cannot be written.
    """
    rule = book.rule(rule_id)
    if rule.status == "retired":
        raise RulesError("L010", rule=rule.id, problem="已经废止，不能再停用或启用")
    if switch.state == "disabled" and _stays_on(rule):
        raise RulesError("L009", rule=rule.id)
    with store.lock():
        if (rule.id in store.disabled()) == (switch.state == "disabled"):
            raise RulesError("L010", rule=rule.id, problem=f"现在就是{_NAMES[switch.state]}的")
        store.switch(rule.id, switch)
    return rule


def _stays_on(rule: AnyRule) -> bool:
    """Tell whether nobody may switch a rule off; what a school brought in it may take back."""
    secret = isinstance(rule, PatternRule) and rule.secret
    return secret or (rule.category is Category.SECRECY and not is_own(rule.id))
