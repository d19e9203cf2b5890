"""What only 公众号 pages have: text kept in script, the account's name, notices of removal."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser

_STRING = r"(?:JsDecode\(\s*)?(?:'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\")"
_CONTENT = re.compile(rf"\bcontent_noencode['\"]?\s*[:=]\s*{_STRING}")
_DESCRIPTION = re.compile(rf"\bwindow\.desc\s*=\s*{_STRING}")
_PICTURE = re.compile(rf"\bcdn_url['\"]?\s*:\s*{_STRING}")
_ACCOUNT = re.compile(rf"\b(?:var\s+nickname|window\.nickname|nick_name)\s*[:=]\s*{_STRING}")
_TIME = re.compile(rf"\bvar\s+(?:createTime|publish_time)\s*=\s*{_STRING}")
_SOURCE = re.compile(rf"\b(?:var\s+)?msg_source_url\s*=\s*{_STRING}")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.S)
_LETTERS = {"n": "\n", "r": "", "t": "\t", "b": "", "f": "", "v": ""}
_REMOVED = re.compile(
    "(?:抱歉|很抱歉)?[，,]?(?:该内容已被发布者删除|此内容因违规无法查看|此内容发送失败无法查看|该内容暂时无法查看"
    "|链接已过期|该?文章已被删除|此[账帐]号已(?:自主)?注销|该公众号已(?:被封禁|迁移))[。！]?$"
)
#: Such a page shows the notice, an icon's name and a button, never an article.
_LONGEST_NOTICE = 500


def is_wechat(text: str) -> bool:
    """Tell a 公众号 page by the script variables and class names that all of them carry."""
    return bool(re.search(r"\brich_media|\bcontent_noencode\b|\bmsg_title\b", text))


def is_removed(visible: str) -> bool:
    """Tell whether the page says that the article is gone, and little else."""
    return len(visible) < _LONGEST_NOTICE and any(map(_REMOVED.match, visible.split("\n")))


def script_body(text: str) -> str:
    """Return as HTML the article that the page of a 图片分享 or 文本分享 keeps in its script."""
    found = [_value(match) for match in _CONTENT.finditer(text)]
    found = (
        found
        if any(map(str.strip, found))
        else [html.unescape(_value(match)) for match in _DESCRIPTION.finditer(text)]
    )
    longest = max(found, key=len, default="").strip()
    if not longest:
        return ""
    addresses = dict.fromkeys(html.unescape(_value(match)) for match in _PICTURE.finditer(text))
    pictures = (f'<img src="{html.escape(address)}">' for address in addresses)
    return longest.replace("\n", "<br>") + "".join(pictures)


def byline(tree: LexborHTMLParser, text: str) -> list[str]:
    """Return account, author and time of publication, as far as the page gives them."""
    return list(
        dict.fromkeys(
            filter(
                None,
                (
                    _node_text(tree, "#js_name, .profile_nickname") or _variable(_ACCOUNT, text),
                    _node_text(tree, "#js_author_name") or meta(tree, "author"),
                    _node_text(tree, "#publish_time") or _variable(_TIME, text),
                ),
            )
        )
    )


def original_address(text: str) -> str:
    """Return where 阅读原文 leads."""
    return html.unescape(_variable(_SOURCE, text))


def meta(tree: LexborHTMLParser, name: str) -> str:
    """Return the content of a meta element, by its name or property."""
    node = tree.css_first(f'meta[name="{name}"], meta[property="{name}"]')
    content = (node.attributes.get("content") or "") if node else ""
    return " ".join(unescape_script(content).split())


def unescape_script(text: str) -> str:
    r"""Undo the escapes of a JavaScript string: ``\x0a``, ``\u4e00``, ``\n``, ``\'``."""
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code is None:
        return _LETTERS.get(match.group(3), match.group(3))
    char = chr(int(code, 16))
    return "\ufffd" if "\ud800" <= char <= "\udfff" else char


def _value(match: re.Match[str]) -> str:
    return unescape_script(match.group(1) or match.group(2) or "")


def _variable(pattern: re.Pattern[str], text: str) -> str:
    values = (_value(match).strip() for match in pattern.finditer(text))
    return next(filter(None, values), "")


def _node_text(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return " ".join(node.text().split()) if node else ""
