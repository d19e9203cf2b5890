"""Whatever the bytes, a draft or a coded error comes out."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.errors import DraftError, ScreeningError, UsageError
from screening.readers import READERS, read_draft, sources

from .test_html import ARTICLE
from .word import document, p, part, relation, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100
ENCRYPTED = OLE + "EncryptedPackage".encode("utf-16-le")
WORD = document(p("标题") + p("这是正文。"))
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


def locked() -> bytes:
    """A zip whose members claim to be encrypted."""
    data = bytearray(WORD)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def doubled() -> bytes:
    stream = io.BytesIO(WORD)
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", part("w:document", ""))
    return stream.getvalue()


def lying(size: int) -> bytes:
    """A zip that says its document is small, and it is not."""
    data = bytearray(document(p("甲" * 100_000)))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        if data[at + 46 :].startswith(b"word/document.xml"):
            data[at + 24 : at + 28] = size.to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


REFUSED = [
    pytest.param("a.xyz", b"x", "D001", id="unknown suffix"),
    pytest.param("a", b"x", "D001", id="no suffix"),
    pytest.param("a.doc", b"x", "D002", id="doc"),
    pytest.param("a.docx", OLE, "D002", id="doc named docx"),
    pytest.param("a.wps", b"x", "D003", id="wps"),
    pytest.param("a.pdf", b"x", "D004", id="pdf"),
    pytest.param("a.docx", ENCRYPTED, "D005", id="encrypted"),
    pytest.param("a.docx", locked(), "D005", id="encrypted zip"),
    pytest.param("a.docx", "只是文字".encode(), "D006", id="text named docx"),
    pytest.param("a.docx", WORD[:-30], "D006", id="cut short"),
    pytest.param("a.docx", b"PK\x03\x04word/", "D006", id="only a magic number"),
    pytest.param("a.docx", doubled(), "D006", id="two documents"),
    pytest.param("a.docx", zipped({"word/x.xml": "<x/>"}), "D006", id="no document"),
    pytest.param(
        "a.docx", document("", word__document_xml=part("w:document", "")), "D006", id="no body"
    ),
    pytest.param("a.docx", document("<w:p>"), "D006", id="not well-formed"),
    pytest.param("a.docx", document("<w:ins>" * 300 + "</w:ins>" * 300), "D006", id="deep"),
    pytest.param("a.md", b">" * 20_000 + b" x", "D006", id="deep markdown"),
    pytest.param("a.md", b"a" * 1_000_001, "D008", id="large markdown"),
    pytest.param("a.srt", "没有时间".encode(), "D006", id="no cues"),
    pytest.param("a.txt", b"", "D007", id="empty"),
    pytest.param("a.txt", b" \n\t\n", "D007", id="blank"),
    pytest.param("a.docx", document(p("")), "D007", id="blank docx"),
    pytest.param("a.docx", document("", core="<dc:creator>某</dc:creator>"), "D007", id="author"),
    pytest.param("a.docx", document("", word__big_xml=b" " * 60_000_000), "D009", id="zip bomb"),
    pytest.param("a.docx", lying(2000), "D006", id="zip bomb that lies"),
    pytest.param(
        "a.docx",
        document("", word__document_xml=BOMB + part("w:document", "&b;")[38:]),
        "D010",
        id="entities",
    ),
    pytest.param(
        "a.docx",
        document(p("正文"), word__settings_xml=BOMB + "<x/>"),
        "D010",
        id="unread part",
    ),
    pytest.param(
        "a.docx",
        document(p("正文"), word__settings_xml=(BOMB + "<x/>").encode("utf-16")),
        "D010",
        id="entities in utf-16",
    ),
    pytest.param("a.txt", b"\xff\xff\x80\x81\xff", "D011", id="no encoding"),
    pytest.param("a.txt", WORD, "D015", id="docx named txt"),
    pytest.param("a.txt", b"%PDF-1.7", "D015", id="pdf named txt"),
    pytest.param("a.txt", b"<!doctype html><p>x", "D015", id="page named txt"),
    pytest.param("a.docx", b"<html><p>x", "D015", id="page named docx"),
    pytest.param("a.html", WORD, "D015", id="docx named html"),
    pytest.param("a.md", b"\x89PNG\r\n\x1a\n123", "D015", id="picture named md"),
    pytest.param("a.txt", bytes(range(32)) * 9, "D015", id="binary"),
    pytest.param("a.md", b"MZ" + b"\0" * 900, "D015", id="nulls"),
]


@pytest.mark.parametrize(("name", "data", "code"), REFUSED)
def test_refused(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DraftError) as caught:
        read_draft(path)
    assert caught.value.code == code
    assert str(path) == caught.value.where


def test_missing_folder_and_large(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="U001"):
        read_draft(tmp_path / "no.txt")
    with pytest.raises(DraftError, match="D017"):
        read_draft(tmp_path)
    big = tmp_path / "big.txt"
    big.write_bytes(b"a" * (sources.MAX_BYTES + 1))
    with pytest.raises(DraftError, match="D008"):
        read_draft(big)


def test_nesting_up_to_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    inner = "<w:hyperlink>" * 190 + "<w:r><w:t>深处</w:t></w:r>" + "</w:hyperlink>" * 190
    path.write_bytes(document(f"<w:p>{inner}</w:p>"))
    assert read_draft(path).fields["body"] == "深处"


NAMES = [pytest.param("a\0b.txt", id="null"), pytest.param("长" * 300 + ".txt", id="too long")]


@pytest.mark.parametrize("name", NAMES)
def test_names_no_system_takes(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScreeningError, match=r"D016|U001"):
        read_draft(f"{tmp_path}/{name}")


def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DraftError, match="D016"):
        read_draft(path)


STDIN = [
    pytest.param(OLE, "D002", id="doc"),
    pytest.param(ENCRYPTED, "D005", id="encrypted"),
    pytest.param(b"%PDF-1.7", "D004", id="pdf"),
    pytest.param(b"{\\rtf1}", "D001", id="rtf"),
    pytest.param(b"", "D007", id="nothing"),
]


@pytest.mark.parametrize(("data", "code"), STDIN)
def test_stdin_refused(monkeypatch: pytest.MonkeyPatch, data: bytes, code: str) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    with pytest.raises(DraftError) as caught:
        read_draft("-")
    assert caught.value.code == code


def test_a_wrong_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("通知事项".encode())
    with pytest.raises(DraftError, match="D012"):
        read_draft(path, encoding="ascii")


RICH = document(
    p("标题") + p("这是正文。") + "<w:tbl><w:tr><w:tc>" + p("格") + "</w:tc></w:tr></w:tbl>",
    relation("a", "header", "header1.xml"),
    "<dc:title>旧</dc:title>",
    word__header1_xml=part("w:hdr", p("页眉")),
)
DAMAGE = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8)
EASY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def damaged(data: bytes, flips: list[tuple[float, int]], cut: float) -> bytes:
    broken = bytearray(data)
    for place, value in flips:
        broken[int(place * (len(broken) - 1))] = value
    return bytes(broken[: int(len(broken) * cut)])


@EASY
@given(DAMAGE, st.floats(0.9, 1))
def test_damaged_word(tmp_path: Path, flips: list[tuple[float, int]], cut: float) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(damaged(RICH, flips, cut))
    with contextlib.suppress(DraftError):
        assert "这是正文。" in read_draft(path).fields["body"]


@EASY
@given(DAMAGE, st.floats(0.9, 1))
def test_damaged_document_xml(tmp_path: Path, flips: list[tuple[float, int]], cut: float) -> None:
    xml = part("w:document", "<w:body>" + p("标题") + p("这是正文。") + "</w:body>").encode()
    path = tmp_path / "a.docx"
    path.write_bytes(document("", word__document_xml=damaged(xml, flips, cut)))
    with contextlib.suppress(DraftError):
        read_draft(path)


@EASY
@given(DAMAGE, st.floats(0, 1))
def test_damaged_page(tmp_path: Path, flips: list[tuple[float, int]], cut: float) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(damaged(ARTICLE.format("<p>正文</p>").encode(), flips, cut))
    with contextlib.suppress(DraftError):
        read_draft(path)


@EASY
@given(st.sampled_from(sorted(READERS)), st.binary(max_size=300) | st.text(max_size=300))
def test_any_bytes_in_any_format(tmp_path: Path, suffix: str, content: bytes | str) -> None:
    path = tmp_path / f"a{suffix}"
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    path.write_bytes(raw)
    with contextlib.suppress(DraftError):
        draft = read_draft(path)
        for block in draft.blocks:
            assert 0 <= block.start < block.end <= len(draft.fields[block.field])


LAZY = [
    pytest.param("a.txt", "正文".encode(), {"zipfile", "xml", "lxml", "selectolax"}, id="text"),
    pytest.param("a.docx", WORD, {"lxml", "selectolax", "markdown_it"}, id="docx"),
    pytest.param("a.html", b"<p>x</p>", {"lxml", "zipfile", "markdown_it", "pysubs2"}, id="html"),
]


@pytest.mark.parametrize(("name", "data", "absent"), LAZY)
def test_only_what_a_format_needs_is_loaded(
    tmp_path: Path, name: str, data: bytes, absent: set[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    code = (
        "import sys; from screening.readers import read_draft; read_draft(sys.argv[1]);"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert not absent & set(done.stdout.split())
