"""What screens posts: rules, model and works loaded once, then post after post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Raw, Struct
from msgspec.structs import replace

from screening.batch.done import Done, encoded
from screening.batch.post import Post, Refusal
from screening.batch.schedule import account_key
from screening.batch.sketch import pack, sketch_of
from screening.batch.tone import is_light
from screening.document import to_document
from screening.draft import Draft
from screening.errors import ScreeningError
from screening.finding import Versions
from screening.readers import read_draft
from screening.readers.plain import split_lines
from screening.readers.row import read_row, with_row
from screening.registry.records import Entity
from screening.registry.registry import Registry
from screening.registry.screening import AccountScreener
from screening.regulation import load_regulation
from screening.reports.content import Options
from screening.reports.html import render
from screening.settings import School, Settings
from screening.text import prepare
from screening.text.normalise import normalise

#: folder of the posts' own pages, below the output folder
PAGES = "posts"
#: parts of a document that only a ticket needs
_TEXT = ("fields", "blocks", "links", "media")


class Job(Struct, frozen=True):
    """What every worker needs; it crosses to another process, or another machine.

    ``records`` are the registry's. ``pages`` is the folder for the posts' own pages, "" for none.
    ``text`` keeps the drafts' texts in the results, personal numbers masked, for their tickets.
    """

    settings: Settings
    records: tuple[Entity, ...] = ()
    pages: str = ""
    text: bool = False


Screen = Callable[[Post], bytes]


def make(job: Job) -> Screen:
    """Load rules, model and works once; return what screens one post to one line of JSON."""
    return Worker(job).screen


def page_name(number: int) -> str:
    """Return the file name of a post's own page."""
    return f"{number:05d}.html"


class Worker:
    """Screens posts for ``job``.

    Raises:
        SettingsError, RulesError, ModelError: as :class:`Screener` does, when it is made.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        registry = Registry.of(job.records)
        school = registry.school(job.settings.school)
        self._screener = AccountScreener(job.settings, registry)
        self._regulation = load_regulation()
        self._accounts = _by_name(school)
        self._known = frozenset(item.id for item in school.platforms)

    @property
    def versions(self) -> Versions:
        """What the results depend on."""
        return self._screener.versions

    def screen(self, post: Post) -> bytes:
        """Return what came of one post, as :class:`Done`; one that cannot be read says why."""
        try:
            return encoded(self._done(post))
        except ScreeningError as error:
            return encoded(Done(post.number, Refusal.of(error)))

    def _done(self, post: Post) -> Done:
        draft = _draft(post)
        account = self._accounts.get(account_key(post.account), post.account) or None
        prepared = prepare(draft)
        screening = self._screener.screen(draft, account, prepared)
        document = to_document(replace(screening, elapsed_ms={}), text=self._job.text)
        text = {name: document.pop(name) for name in _TEXT if name in document}
        title, body = (prepared.fields.get(name, _EMPTY) for name in ("title", "body"))
        if self._job.pages:
            options = Options(heading=post.where, back="../index.html")
            page = render([screening], self._regulation, options)
            Path(self._job.pages, page_name(post.number)).write_text(page, "utf-8")
        return Done(
            post.number,
            account=account or "",
            unknown=account is not None and account not in self._known,
            to=screening.route.to,
            light=is_light(title.text, body.text),
            sketch=pack(sketch_of(body)),
            masked=_masked(post, draft, screening.draft),
            screening=Raw(encoded(document)),
            text=Raw(encoded(text) if text else b"null"),
        )


_EMPTY = normalise("")


def _by_name(school: School) -> Mapping[str, str]:
    """Return name → id, of accounts whose name, or name and platform, no other account has."""
    named = [
        (key, item.id)
        for item in school.platforms
        for key in {
            account_key(text)
            for text in (item.name, item.kind, f"{item.name}{item.kind}", f"{item.kind}{item.name}")
        }
    ]
    counts = Counter(key for key, _ in named)
    return {key: name for key, name in named if counts[key] == 1}


def _draft(post: Post) -> Draft:
    if not post.file:
        return read_row(post.title, post.text, post.where)
    draft = read_draft(post.file)
    return with_row(draft, post.title, post.text) if post.title or post.text else draft


def _masked(post: Post, draft: Draft, safe: Draft) -> dict[str, str]:
    """Return the row's own cells where the screening masked something in them."""
    if safe.fields is draft.fields:
        return {}
    found = {}
    if post.title and safe.fields["title"] != draft.fields["title"]:
        found["title"] = safe.fields["title"]
    if post.text and safe.fields["body"] != draft.fields["body"]:
        lines = sum(map(bool, split_lines(post.text)))  # a row's text stands behind its file's
        found["text"] = "\n".join(safe.fields["body"].split("\n")[-lines:])
    return found
