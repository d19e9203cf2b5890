"""Subtitles (.srt, .ass, .ssa, .vtt): one cue a block, labelled with the time it appears."""

from __future__ import annotations

import html
import re

import pysubs2

from screening.draft import DraftBuilder
from screening.errors import DraftError
from screening.readers.plain import decode_text, note_lost_characters, split_lines
from screening.readers.sources import Source, property_label

#: Mark-up that players act on; any other angle bracket is text and stays.
_TAG = re.compile(r"</?(?:b|i|u|s|c|v|font|lang|ruby|rt)(?:[ .][^<>]*)?>|<\d[\d:.]*>", re.I)


def read(source: Source) -> DraftBuilder:
    """Read a subtitle file; comments of an .ass file are hidden text, drawings are skipped."""
    text, encoding = decode_text(source)
    builder = DraftBuilder("subtitles", source.path, encoding)
    cues = _parse(source, "\n".join(split_lines(text)))
    if title := cues.info.get("Title"):
        builder.add("properties", title, property_label("标题"))
    for number, cue in enumerate(cues, start=1):
        field = "hidden" if cue.is_comment else "body"
        if not cue.is_drawing:
            builder.add(field, _shown(cue, source.suffix), _clock(cue.start), f"cue{number}")
    note_lost_characters(builder, text)
    return builder


def _parse(source: Source, text: str) -> pysubs2.SSAFile:
    name = source.suffix.removeprefix(".")
    # Without this, pysubs2 drops everything between two angle brackets, words included.
    keep = {} if name in ("ass", "ssa") else {"keep_html_tags": True}
    try:
        cues = pysubs2.SSAFile.from_string(text, format_=name, **keep)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, ArithmeticError, LookupError) as error:
        raise DraftError("D006", where=source.where, problem="字幕格式不对") from error
    if not len(cues):
        raise DraftError("D006", where=source.where, problem="没有带时间的字幕")
    return cues


def _shown(cue: pysubs2.SSAEvent, suffix: str) -> str:
    """Return what a viewer reads, line by line."""
    text = _TAG.sub("", cue.plaintext)
    if suffix == ".vtt":
        text = html.unescape(text)
    return "\n".join(line for line in split_lines(text) if line)


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
