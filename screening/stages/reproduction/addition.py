"""One batch on its way into the catalogue: which works are new, which are there already."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from screening.stages.reproduction.catalogue import Catalogue, Row
from screening.stages.reproduction.fingerprints import GUARANTEE, Batch
from screening.stages.reproduction.index import add_segment
from screening.stages.reproduction.segment import Postings
from screening.stages.reproduction.work import Licence, Work

#: an address with something behind the site's name
_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?P<host>[^/?#]+)(?P<path>/?[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE,
)


class Added(Struct, frozen=True):
    """How many works are new, took an older text's place or told more, were there, were short.

    A short one has fewer than GUARANTEE letters and digits: nobody could find a copy of it.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    short: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.short + other.short,
        )


class Addition:
    """Adds one batch within a writing transaction; ``now`` is when its works became known."""

    def __init__(self, catalogue: Catalogue, batch: Batch, now: str) -> None:
        self._catalogue = catalogue
        self._batch = batch
        self._now = now
        self._next = catalogue.last_number() + 1
        self._by_content = catalogue.numbers("content", batch.contents)
        self._by_address: dict[bytes, int] = {}
        self._fresh: dict[int, tuple[int, Work]] = {}

    def run(self, works: Sequence[Work], bodies: Sequence[bytes]) -> Added:
        """Add ``works``, whose fingerprints the batch holds and whose packed texts are given."""
        addresses = [address_of(work.url) for work in works]
        known = [address for address in addresses if address]
        self._by_address = self._catalogue.numbers("address", known)
        total = Added()
        for place, (work, address) in enumerate(zip(works, addresses, strict=True)):
            total += self._add(place, work, address)
        self._write(bodies)
        return total

    def _add(self, place: int, work: Work, address: bytes | None) -> Added:
        if self._batch.letters[place] < GUARANTEE:
            return Added(short=1)
        content = self._batch.contents[place]
        there = self._by_content.get(content)
        same_address = self._by_address.get(address) if address else None
        if there is not None:
            changed = self._tell(there, work, corrects=there == same_address)
            return Added(updated=1) if changed else Added(unchanged=1)
        if same_address is not None:
            self._drop(same_address)
        self._fresh[self._next] = place, work
        self._by_content[content] = self._next
        if address:
            self._by_address[address] = self._next
        self._next += 1
        return Added(added=1) if same_address is None else Added(updated=1)

    def _tell(self, number: int, work: Work, *, corrects: bool) -> bool:
        """Give the particulars of ``work`` to the one that is there; tell whether they were new."""
        if number in self._fresh:
            place, old = self._fresh[number]
            new = told(old, work, corrects=corrects)
            self._fresh[number] = place, new
            return new != old
        row = self._catalogue.row(number)
        old = row.work()
        new = told(old, work, corrects=corrects)
        if new == old:
            return False
        address = address_of(new.url)
        if address != row.address and address in self._by_address:
            new, address = replace(new, url=old.url), row.address
        self._catalogue.replace(row, row_of(number, new, row.letters, row.content, row.added))
        if address:
            self._by_address[address] = number
        return True

    def _drop(self, number: int) -> None:
        """Forget the older text of an address."""
        if self._fresh.pop(number, None) is None:
            self._catalogue.delete([number])
        self._by_content = {key: n for key, n in self._by_content.items() if n != number}

    def _write(self, bodies: Sequence[bytes]) -> None:
        batch = self._batch
        rows = [
            row_of(number, work, int(batch.letters[place]), batch.contents[place], self._now)
            for number, (place, work) in self._fresh.items()
        ]
        places = [place for place, _ in self._fresh.values()]
        self._catalogue.insert(rows, [bodies[place] for place in places])
        numbers = np.zeros(len(bodies), dtype=np.uint32)
        numbers[places] = [row.id for row in rows]
        works = numbers[batch.texts]
        mine = works != 0
        add_segment(
            self._catalogue,
            Postings(batch.hashes[mine], works[mine], batch.positions[mine].astype(np.uint32)),
        )


def told(old: Work, new: Work, *, corrects: bool) -> Work:
    """Return ``old`` with what ``new`` tells more.

    The same address corrects what was said before; another one, likely a reprint, only fills in
    what was missing. A licence is always told on purpose.
    """
    first, second = (new, old) if corrects else (old, new)
    return replace(
        old,
        title=first.title or second.title,
        author=first.author or second.author,
        site=first.site or second.site,
        url=first.url or second.url,
        published=first.published or second.published,
        licence=old.licence if new.licence is Licence.UNKNOWN else new.licence,
    )


def address_of(url: str | None) -> bytes | None:
    """Digest an address, so that its spelling makes no difference; None for a whole site's."""
    found = _ADDRESS.fullmatch(url.strip()) if url else None
    if found is None or not (found["path"].strip("/") or found["query"]):
        return None
    spelled = f"{found['host'].lower()}{found['path'].rstrip('/')}?{found['query'] or ''}"
    return hashlib.blake2b(spelled.encode(), digest_size=16).digest()


def row_of(number: int, work: Work, letters: int, content: bytes, added: str) -> Row:
    """Make the row of the work with ``number``."""
    particulars = (work.title, work.author, work.site, work.url, work.published, work.licence.value)
    whole = repr(particulars).encode() + content
    digest = hashlib.blake2b(whole, digest_size=16).digest()
    return Row(number, *particulars, letters, content, address_of(work.url), digest, added)
