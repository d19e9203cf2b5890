"""Run the desk's state machine for many steps: no ticket is released unapproved.

Usage::

    python benchmarks/desk_machine.py [--steps 20000] [--seed 1]

A step is one attempt of one person to do one thing; refused attempts count, they are what is
tried. Prints how many steps, releases and violations there were; a violation ends with exit 1 and
the shortest story that leads to it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from desk_machine import DeskMachine


def main() -> int:
    """Run rounds of the machine until there were enough steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chosen = settings(
        max_examples=25,
        stateful_step_count=60,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    started, rounds = time.perf_counter(), 0
    while DeskMachine.steps < asked.steps:
        try:
            run_state_machine_as_test(seed(asked.seed + rounds)(DeskMachine), settings=chosen)
        except AssertionError as error:
            print(f"violated after {DeskMachine.steps} steps: {error}")
            return 1
        rounds += 1
    print(
        f"{DeskMachine.steps} steps, {DeskMachine.released} releases, 0 violations, "
        f"{time.perf_counter() - started:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
