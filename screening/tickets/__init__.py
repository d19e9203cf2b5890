"""Tickets: what an editor submits, stored with its screening, on its way to approval."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.settings import Settings
    from screening.tickets.desk import Desk


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
    return Desk(store, lambda: datetime.now().astimezone(), approval_days=days)
