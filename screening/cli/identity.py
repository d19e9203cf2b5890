"""``--as PERSON``: who is at the keyboard, for every command that decides or registers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from screening.registry.identity import login
from screening.registry.records import Person
from screening.registry.registrar import Registrar

as_option = click.option(
    "--as",
    "claim",
    metavar="PERSON",
    help="你的编号或姓名；口令在提示处输入，或放在 SCREENING_SECRET 里。",
)
format_option: Callable[[Any], Any] = click.option(
    "--format",
    "name",
    type=click.Choice(["text", "json"]),
    default="text",
    help="输出的格式，默认 text。",
)


def identified(registrar: Registrar, claim: str | None) -> Person:
    """Return the person that ``--as`` names, or that the login stands for; proven either way.

    Raises:
        RefusedError: P002, nobody is named; P006, the person is not proven.
        RegistryError: R001, there is nobody of that name.
    """
    return registrar.identify(claim, _asker(claim), login())


def identified_if_any(registrar: Registrar, claim: str | None) -> Person | None:
    """Return None besides where nobody is named and the login stands for nobody."""
    if claim is None and not registrar.vouches_for(login()):
        return None
    return identified(registrar, claim)


def _asker(claim: str | None) -> Callable[[], str] | None:
    """Return how to ask for the secret: the environment, then the keyboard, else not at all."""
    if (secret := os.environ.get("SCREENING_SECRET")) is not None:
        return lambda: secret
    if not sys.stdin.isatty():
        return None
    return lambda: str(click.prompt(f"{claim} 的口令", hide_input=True, err=True))
