"""The parts of an Office file: a zip that is not trusted."""

from __future__ import annotations

import hashlib
import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from msgspec import Struct

from screening.errors import DraftError
from screening.readers import xmltree
from screening.readers.xmltree import Node

_MAX_PARTS = 10_000
_MAX_UNPACKED = 200 * 1024 * 1024
_MAX_XML = 64 * 1024 * 1024
#: Real documents shrink to a thirtieth at most; small parts may shrink further.
_MAX_RATIO = 200
_RATIO_FROM = 10 * 1024 * 1024
_CHUNK = 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    LookupError,
    ValueError,
    OverflowError,
    OSError,
)


class Relation(Struct, frozen=True):
    """One relationship of a part: ``kind`` is the last word of its type."""

    kind: str
    target: str
    external: bool


class Package:
    """The parts of one file; every read is bounded, whatever the zip's own figures say."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where = where
        self._left = _MAX_UNPACKED
        with self._guarded():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._parts = self._checked(self._zip.infolist())
        self._refuse_declarations()

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def xml(self, name: str, trim: Callable[[bytes], bytes] = bytes) -> Node:
        """Parse the part ``name``, cut down by ``trim`` first.

        Raises:
            DraftError: D006, it is missing or broken; D010, it has a DTD.
        """
        return xmltree.parse(trim(self._read(name)), self.where)

    def digest(self, name: str) -> str:
        """Return the digest of a part's bytes, "" when there is no such part."""
        if name not in self._parts:
            return ""
        value = hashlib.sha256()
        with self._guarded(), self._zip.open(self._parts[name]) as stream:
            while chunk := stream.read(_CHUNK):
                self._count(len(chunk))
                value.update(chunk)
        return "sha256:" + value.hexdigest()

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the relationships of ``part`` by their id; those of "" are the package's own."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self._parts:
            return {}
        return {
            node.get("Id"): Relation(
                node.get("Type").rpartition("/")[2],
                node.get("Target")
                if (external := node.get("TargetMode") == "External")
                else _resolve(folder, node.get("Target")),
                external,
            )
            for node in self.xml(path)
            if node.tag == "rel:Relationship"
        }

    def _checked(self, infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        if len(infos) > _MAX_PARTS or sum(info.file_size for info in infos) > _MAX_UNPACKED:
            raise DraftError("D009", where=self.where)
        parts: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            if info.file_size > max(_RATIO_FROM, _MAX_RATIO * info.compress_size):
                raise DraftError("D009", where=self.where)
            if info.flag_bits & 1:
                raise DraftError("D005", where=self.where)
            if info.filename in parts:
                raise DraftError("D006", where=self.where, problem=f"“{info.filename}”重复")
            parts[info.filename] = info
        return parts

    def _refuse_declarations(self) -> None:
        """Look for a DTD in every XML part, those that nobody will parse included."""
        for name in self._parts:
            if name.endswith((".xml", ".rels")):
                data = self._read(name).replace(b"\0", b"")
                if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
                    raise DraftError("D010", where=self.where)

    def _read(self, name: str) -> bytes:
        if name not in self._parts:
            raise DraftError("D006", where=self.where, problem=f"缺少“{name}”")
        with self._guarded(), self._zip.open(self._parts[name]) as stream:
            data = stream.read(_MAX_XML + 1)
        if len(data) > _MAX_XML:
            raise DraftError("D009", where=self.where)
        self._count(len(data))
        return data

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise DraftError("D009", where=self.where)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except _DAMAGE as error:
            raise DraftError("D006", where=self.where, problem="压缩包损坏") from error


def _resolve(folder: str, target: str) -> str:
    target = unquote(target)
    path = target if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(path).lstrip("/")
