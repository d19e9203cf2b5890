"""What came of each row: its line of results.jsonl, and the short form that lists show."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET, Raw, Struct, UnsetType

from screening.batch.done import PARTS, SCREENED, Done, Screened
from screening.batch.post import Post, Refusal, Row
from screening.batch.remarks import Remark
from screening.batch.worker import PAGES, page_name
from screening.conceal import conceal
from screening.finding import Category, Severity, Verdict
from screening.stages.lexicon.suspects import suspects
from screening.text.masking import Masker, long_numbers, mask
from screening.text.normalise import normalise

SCHEMA = "screening-batch/1"
#: digits that make a number personal where nobody judged it
_PERSONAL = 11
#: figures of the shortest number that may be one where a label says so
_FEWEST = 6
#: rows that a browser sorts without a wait; beyond, those that need nobody are left to the workbook
_SHOWN = 5_000
#: rows of a kind that are told one by one
_TOLD = 20
_SEVERITIES = (*reversed(Severity),)
_NOTHING = Raw(b"null")
_UNSCREENED = Raw(b'{"complete":false,"unscreened":[]}')
_NONE = Raw(b"[]")


class Result(Struct):
    """One line of results.jsonl; what the screening said stands in it as it was written."""

    schema: str
    number: int
    sheet: str
    row: int
    where: str
    title: str
    account: str
    department: str
    editor: str
    planned: str
    notes: tuple[str, ...]
    unscreened: Refusal | None
    ticket: str | None
    report: str | None
    remarks: list[Remark]
    verdict: Raw = Raw(b'"review"')
    route: Raw = _NOTHING
    draft: Raw = _NOTHING
    coverage: Raw = _UNSCREENED
    findings: Raw = _NONE
    failures: Raw = _NONE
    versions: Raw = _NOTHING
    unfiled: Refusal | UnsetType = UNSET


class Told(Struct):
    """A row, its cells safe to show, with its result; ``screened`` is None where it was refused."""

    row: Row
    result: Result
    screened: Screened | None

    @property
    def problem(self) -> str:
        """Why the row was not screened, "" if it was."""
        return self.result.unscreened.message if self.result.unscreened else ""

    @property
    def unfiled(self) -> str:
        """Why no ticket was filed for the row that should have been, "" if that is not so."""
        return self.result.unfiled.message if self.result.unfiled else ""


class Outcome(Struct, frozen=True):
    """One row as lists show it: ``counts`` by severity, ``reasons`` the labels of what was found.

    ``why`` says why it was not screened, ``unfiled`` why not filed, "" if it was; ``page`` is its
    own page, "" for none; ``kinds`` what its remarks are about.
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
    kinds: tuple[str, ...]
    why: str
    unfiled: str
    page: str
    ticket: str
    worst: int

    @classmethod
    def of(cls, told: Told) -> Outcome:
        """Take from a row's result what a list shows."""
        result, screened = told.result, told.screened
        found = screened.findings if screened else ()
        severities = [item.severity for item in found]
        categories = [item.category for item in found]
        worst = [item.rank for item in severities]
        worst += [Severity(item.severity).rank for item in result.remarks]
        why = told.problem
        if screened and screened.failures:
            why = "有检查步骤没有完成"
        elif not why and screened and not screened.coverage.complete:
            worst.append(Severity.REVIEW.rank)
        return cls(
            number=result.number,
            where=result.where,
            title=result.title,
            account=result.account,
            department=result.department,
            planned=result.planned,
            verdict=screened.verdict if screened else Verdict.REVIEW,
            steps=len(screened.route.steps) if screened else 0,
            counts={item.value: severities.count(item) for item in _SEVERITIES},
            categories={
                item.label: categories.count(item)
                for item in (Category if categories else ())
                if item in categories
            },
            remarks=(*result.notes, *(item.message for item in result.remarks)),
            kinds=(*("表格里的行或时间" for _ in result.notes), *(x.label for x in result.remarks)),
            why=why,
            unfiled=told.unfiled,
            page=result.report or "",
            ticket=result.ticket or "",
            worst=max(worst, default=-1),
        )


class Kept:
    """How many rows of a kind there are, and the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Outcome] = []

    def add(self, item: Outcome, *, shown: bool = True) -> None:
        """Count a row; it is among the first only where it is ``shown``."""
        self.count += 1
        if shown and len(self.first) < _TOLD:
            self.first.append(item)


class Totals:
    """What came of all rows together, and the rows that a page shows: those that need most.

    ``lost`` rows were not screened whole, ``filed`` ones have a ticket, ``unfiled`` ones should
    have one; ``kinds`` counts what remarks are about.
    """

    def __init__(self) -> None:
        self.total = 0
        self.worst = -1
        self.verdicts: Counter[Verdict] = Counter()
        self.categories: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.filed = Kept()
        self.lost, self.remarked, self.unfiled = Kept(), Kept(), Kept()
        self._heaviest: list[tuple[bool, int, int, Outcome]] = []

    def add(self, item: Outcome) -> None:
        """Count one more row."""
        self.total += 1
        self.worst = max(self.worst, item.worst)
        self.categories.update(item.categories)
        self.kinds.update(item.kinds)
        if item.ticket:
            self.filed.add(item)
        if item.remarks:
            self.remarked.add(item)
        if item.unfiled:
            self.unfiled.add(item)
        if item.why:
            self.lost.add(item, shown=not item.why.startswith("[B012]"))  # B001 said why
        else:
            self.verdicts[item.verdict] += 1
        weight = (bool(item.why or item.unfiled), item.worst, -item.number, item)
        if len(self._heaviest) < _SHOWN:
            heapq.heappush(self._heaviest, weight)
        else:
            heapq.heappushpop(self._heaviest, weight)

    @property
    def outcomes(self) -> list[Outcome]:
        """Return all rows, or of very many those that need somebody first, in their order."""
        return sorted((item for *_, item in self._heaviest), key=lambda item: item.number)


def told_of(row: Row, done: Done | None, remarks: Sequence[Remark], *, pages: bool) -> Told:
    """Return a row, its cells safe to show, with its result."""
    shown = shown_row(row, done)
    post, number = shown.post, row.post.number
    refusal = row.refusal or (done.unscreened if done else None)
    screened = done is not None and refusal is None
    result = Result(
        SCHEMA,
        number,
        sheet=row.sheet,
        row=row.row,
        where=post.where,
        title=post.title,
        account=conceal((done.account if done else "") or post.account),
        department=post.department,
        editor=post.editor,
        planned=_told(post.planned, timed=post.timed),
        notes=row.remarks,
        unscreened=refusal,
        ticket=done.ticket or None if done else None,
        report=f"{PAGES}/{page_name(number)}" if pages and screened else None,
        remarks=[*remarks],
    )
    if done is None or not screened:
        return Told(shown, result, None)
    if done.unfiled:
        result.unfiled = done.unfiled
    parts = PARTS.decode(done.screening)
    for name in parts.__struct_fields__:
        setattr(result, name, getattr(parts, name))
    return Told(shown, result, SCREENED.decode(done.screening))


def shown_row(row: Row, done: Done | None) -> Row:
    """Return the row with personal numbers masked, as the screening masked them in its draft."""
    post, masked = row.post, done.masked if done else {}
    judged = done is not None and done.unscreened is None
    title = masked.get("title", "") or _masked(post.title)
    own = {post.title: title} if post.title else {}
    if post.text:
        own[post.text] = masked.get("text", post.text) if judged else _masked(post.text)
    if not title and done is not None and judged:
        title = _masked(SCREENED.decode(done.screening).draft.title)
    cells = tuple(
        mask(cell) if index in row.personal else own.get(cell.strip()) or _masked(cell)
        for index, cell in enumerate(row.cells)
    )
    shown = Post(
        post.number,
        _masked(post.where),
        title,
        account=_masked(post.account),
        department=_masked(post.department),
        editor=_masked(post.editor),
        planned=post.planned,
        timed=post.timed,
    )
    return Row(row.sheet, row.row, cells, shown, row.refusal, row.remarks, row.personal)


def _masked(text: str) -> str:
    """Mask every number of eleven or more digits: nobody has judged whose it is."""
    if len(text) < _FEWEST or sum(map(str.isnumeric, text)) < _FEWEST:
        return text
    normalised = normalise(text)
    found = {text[start:end] for start, end in suspects(normalised)}
    found |= {
        item for item in long_numbers([normalised]) if sum(map(str.isdigit, item)) >= _PERSONAL
    }
    return Masker.of(found).text(text)


def _told(planned: datetime | None, *, timed: bool) -> str:
    if planned is None:
        return ""
    return planned.strftime("%Y-%m-%d %H:%M" if timed else "%Y-%m-%d")
