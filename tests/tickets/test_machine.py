"""A state machine over all actions, people and states: nothing is released unapproved.

``benchmarks/desk_machine.py`` runs the same machine for 20,000 steps.
"""

from __future__ import annotations

from desk_machine import DeskMachine
from hypothesis import settings

TestDesk = DeskMachine.TestCase
TestDesk.settings = settings(max_examples=4, stateful_step_count=15, deadline=None)
