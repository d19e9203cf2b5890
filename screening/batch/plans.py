"""When and where each post is planned, in a few bytes a post however long the schedule."""

from __future__ import annotations

import hashlib
from array import array
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from screening.batch.done import Done
from screening.batch.post import Planned
from screening.finding import Target

#: minutes are counted from here; a post without a time has NEVER
_EPOCH = datetime(2000, 1, 1)
NEVER = -(2**31)
_MINUTE = timedelta(minutes=1)
_TIMED, _LIGHT, _UNKNOWN, _LEVELS = 1, 2, 4, 8


class Plans:
    """The plans of posts 1, 2, 3 …, added in that order."""

    def __init__(self) -> None:
        self._minutes = array("i")
        self._accounts = array("i")
        self._files = array("q")
        self._flags = bytearray()
        self._names: dict[str, int] = {"": 0}

    def __len__(self) -> int:
        return len(self._flags)

    def append(self, post: Planned, done: Done | None) -> None:
        """Add a post and what came of it, None where it was not screened."""
        account = (done.account if done else "") or post.account
        self._accounts.append(self._names.setdefault(account, len(self._names)))
        self._minutes.append(_minutes(post.planned))
        self._files.append(_digest(post.file))
        flags = _TIMED * post.timed
        if done is not None:
            flags |= _LIGHT * done.light | _UNKNOWN * done.unknown
            flags |= _LEVELS * (1 + [*Target].index(done.to)) if done.to else 0
        self._flags.append(flags)

    def planned(self, number: int) -> datetime | None:
        """Return when a post is planned."""
        minutes = self._minutes[number - 1]
        return None if minutes == NEVER else _EPOCH + minutes * _MINUTE

    def timed(self, number: int) -> bool:
        """Tell whether an hour was named, not only a day."""
        return bool(self._flags[number - 1] & _TIMED)

    def light(self, number: int) -> bool:
        """Tell whether the post is light-hearted."""
        return bool(self._flags[number - 1] & _LIGHT)

    def unknown(self, number: int) -> bool:
        """Tell whether the post's account is not registered."""
        return bool(self._flags[number - 1] & _UNKNOWN)

    def steps(self, number: int) -> tuple[Target, ...]:
        """Return who must approve, in order; none where the post was not screened."""
        return tuple(Target)[: self._flags[number - 1] // _LEVELS]

    def account(self, number: int) -> int:
        """Return a number for the post's account, 0 for none."""
        return self._accounts[number - 1]

    @property
    def accounts(self) -> list[str]:
        """The accounts by their numbers."""
        return [*self._names]

    def slots(self) -> Shared:
        """Return which posts of one account share one time."""
        flags: NDArray[Any] = np.frombuffer(bytes(self._flags), dtype=np.uint8)
        accounts: NDArray[Any] = np.array(self._accounts, dtype=np.int64)
        minutes: NDArray[Any] = np.array(self._minutes, dtype=np.int64)
        taken = (flags & _TIMED != 0) & (accounts != 0) & (minutes != NEVER)
        return Shared(accounts << 32 | (minutes - NEVER), taken)

    def files(self) -> Shared:
        """Return which posts name one file."""
        files: NDArray[Any] = np.array(self._files, dtype=np.int64)
        return Shared(files, files != 0)


class Shared:
    """Which posts have a key in common; ``keys`` of all posts, where ``given`` says that one is."""

    def __init__(self, keys: NDArray[np.int64], given: NDArray[np.bool_]) -> None:
        taken = np.flatnonzero(given)
        order = np.argsort(keys[taken], kind="stable")
        self._of = keys
        self._keys, self._numbers = keys[taken][order], taken[order] + 1
        twice = self._keys[1:] == self._keys[:-1]
        several = (self._numbers[1:][twice], self._numbers[:-1][twice])
        self._shared = frozenset(np.concatenate(several).tolist())

    def beside(self, number: int) -> list[int]:
        """Return the other posts with the key of a post, rising."""
        if number not in self._shared:
            return []
        key = self._of[number - 1]
        first = int(np.searchsorted(self._keys, key))
        last = int(np.searchsorted(self._keys, key, side="right"))
        return [item for item in self._numbers[first:last].tolist() if item != number]


def _digest(file: str) -> int:
    """Return a number for a path, 0 for none."""
    if not file:
        return 0
    return int.from_bytes(hashlib.blake2b(file.encode(), digest_size=8).digest()) >> 1


def _minutes(at: datetime | None) -> int:
    if at is None:
        return NEVER
    return max(NEVER + 1, (at.replace(tzinfo=None) - _EPOCH) // _MINUTE)
