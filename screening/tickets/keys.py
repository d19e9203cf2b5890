"""Signing keys: private ones in files that only their owner can read, public ones for ever.

The folder holds ``ID.json`` for every key that there ever was, and ``ID.key``, the private half,
for the one in use.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from screening.conceal import conceal
from screening.errors import PermitError, why

_SCHEMA = "screening-key/1"
_OTHERS = 0o077


class Key(Struct, frozen=True, forbid_unknown_fields=True):
    """The public half of an Ed25519 key. ``public`` is its 32 bytes; ``id`` is their digest.

    ``made`` and ``retired`` are aware times; ``retired`` is None for the key in use. ``private`` is
    the file of the private half, never written.
    """

    id: str
    public: bytes
    made: datetime | None = None
    retired: datetime | None = None
    private: Path | None = None

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this key made ``signature`` of ``message``."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to load
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def sign(self, message: bytes) -> bytes:
        """Sign ``message``.

        Raises:
            PermitError: K003, there is no private half here; K004, others can read its file.
        """
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow to load
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        if self.private is None:
            raise PermitError("K003")
        data = _read_private(self.private)
        try:
            key = serialization.load_pem_private_key(data, password=None)
        except (ValueError, TypeError) as error:
            raise PermitError("K004", where=self.private.name, problem="读不懂") from error
        if not isinstance(key, ed25519.Ed25519PrivateKey) or key_id(_raw(key)) != self.id:
            raise PermitError("K004", where=self.private.name, problem="与公钥不是一对")
        return key.sign(message)


class Keyring:
    """The keys in ``folder``, which is made with the first key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keys(self) -> Mapping[str, Key]:
        """Return every key by id, the oldest first. Raises PermitError K004 for a broken file."""
        files = sorted(self._folder.glob("*.json"))
        keys = [self._with_private(read_key(file)) for file in files]
        return {key.id: key for key in sorted(keys, key=lambda key: (str(key.made), key.id))}

    def active(self) -> Key:
        """Return the key that signs now. Raises PermitError K003 where there is none."""
        usable = [key for key in self.keys().values() if key.private and not key.retired]
        if not usable:
            raise PermitError("K003")
        return usable[-1]

    def make(self, now: datetime) -> Key:
        """Make the first key. Raises PermitError K005 where one is in use."""
        for key in self.keys().values():
            if key.private and not key.retired:
                raise PermitError("K005", key=key.id)
        return self._make(now)

    def rotate(self, now: datetime) -> tuple[Key, Key]:
        """Retire the key in use, destroy its private half; return it and the one that follows.

        Raises:
            PermitError: K003, there is none in use.
        """
        old = self.active()
        new = self._make(now)
        for key in self.keys().values():
            if key.id != new.id and key.private is not None:
                self._write(replace(key, retired=now))
                key.private.unlink(missing_ok=True)
        return replace(old, retired=now, private=None), new

    def _make(self, now: datetime) -> Key:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow to load
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

        private = ed25519.Ed25519PrivateKey.generate()
        while conceal(key_id(_raw(private))) != key_id(_raw(private)):
            private = ed25519.Ed25519PrivateKey.generate()  # one id in sixty holds a long number
        public = _raw(private)
        data = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path = self._folder / f"{key_id(public)}.key"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(data)
        except OSError as error:
            raise PermitError("K004", where=str(path), problem=why(error)) from error
        key = Key(key_id(public), public, made=now, private=path)
        self._write(key)
        return key

    def _write(self, key: Key) -> None:
        path = self._folder / f"{key.id}.json"
        draft = path.with_suffix(".tmp")
        try:
            draft.write_text(written(key), "utf-8")
            draft.replace(path)
        except OSError as error:
            raise PermitError("K004", where=str(path), problem=why(error)) from error

    def _with_private(self, key: Key) -> Key:
        path = self._folder / f"{key.id}.key"
        return replace(key, private=path) if path.exists() else key


def written(key: Key) -> str:
    """Return the public half as a file for whoever verifies permits."""
    public = base64.b64encode(key.public).decode("ascii")
    times = {
        name: moment and moment.isoformat()
        for name, moment in (("made", key.made), ("retired", key.retired))
    }
    table = {"schema": _SCHEMA, "id": key.id, "public": public, **times}
    return msgspec.json.format(msgspec.json.encode(table), indent=2).decode() + "\n"


def read_key(path: Path) -> Key:
    """Read the public half of a key.

    Raises:
        PermitError: K004, the file cannot be read, or is none.
    """
    try:
        table: dict[str, Any] = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        schema = table.pop("schema")
        key = msgspec.convert(table, Key)
    except OSError as error:
        raise PermitError("K004", where=str(path), problem=why(error)) from error
    except (ValueError, KeyError) as error:
        raise PermitError("K004", where=str(path), problem="不是密钥文件") from error
    if schema != _SCHEMA or key.id != key_id(key.public):
        raise PermitError("K004", where=str(path), problem="内容被改动过")
    return key


def _read_private(path: Path) -> bytes:
    try:
        if sys.platform != "win32" and path.stat().st_mode & _OTHERS:
            raise PermitError("K004", where=str(path), problem="别人也能读，请 chmod 600")
        return path.read_bytes()
    except OSError as error:
        raise PermitError("K004", where=str(path), problem=why(error)) from error


def _raw(private: Any) -> bytes:
    data: bytes = private.public_key().public_bytes_raw()
    return data


def key_id(public: bytes) -> str:
    """Return the id of the key whose public half is ``public``: 16 hexadecimal digits."""
    return hashlib.sha256(public).hexdigest()[:16]
