"""Filing screened posts as tickets, each once, however often the batch is killed and resumed."""

from __future__ import annotations

from msgspec.json import decode

from screening.batch.done import Done
from screening.batch.post import Post
from screening.document import from_document
from screening.errors import UsageError
from screening.registry.records import Person
from screening.tickets.desk import Desk


class Filer:
    """Files posts at ``desk`` in the name of ``by``; ``editor`` stands for those that name none."""

    def __init__(self, desk: Desk, editor: str | None, by: Person | None) -> None:
        self._desk = desk
        self._editor = editor
        self._by = by
        self._run = ""
        self._filed: dict[str, str] = {}

    def begin(self, run: str) -> None:
        """Take up the run of this name: what it has filed already is not filed again."""
        self._run = run
        self._filed = self._desk.keyed(f"{run}:")

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
