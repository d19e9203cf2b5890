"""Bytes of every encoding a Chinese office still uses, and the traps among them."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.errors import DraftError
from screening.text.decoding import decode

NOTICE = "关于举办第三届校园阅读节的通知\n各学院：请于4月23日前报名。"
TRADITIONAL = "關於舉辦第三屆校園閱讀節的通知，請各學院於四月廿三日前報名。"

DETECTED = [
    pytest.param(NOTICE, "utf-8", b"", "utf-8", id="utf-8"),
    pytest.param(NOTICE, "utf-8", codecs.BOM_UTF8, "utf-8-sig", id="utf-8 with mark"),
    pytest.param("plain ASCII\n", "ascii", b"", "utf-8", id="ascii"),
    pytest.param(NOTICE, "gbk", b"", "gb18030", id="gbk"),
    pytest.param("教务处〔2024〕3号 𠮷某", "gb18030", b"", "gb18030", id="four-byte gb18030"),
    pytest.param(NOTICE, "gb18030", b"\x84\x31\x95\x33", "gb18030", id="gb18030 with mark"),
    pytest.param("通知", "gbk", b"", "gb18030", id="short gbk that is valid utf-8"),
    pytest.param("一些", "gbk", b"", "gb18030", id="another short gbk"),
    pytest.param("一些\r\n", "gbk", b"", "gb18030", id="short gbk with a line end"),
    pytest.param("路", "gbk", b"", "gb18030", id="one character of gbk"),
    pytest.param("café résumé", "utf-8", b"", "utf-8", id="accents are not gbk"),
    pytest.param("A·B 5×3", "utf-8", b"", "utf-8", id="signs are not gbk"),
    pytest.param(TRADITIONAL, "big5", b"", "big5", id="big5"),
    pytest.param("學校公告", "big5", b"", "big5", id="short big5"),
    pytest.param(TRADITIONAL, "gbk", b"", "gb18030", id="traditional in gbk"),
    pytest.param(TRADITIONAL, "utf-8", b"", "utf-8", id="traditional in utf-8"),
    pytest.param(NOTICE, "utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le", id="utf-16-le with mark"),
    pytest.param(NOTICE, "utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be", id="utf-16-be with mark"),
    pytest.param(NOTICE, "utf-16-le", b"", "utf-16-le", id="utf-16-le"),
    pytest.param(NOTICE, "utf-16-be", b"", "utf-16-be", id="utf-16-be"),
    pytest.param("plain ASCII", "utf-16-le", b"", "utf-16-le", id="ascii in utf-16"),
    pytest.param("通知", "utf-16-le", b"", "utf-16-le", id="short utf-16"),
    pytest.param(NOTICE, "utf-32-le", codecs.BOM_UTF32_LE, "utf-32-le", id="utf-32 with mark"),
    pytest.param("", "utf-8", b"", "utf-8", id="nothing"),
]


@pytest.mark.parametrize(("text", "encoding", "mark", "name"), DETECTED)
def test_detected(text: str, encoding: str, mark: bytes, name: str) -> None:
    assert decode(mark + text.encode(encoding)) == (text, name)


GIVEN = [
    pytest.param("café", "latin-1", b"", "latin-1", "iso8859-1", id="latin-1"),
    pytest.param("通知", "gbk", b"", "GBK", "gb18030", id="gbk is read as gb18030"),
    pytest.param("镕基", "gbk", b"", "gb2312", "gb18030", id="beyond gb2312"),
    pytest.param("著", "big5", b"", "big5", "big5", id="big5"),
    pytest.param("通知", "utf-8", codecs.BOM_UTF8, "utf-8", "utf-8-sig", id="mark is no text"),
    pytest.param("通知", "utf-16-be", codecs.BOM_UTF16_BE, "utf-16", "utf-16-be", id="utf-16"),
]


@pytest.mark.parametrize(("text", "encoding", "mark", "given", "name"), GIVEN)
def test_given(text: str, encoding: str, mark: bytes, given: str, name: str) -> None:
    assert decode(mark + text.encode(encoding), given) == (text, name)


REFUSED = [
    pytest.param(NOTICE.encode("gbk"), "utf-8", "D012", id="not what was said"),
    pytest.param(b"abc", "no-such-encoding", "D012", id="no such encoding"),
    pytest.param(b"abc", "", "D012", id="empty name"),
    pytest.param(b"abc", "rot13", "D012", id="not a text encoding"),
    pytest.param(b"abc", "nul\0", "D012", id="a name with a null"),
    pytest.param(b"\\ud800", "unicode_escape", "D012", id="half a surrogate pair"),
    pytest.param(codecs.BOM_UTF8 + b"\xff", None, "D012", id="mark without its encoding"),
    pytest.param(b"\xff\xff\x80\x81\xff", None, "D011", id="no encoding at all"),
    pytest.param("Привет, как дела?".encode("koi8-r"), None, "D011", id="no encoding of ours"),
    pytest.param("きょうはいい天気です".encode("shift_jis"), None, "D011", id="no UTF-16 noise"),
]


@pytest.mark.parametrize(("data", "given", "code"), REFUSED)
def test_refused(data: bytes, given: str | None, code: str) -> None:
    with pytest.raises(DraftError) as caught:
        decode(data, given)
    assert caught.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text, name = decode(data)
    except DraftError as error:
        assert error.code in ("D011", "D012")
        return
    assert "\ufffd" not in text or "\ufffd".encode(name.removesuffix("-sig")) in data
    assert text.encode("utf-8").decode("utf-8") == text


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1))
def test_utf8_han_is_always_utf8(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")
