"""Draft text made safe to show: nothing in it can steer a terminal or reorder a line."""

from __future__ import annotations

import re

_EMOJI = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    f"|(?<![{_EMOJI}])\u200d"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def visible(text: str) -> str:
    """Spell out control, bidi and zero-width characters (〔U+202E〕); tabs become spaces.

    Line breaks stay, and so does the joiner within an emoji. Lone surrogates, which no encoding
    can write, become U+FFFD.
    """
    if text.replace("\n", "").replace("\u3000", "").isprintable():  # nothing of what is looked for
        return text
    spelled = _STEERING.sub(lambda match: f"〔U+{ord(match[0]):04X}〕", text)
    return _SURROGATE.sub("\ufffd", spelled).replace("\t", " ")
