"""How browsers treat the elements of HTML, as far as their text is concerned."""

from __future__ import annotations


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Elements that stand on lines of their own.
BLOCKS = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer foreignobject form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html"
    " legend li main menu nav noframes ol optgroup option p pre search section summary table tbody"
    " td text tfoot th thead tr ul"
)
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
#: Elements whose text nobody is shown.
SKIPPED = _names(
    "annotation annotation-xml base datalist defs desc head link meta metadata noscript param rp"
    " script source style template title track"
)
#: Elements that nest nothing: they have no end tag, or do without.
UNNESTED = _names("area base br col embed hr img input li link meta p param td th tr wbr")
#: Elements that show something other than text → what it is.
EMBEDDED = {
    "audio": "音频",
    "canvas": "画布",
    "embed": "嵌入对象",
    "iframe": "嵌入网页",
    "mpvideo": "视频",
    "mpvoice": "音频",
    "object": "嵌入对象",
    "qqmusic": "音频",
    "video": "视频",
}
