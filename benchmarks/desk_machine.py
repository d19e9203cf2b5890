"""Run the desk's state machine for many steps: no ticket is released unapproved.

Usage::

    python benchmarks/desk_machine.py [--steps 20000] [--seed 1] [--mutant-steps 4000]

A step is one attempt of one person to do one thing; refused attempts count, they are what is tried.
Prints what was tried and how often it was done; a violation ends with exit 1 and the shortest story
that leads to it. Beside the desk as it is stand desks with one rule taken out: the same machine
has to find each of them, or it would prove nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from desk_machine import DeskMachine

from screening.finding import Target
from screening.tickets import authority

_OBJECTION = authority.objection
_EVERYTHING = settings(
    max_examples=25,
    stateful_step_count=50,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
_UNSHRUNK = settings(_EVERYTHING, phases=[Phase.generate], report_multiple_bugs=False)


def without(words: str) -> Callable[[], AbstractContextManager[object]]:
    """Return how to take out the rule whose objection says ``words``."""

    def objection(*terms: Any) -> str | None:
        said = _OBJECTION(*terms)
        return None if said and words in said else said

    return lambda: mock.patch.object(authority, "objection", objection)


def skipping(name: str) -> Callable[[], AbstractContextManager[object]]:
    """Return how to leave out a check of the release."""
    return lambda: mock.patch(f"screening.tickets.desk.{name}", lambda *_: None)


MUTANTS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "a submitter never approves": without("不能审批自己的稿件"),
    "nobody decides two steps": without("不能办两步"),
    "each step belongs to an office": without("没有这个职务"),
    "editors of the department release": without("放行，"),
    "what goes to publicity goes there": lambda: mock.patch(
        "screening.tickets.status._higher", lambda *_: Target.DEPARTMENT
    ),
    "open findings are answered": lambda: mock.patch(
        "screening.tickets.desk.unanswered", lambda *_, **__: []
    ),
    "the content is the approved one": skipping("as_approved"),
    "nothing new is in the file": skipping("nothing_new"),
    "an approval ends": skipping("in_time"),
}


def attempts() -> int:
    """Return how many steps there were."""
    return sum(DeskMachine.tried.values())


def run(steps: int, number: int, chosen: settings) -> str:
    """Run rounds of the machine until there were enough steps; return the violation, if any."""
    DeskMachine.tried.clear()
    while attempts() < steps:
        try:
            run_state_machine_as_test(seed(number)(DeskMachine), settings=chosen)
        except AssertionError as error:
            return str(error).partition("\n")[0] or "an assertion failed"
        number += 1
    return ""


def main() -> int:
    """Run the desk as it is, then with each rule taken out, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutant-steps", type=int, default=4000)
    asked = parser.parse_args()
    started = time.perf_counter()
    violation = run(asked.steps, asked.seed, _EVERYTHING)
    seconds = time.perf_counter() - started
    print("| what was tried | steps | done | refused |\n|---|---|---|---|")
    for what in sorted({what for what, _ in DeskMachine.tried}):
        done, refused = (DeskMachine.tried[what, outcome] for outcome in (True, False))
        print(f"| {what} | {done + refused} | {done} | {refused} |")
    print(f"\n{attempts()} steps, {seconds:.0f} s, violation: {violation or 'none'}\n", flush=True)
    print("| without the rule that | found after | as |\n|---|---|---|")
    missed = 0
    for name, taken_out in MUTANTS.items():
        with taken_out():
            found = run(asked.mutant_steps, asked.seed, _UNSHRUNK)
        missed += not found
        print(f"| {name} | {attempts()} steps | {found or 'NOT FOUND'} |", flush=True)
    return 1 if violation or missed else 0


if __name__ == "__main__":
    sys.exit(main())
