"""The digests that chain the log: whoever alters one record breaks every link after it.

The form below is fixed for ever: another one would make every stored chain look forged.
"""

from __future__ import annotations

import hashlib
import json

from msgspec import Struct

#: What the first event of a store points back to.
GENESIS = "sha256:" + "0" * 64


class Record(Struct, frozen=True):
    """One event as the store keeps it, all but its own digest.

    ``sequence`` counts all events of the store from 1, ``ordinal`` those of one ``ticket``, a
    number; both are None for what concerns no ticket. ``payload`` is ASCII JSON, ``at`` an ISO time
    in UTC. ``seal`` is the :func:`seal` of what the event brought, "" where it brought nothing.
    """

    sequence: int
    ticket: str | None
    ordinal: int | None
    kind: str
    at: str
    actor: str
    payload: str
    seal: str

    def digest(self, previous: str) -> str:
        """Return the digest of this event after the event with the digest ``previous``."""
        values = (getattr(self, name) for name in self.__struct_fields__)
        return seal(previous, *values)


def seal(*values: str | int | None) -> str:
    """Return ``sha256:…`` over ``values`` as one canonical JSON array."""
    encoded = json.dumps(values, ensure_ascii=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(encoded.encode("ascii")).hexdigest()
