"""Filing screened posts as tickets: in their order, each once however often a batch is resumed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Raw
from msgspec.json import decode

from screening.batch.done import Done
from screening.batch.post import Post, Refusal, Row
from screening.batch.remarks import Remark
from screening.document import from_document
from screening.errors import ScreeningError, UsageError
from screening.registry.records import Person
from screening.tickets.desk import Desk


class Filer:
    """Files posts at ``desk`` in the name of ``by``; ``editor`` stands for those that name none.

    Rows that the schedule has to put right first are held back, unless ``remarked`` ones are filed.
    """

    def __init__(
        self, desk: Desk, editor: str | None, by: Person | None, *, remarked: bool = False
    ) -> None:
        self._desk = desk
        self._editor = editor
        self._by = by
        self._remarked = remarked
        self._run = ""
        self._filed: dict[str, str] = {}

    def begin(self, run: str) -> None:
        """Take up the run of this name: what it has filed already is not filed again."""
        self._run = run
        self._filed = self._desk.keyed(f"{run}:")

    def settle(self, row: Row, done: Done, remarks: Sequence[Remark]) -> bool:
        """File the post of a row, or note in ``done`` why not; tell whether that is news."""
        before = done.unfiled
        try:
            held = [*row.remarks, *(item.label for item in remarks if item.holds)]
            if held and not self._remarked:
                raise UsageError("B015", remarks="、".join(held))
            done.ticket, done.unfiled = self.file(row.post, done), None
            done.text = Raw(b"null")
        except ScreeningError as error:
            done.unfiled = Refusal.of(error)
        return done.unfiled is None or done.unfiled != before

    def file(self, post: Post, done: Done) -> str:
        """Return the number of the ticket of a post, filed now or by an earlier attempt.

        Raises:
            UsageError: U002, nobody says for which account or in whose name.
            ScreeningError: as :meth:`Desk.submit` does.
        """
        key = f"{self._run}:{post.number}"
        if key in self._filed:
            return self._filed[key]
        if not done.account:
            raise UsageError("U002", problem="排期表没有写账号，没有登记审批单")
        editor = post.editor or self._editor
        if not editor and self._by is None:
            raise UsageError("U002", problem="排期表没有写编辑，请用 --editor 写明")
        screening = from_document({**decode(done.screening), **decode(done.text)})
        planned = post.planned.astimezone() if post.planned and post.timed else None
        ticket = self._desk.submit(
            screening, done.account, editor, by=self._by, planned=planned, key=key
        )
        return ticket.number
