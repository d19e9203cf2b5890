"""Files of derived data: what takes long to make is kept for the next start.

They stand in the home, or where SCREENING_CACHE says: then homes of the same state share them. A
cache that cannot be read or written costs time, nothing else.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

#: bytes of the checksum in front
_CHECKSUM = 4
#: states of a name that are kept, the latest
_STATES = 4


class CacheFile(Struct, frozen=True):
    """The file ``<name>-<state>.bin`` in ``folder``; of a name the latest few states are kept."""

    folder: Path
    name: str
    state: str

    def read(self) -> memoryview | None:
        """Return what was written; None where nothing was, or it is damaged."""
        try:
            data = memoryview(self._path.read_bytes())
        except OSError:
            return None
        body = data[_CHECKSUM:]
        return body if _checksum(body) == data[:_CHECKSUM] else None

    def write(self, body: bytes) -> None:
        """Write the file whole or not at all, and drop those of older states."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_suffix(f".{os.getpid()}.tmp")
            draft.write_bytes(_checksum(body) + body)
            draft.replace(self._path)
            states = self.folder.glob(f"{self.name}-*.bin")
            for old in sorted(states, key=lambda path: path.stat().st_mtime_ns)[:-_STATES]:
                old.unlink(missing_ok=True)

    @property
    def _path(self) -> Path:
        return self.folder / f"{self.name}-{self.state[:32]}.bin"


def _checksum(body: bytes | memoryview) -> bytes:
    return zlib.crc32(body).to_bytes(_CHECKSUM, "big")
