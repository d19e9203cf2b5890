"""What came of each row: its result for programs, and the short form that pages are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from msgspec import Struct, to_builtins

from screening.batch.post import Post, Row
from screening.batch.remarks import Plan, Remark
from screening.batch.sketch import Sketch, unpack
from screening.batch.spool import Lines, Rows
from screening.batch.worker import PAGES, page_name
from screening.finding import Category, Severity, Verdict
from screening.text.masking import Masker, long_numbers
from screening.text.normalise import normalise

SCHEMA = "screening-batch/1"
#: digits that make a number personal where nobody judged it
_PERSONAL = 11
_INTERNAL = ("sketch", "light", "masked", "number", "account")


class Outcome(Struct, frozen=True):
    """One row as lists show it: ``counts`` by severity, ``reasons`` the labels of what was found.

    ``why`` says why it was not screened, "" if it was; ``page`` is its own page, "" for none.
    """

    number: int
    where: str
    title: str
    account: str
    department: str
    planned: str
    verdict: Verdict
    steps: int
    counts: dict[str, int]
    categories: dict[str, int]
    remarks: tuple[str, ...]
    why: str
    page: str
    ticket: str
    worst: int

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Outcome:
        """Take from one line of results.jsonl what a list shows."""
        severities = [item["severity"] for item in result["findings"]]
        categories = [item["category"] for item in result["findings"]]
        refusal = result["unscreened"] or result.get("unfiled")
        weights = [*severities, *(item["severity"] for item in result["remarks"])]
        if result["failures"]:
            refusal = {"message": "有检查步骤没有完成"}
        elif refusal is None and not result["coverage"]["complete"]:
            weights.append(Severity.REVIEW)
        return cls(
            number=result["number"],
            where=result["where"],
            title=result["title"],
            account=result["account"],
            department=result["department"],
            planned=result["planned"],
            verdict=Verdict(result["verdict"]),
            steps=len(result["route"]["steps"]) if result["route"] else 0,
            counts={item.value: severities.count(item) for item in reversed(Severity)},
            categories={
                item.label: categories.count(item) for item in Category if item in categories
            },
            remarks=(*result["notes"], *(item["message"] for item in result["remarks"])),
            why=refusal["message"] if refusal else "",
            page=result["report"] or "",
            ticket=result["ticket"] or "",
            worst=max((Severity(item).rank for item in weights), default=-1),
        )


def outcomes(
    rows: Rows, lines: Lines, remarks: Mapping[int, Sequence[Remark]], *, pages: bool
) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield every row in order, its cells safe to show, with its line of results.jsonl."""
    for row in rows:
        number = row.post.number
        done: dict[str, Any] = dict(lines.read(number)) if number in lines else {}
        shown = _shown(row, done)
        result = _result(shown, done)
        result["remarks"] = to_builtins(list(remarks.get(number, ())))
        if pages and done and result["unscreened"] is None:
            result["report"] = f"{PAGES}/{page_name(number)}"
        yield shown, result


def plans_of(rows: Rows, lines: Lines) -> tuple[list[Plan], list[Sketch]]:
    """Return what the checks of the whole schedule need of each row."""
    plans, sketches = [], []
    for row in rows:
        number, post = row.post.number, row.post
        done: dict[str, Any] = dict(lines.read(number)) if number in lines else {}
        screened = "route" in done
        title = _shown(row, done).post.title
        plans.append(
            Plan(
                number,
                post.where,
                title,
                done.get("account") or post.account,
                post.planned,
                post.timed,
                done["route"]["to"] if screened else "",
                bool(done.get("light")),
            )
        )
        packed = done.get("sketch", "")
        sketches.append(unpack(packed) if packed else np.zeros(0, dtype=np.uint32))
    return plans, sketches


def _result(row: Row, done: Mapping[str, Any]) -> dict[str, Any]:
    post = row.post
    refusal = to_builtins(row.refusal) if row.refusal else done.get("unscreened")
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "number": post.number,
        "sheet": row.sheet,
        "row": row.row,
        "where": post.where,
        "title": post.title,
        "account": done.get("account") or post.account,
        "department": post.department,
        "editor": post.editor,
        "planned": _told(post.planned, timed=post.timed),
        "notes": list(row.remarks),
        "unscreened": refusal,
        "verdict": Verdict.REVIEW.value,
        "route": None,
        "draft": None,
        "coverage": {"complete": False, "unscreened": []},
        "findings": [],
        "failures": [],
        "report": None,
        "ticket": None,
    }
    kept = {name: value for name, value in done.items() if name not in _INTERNAL}
    return result | kept | {"unscreened": refusal}


def _shown(row: Row, done: Mapping[str, Any]) -> Row:
    """Return the row with personal numbers masked, as the screening masked them in its draft."""
    post, masked = row.post, done.get("masked", {})
    title = masked.get("title", "") or _masked(post.title)
    own = {post.title: title} if post.title else {}
    if post.text:
        own[post.text] = masked.get("text", post.text)
        if not done.get("draft"):
            own[post.text] = _masked(post.text)
    cells = tuple(own.get(cell.strip()) or _masked(cell) for cell in row.cells)
    shown = Post(
        post.number,
        _masked(post.where),
        title or _masked((done.get("draft") or {}).get("title", "")),
        account=_masked(post.account),
        department=_masked(post.department),
        editor=_masked(post.editor),
        planned=post.planned,
        timed=post.timed,
    )
    return Row(row.sheet, row.row, cells, shown, row.refusal, row.remarks)


def _masked(text: str) -> str:
    """Mask every number of eleven or more digits: nobody has judged whose it is."""
    if sum(map(str.isdigit, text)) < _PERSONAL:
        return text
    found = long_numbers([normalise(text)])
    return Masker.of(item for item in found if sum(map(str.isdigit, item)) >= _PERSONAL).text(text)


def _told(planned: datetime | None, *, timed: bool) -> str:
    if planned is None:
        return ""
    return planned.strftime("%Y-%m-%d %H:%M" if timed else "%Y-%m-%d")
