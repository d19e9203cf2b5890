"""Signed statements of the school: one canonical form, one way to sign and to verify it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from screening.errors import PermitError
from screening.tickets.keys import Key


class Statement(Struct, frozen=True, forbid_unknown_fields=True):
    """Something signed, as it is written: its fields are plain JSON values, exactly as signed.

    ``key`` is the id of the key, ``signature`` its Ed25519 signature of :attr:`message` in base64.
    """

    schema: str
    key: str
    signature: str

    @property
    def message(self) -> bytes:
        """What is signed: everything but the signature, as canonical JSON."""
        signed = msgspec.to_builtins(self)
        del signed["signature"]
        return json.dumps(signed, sort_keys=True, separators=(",", ":")).encode("ascii")


Kind = TypeVar("Kind", bound=Statement)
Content = TypeVar("Content", bound=Struct)


def plain(value: Struct) -> dict[str, Any]:
    """Return a struct as the plain JSON values that are signed."""
    values: dict[str, Any] = json.loads(json.dumps(msgspec.to_builtins(value)))  # tuples to lists
    return values


def content_of(
    values: dict[str, Any],
    kind: type[Content],
    times: Callable[[Content], Iterable[datetime]],
    code: str,
) -> Content:
    """Return signed values as a struct; ``times`` names those of its times that must be aware.

    Raises:
        PermitError: ``code``, a value makes no sense.
    """
    try:
        content = msgspec.convert(values, kind)
    except ValueError as error:
        raise PermitError(code, problem="有缺少、多余或写错的内容") from error
    if any(moment.tzinfo is None for moment in times(content)):
        raise PermitError(code, problem="时间没有写明时区")
    return content


def signed_by(key: Key, draft: Kind) -> Kind:
    """Return ``draft`` signed. Raises PermitError K003 and K004 where the key cannot be used."""
    signature = base64.b64encode(key.sign(draft.message)).decode("ascii")
    return msgspec.structs.replace(draft, signature=signature)


def is_genuine(statement: Statement, key: Key) -> bool:
    """Tell whether ``key`` signed exactly this; a signature is compared in its one base64 form."""
    try:
        signature = base64.b64decode(statement.signature, validate=True)
        message = statement.message
    except (binascii.Error, ValueError):
        return False
    canonical = base64.b64encode(signature).decode() == statement.signature
    return canonical and key.signed(message, signature)


def signature_faults(
    statement: Statement, issued: datetime, keys: Mapping[str, Key], what: str
) -> list[str]:
    """Return what speaks against the signature of ``what`` was issued then.

    Raises:
        PermitError: K002, its key is not among ``keys``.
    """
    key = keys.get(statement.key)
    if key is None:
        raise PermitError("K002", key=statement.key)
    if not is_genuine(statement, key):
        return [f"签名不对：{what}被改动过，或不是学校签发的"]
    if key.retired is not None and issued > key.retired:
        return [f"签发时密钥 {key.id} 已经停用"]
    return []


def read(text: str | bytes, kind: type[Kind], schema: str, *, code: str, what: str) -> Kind:
    """Read a statement that was written as JSON, called ``what``.

    Raises:
        PermitError: ``code``, it is none of this kind, or has anything that this does not have.
    """
    try:
        statement = msgspec.convert(json.loads(text, object_pairs_hook=_each_once), kind)
    except (ValueError, RecursionError) as error:
        raise PermitError(code, problem=f"不是{what}，或内容残缺") from error
    if statement.schema != schema:
        raise PermitError(code, problem="它由更新版本的软件写成，请先升级")
    return statement


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a name twice")
    return table
