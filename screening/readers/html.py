"""HTML pages, fragments and saved 公众号 articles."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from screening.draft import DraftBuilder, Link
from screening.errors import DraftError
from screening.readers import page, wechat
from screening.readers.page import Page
from screening.readers.plain import note_lost_characters
from screening.readers.sources import Source, add_links, property_label
from screening.readers.style import Look
from screening.text.decoding import decode

_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.I)
#: What a page shows until its script has run.
_WAITING = re.compile(r"(?:正在)?加载中?|loading|请稍候|请启用|javascript|[\s.。…,，!！]", re.I)
_SITE = re.compile(
    r"\s*(?:[-–|｜]|\s—\s)\s*[^-–|｜]*"
    r"(?:网|大学|学院|学校|中学|报|新闻|频道|平台|客户端|中心|The Paper|\.com)\s*$"
)
_WHITE = (255, 255, 255)
_SHORTEST_TITLE = 4
_LONGEST_TITLE = 300


def read(source: Source) -> DraftBuilder:
    """Read a page. Raises D013 when its text is left to script, D014 when it was taken down."""
    text, encoding = _decode(source)
    builder = DraftBuilder("html", source.path, encoding)
    tree = page.parse(text, source.where)
    article = tree.css_first("#js_content")
    if article is not None or wechat.is_wechat(text):
        content = _read_article(source, tree, text)
        builder.add("title", _article_title(source, tree, content), "标题")
        _add_bylines(builder, [*wechat.byline(tree, text), *content.chrome])
    else:
        content = _read_body(source, tree)
        builder.add("title", _page_title(source, tree, content), "标题")
        _add_bylines(builder, [wechat.meta(tree, "author")])
    content.fill(builder)
    if address := wechat.original_address(text):
        builder.links.append(Link("阅读原文", address))
    builder.add("properties", wechat.meta(tree, "description"), property_label("摘要"))
    builder.add("properties", wechat.meta(tree, "keywords"), property_label("关键词"))
    add_links(builder)
    note_lost_characters(builder, content.text())
    return builder


def _decode(source: Source) -> tuple[str, str]:
    """Decode the page; what it declares counts unless its bytes are plainly UTF-8 or UTF-16."""
    found = _attempt(source.data, source.encoding)
    if source.encoding is None and (found is None or not found[1].startswith("utf")):
        declared = _CHARSET.search(source.data[:4096])
        found = (_attempt(source.data, declared.group(1).decode()) if declared else None) or found
    if found is None:
        code = "D012" if source.encoding else "D011"
        raise DraftError(code, where=source.where, encoding=source.encoding)
    return found


def _attempt(data: bytes, encoding: str | None) -> tuple[str, str] | None:
    try:
        return decode(data, encoding)
    except DraftError:
        return None


def _read_article(source: Source, tree: LexborHTMLParser, text: str) -> Page:
    """Read the 公众号 article: #js_content, or what the page's script would put there."""
    content = Page()
    root = tree.css_first("#js_content")
    if root is not None:
        # The page hides the article's root until its script has run: its own style does not count.
        content.walk(root, Look(background=_WHITE))
    if content.blocks or content.hidden:
        return content
    if body := wechat.script_body(text):
        article = page.read_page(body, source.where)
        article.chrome = content.chrome
        if article.blocks:
            return article
    whole = _visible(tree)
    if wechat.is_removed(whole.text()):
        raise DraftError("D014", where=source.where)
    if root is None and not _is_empty(whole):
        return whole
    raise DraftError("D007" if content.media else "D013", where=source.where)


def _read_body(source: Source, tree: LexborHTMLParser) -> Page:
    content = _visible(tree)
    if wechat.is_removed(content.text()):
        raise DraftError("D014", where=source.where)
    if _is_empty(content) and tree.css_first("script") is not None:
        raise DraftError("D013", where=source.where)
    return content


def _visible(tree: LexborHTMLParser) -> Page:
    """Read the whole page, whose own style does not count: scripts often unveil it."""
    content = Page()
    if tree.body is not None:
        content.walk(tree.body, Look())
    return content


def _is_empty(content: Page) -> bool:
    return not content.hidden and not _WAITING.sub("", content.text())


def _article_title(source: Source, tree: LexborHTMLParser, content: Page) -> str:
    node = tree.css_first("#activity-name")
    shown = " ".join(node.text().split()) if node else ""
    title = wechat.meta(tree, "og:title") or shown or wechat.meta(tree, "twitter:title")
    if title:
        return title if source.names_title(title) else ""
    return content.take_heading(source.names_title, leading=True)


def _page_title(source: Source, tree: LexborHTMLParser, content: Page) -> str:
    """Find the title, and take it out of the body where the page shows it."""
    node = tree.css_first("title")
    for named in (wechat.meta(tree, "og:title"), "", node.text() if node else ""):
        title = _without_site(" ".join(named.split()), content)
        if not named and (heading := _first_h1(tree)):
            title = heading
        if title:
            if not source.names_title(title):
                return ""
            content.take(title)
            return title
    return content.take_heading(source.names_title, leading=True)


def _first_h1(tree: LexborHTMLParser) -> str:
    texts = (" ".join(node.text().split()) for node in tree.css("h1"))
    return next(filter(None, texts), "")


def _without_site(named: str, content: Page) -> str:
    """Cut the site's name off a page's title: what the page itself shows says where it ends."""
    shown = (" ".join(block.text.split()) for block in content.blocks)
    heads = [text for text in shown if len(text) >= _SHORTEST_TITLE and named.startswith(text)]
    if heads:
        return max(heads, key=len)
    named = named.partition("_")[0].rstrip() or named
    return (_SITE.sub("", named) if len(named) <= _LONGEST_TITLE else "") or named


def _add_bylines(builder: DraftBuilder, lines: list[str]) -> None:
    for line in lines:
        builder.add("byline", line, "署名")
