"""Labelled texts to train on: the project's own, a school's drafts, and reviewers' judgements."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from msgspec import Struct

from screening.draft import Draft, DraftBuilder
from screening.errors import ModelError, why
from screening.text.decoding import decode

Kind = Literal["commercial", "soft", "school", "neither"]

KINDS: tuple[Kind, ...] = get_args(Kind)
#: what people may write for a kind
_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        **{kind: kind for kind in KINDS},
        "商业广告": "commercial",
        "广告": "commercial",
        "软文": "soft",
        "软广告": "soft",
        "学校事务": "school",
        "其他": "neither",
        "不是广告": "neither",
    }
)
_COLUMNS = {"类别": "kind", "标题": "title", "正文": "text", "行业": "trade", "写法": "manner"}
_CLEAN_TRADES = 6
#: of so many innocent sentences, and ordinary lines, one is learnt: most texts are longer
_SENTENCES, _LINES = 10, 15
#: their manner
SENTENCE = "sentence"
#: what sells what is forbidden sells, too
_SELLING = "illegal"
#: a finding's rule → the kind that it claimed
_CLAIMS: Mapping[str, Kind] = MappingProxyType({"ADV001": "commercial", "ADV002": "soft"})
_DECISIONS = MappingProxyType({"confirmed": True, "dismissed": False, "属实": True, "误报": False})


class LabelledText(Struct, frozen=True):
    """A text and what it is. ``trade`` and ``manner`` say what it offers and how it is written."""

    id: str
    kind: Kind
    trade: str
    manner: str
    title: str
    text: str

    @property
    def is_advertising(self) -> bool:
        """True for commercial and soft."""
        return self.kind in ("commercial", "soft")

    @property
    def draft(self) -> Draft:
        """The text as a draft, a paragraph a line."""
        builder = DraftBuilder("text")
        builder.add("title", self.title, "标题")
        for number, line in enumerate(self.text.split("\n"), 1):
            builder.add("body", line.strip("\r"), f"第{number}段")
        return builder.build()


def read_folder(folder: Path) -> list[LabelledText]:
    """Read every table of texts of the project, data/advertising/*.csv.

    Raises:
        ModelError: M003.
    """
    texts = [text for path in sorted(folder.glob("*.csv")) for text in read_table(path)]
    ids = [text.id for text in texts]
    if len(set(ids)) < len(ids):
        double = next(id_ for id_ in ids if ids.count(id_) > 1)
        raise ModelError("M003", problem=f"编号 {double} 重复")
    return texts


def read_clean(folder: Path) -> list[LabelledText]:
    """Read the ordinary campus articles of data/clean, none of which advertises.

    They are dealt to several trades, so that some can be predicted from the others.
    """
    found = []
    for number, path in enumerate(sorted(folder.glob("*.txt"))):
        title, _, text = path.read_text("utf-8").partition("\n\n")
        trade = f"campus-life-{number % _CLEAN_TRADES}"
        found.append(LabelledText(f"K{path.stem}", "neither", trade, "news", title, text.strip()))
    return found


def read_sentences(folder: Path) -> list[LabelledText]:
    """Read innocent sentences of data/likeness: a post may be no longer than one.

    Raises:
        ModelError: M003.
    """
    found = []
    for path in sorted(folder.glob("*.csv")):
        rows = csv.DictReader(io.StringIO(_content(path), newline=""))
        texts = [row["text"] for row in rows if row["expect"] == "miss"]
        found += [
            LabelledText(f"L-{path.stem}-{number}", "neither", path.stem, SENTENCE, "", text)
            for number, text in enumerate(texts[::_SENTENCES])
            if path.stem != _SELLING
        ]
    lines = (folder / "ordinary.txt").read_text("utf-8").splitlines()
    return found + [
        LabelledText(f"O-{number}", "neither", "ordinary", SENTENCE, "", line)
        for number, line in enumerate(lines[::_LINES])
    ]


def read_shipped(data: Path) -> list[LabelledText]:
    """Read every text that the shipped model is trained on, from the folder ``data``.

    Raises:
        ModelError: M003.
    """
    sentences = read_sentences(data / "likeness")
    return read_folder(data / "advertising") + read_clean(data / "clean") + sentences


def read_table(path: Path) -> list[LabelledText]:
    """Read a CSV with the columns kind (类别) and text (正文), and any of the others.

    Raises:
        ModelError: M003, with the line that is wrong.
    """
    rows = csv.DictReader(io.StringIO(_content(path), newline=""))
    names = {name: _COLUMNS.get(name.strip(), name.strip()) for name in rows.fieldnames or ()}
    if not {"kind", "text"} <= set(names.values()):
        raise ModelError("M003", where=path.name, problem="缺少“类别”或“正文”一列")
    found = []
    for number, row in enumerate(rows, 2):
        cells = {names[name]: cell or "" for name, cell in row.items() if name in names}
        found.append(_labelled(cells, path.stem, number))
    return found


def read_decisions(path: Path) -> list[LabelledText]:
    """Read reviewers' judgements of findings, one JSON table a line, as :func:`decided` takes them.

    Raises:
        ModelError: M003.
    """
    rows = []
    for number, line in enumerate(_content(path).splitlines(), 1):
        try:
            rows += [json.loads(line)] if line.strip() else []
        except ValueError as error:
            raise _no_decision(path.name, number) from error
    return decided(rows, path.name)


def decided(rows: Iterable[Mapping[str, Any]], source: str) -> list[LabelledText]:
    """Make labelled texts of reviewers' judgements, numbered from 1.

    Each has ``text`` (the passage that was flagged, or the whole draft), ``decision`` (confirmed
    or dismissed), and may have ``rule`` and ``title``. What was dismissed is no advertising;
    judgements of rules other than those for whole passages say nothing about that and are left
    out.

    Raises:
        ModelError: M003.
    """
    found = []
    for number, row in enumerate(rows, 1):
        try:
            confirmed = _DECISIONS[row["decision"]]
            rule, cells = row.get("rule", "ADV001"), {**row, "text": row["text"]}
        except (KeyError, TypeError, AttributeError) as error:
            raise _no_decision(source, number) from error
        if rule in _CLAIMS:
            kind = _CLAIMS[rule] if confirmed else "neither"
            found.append(_labelled({**cells, "kind": kind}, source, number))
    return found


def _no_decision(source: str, number: int) -> ModelError:
    problem = "每行应是一条 JSON，有 text 和 decision（confirmed 或 dismissed）"
    return ModelError("M003", where=f"{source} 第 {number} 行", problem=problem)


def _labelled(cells: Mapping[str, str], source: str, number: int) -> LabelledText:
    kind = _KINDS.get(cells["kind"].strip())
    text = cells["text"].strip()
    if kind is None or not text:
        problem = f"没有类别“{cells['kind']}”" if kind is None else "正文是空的"
        raise ModelError("M003", where=f"{source} 第 {number} 行", problem=problem)
    return LabelledText(
        id=cells.get("id") or f"{source}-{number}",
        kind=kind,
        trade=cells.get("trade") or source,
        manner=cells.get("manner") or source,
        title=cells.get("title", "").strip(),
        text=text,
    )


def _content(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError("M003", where=str(path), problem=why(error)) from error
    return decode(data)[0]


def held_back(
    texts: Iterable[LabelledText], trades: Sequence[str], manners: Sequence[str]
) -> tuple[list[LabelledText], list[LabelledText]]:
    """Part the texts to learn from from those of held-back trades or manners."""
    learnt: list[LabelledText] = []
    held: list[LabelledText] = []
    for text in texts:
        held_one = text.trade in trades or text.manner in manners
        (held if held_one else learnt).append(text)
    return learnt, held
