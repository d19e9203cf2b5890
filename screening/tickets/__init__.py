"""Tickets: what an editor submits, stored with its screening, on its way to approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening import clock

if TYPE_CHECKING:
    from screening.settings import Settings
    from screening.tickets.archive import Archive
    from screening.tickets.desk import Desk


def open_archive(settings: Settings) -> Archive:
    """Return the tickets of the settings' home to be read, even where nothing can be written.

    Raises:
        StoreError: T002, the store cannot be used; T003, newer software wrote it.
    """
    from screening.database.engine import Database, store_url  # noqa: PLC0415 - slow to load
    from screening.tickets.archive import Archive  # noqa: PLC0415
    from screening.tickets.store import Store  # noqa: PLC0415

    return Archive(Store(Database(store_url(settings), read_only=True)))


def open_desk(settings: Settings) -> Desk:
    """Return the desk of the settings' home; its store is made when it is not there.

    Raises:
        StoreError: T002, the store cannot be used; T003, newer software wrote it.
    """
    from screening.database.engine import store_url  # noqa: PLC0415 - slow to load
    from screening.tickets.desk import Desk  # noqa: PLC0415
    from screening.tickets.store import Store  # noqa: PLC0415

    store = Store.at(store_url(settings))
    days = settings.approval_days
    return Desk(store, clock.now, approval_days=days)
