"""The registry: departments, the people who work for them, and the accounts they publish on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening import clock
from screening.database import FILE

if TYPE_CHECKING:
    from screening.registry.registrar import Registrar
    from screening.registry.registry import Registry
    from screening.settings import Settings


def open_registrar(settings: Settings) -> Registrar:
    """Return the registrar of the settings' home; its store is made when it is not there.

    Raises:
        StoreError: T002, the store cannot be used; T003, newer software wrote it.
    """
    from screening.database.engine import Database, store_url  # noqa: PLC0415 - slow to load
    from screening.registry.registrar import Registrar  # noqa: PLC0415

    database = Database(store_url(settings))
    logins = {user.login: user.person for user in settings.users}
    return Registrar(database, clock.now, settings.school, logins)


def read_registry(settings: Settings) -> Registry:
    """Return what is registered in the settings' home; makes no store where there is none."""
    from screening.registry.registry import Registry  # noqa: PLC0415 - loads msgspec

    if not settings.store_url and not (settings.home / FILE).exists():
        return Registry()
    return open_registrar(settings).registry()
