"""What a worker process does: load everything once, then screen post after post."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from screening.batch.post import Post, Refusal
from screening.batch.remarks import is_light
from screening.batch.schedule import account_key
from screening.batch.sketch import pack, sketch_of
from screening.document import SURROGATE, to_document
from screening.draft import Draft
from screening.errors import ScreeningError
from screening.pipeline import Screener
from screening.readers import read_draft
from screening.readers.row import read_row, with_row
from screening.registry.records import Entity
from screening.registry.registry import Registry
from screening.registry.screening import account_findings
from screening.regulation import load_regulation
from screening.reports.content import Options
from screening.reports.html import render
from screening.settings import Settings

#: folder of the posts' own pages, below the output folder
PAGES = "posts"


class Job(Struct, frozen=True):
    """What every worker needs; it crosses to another process.

    ``records`` are the registry's. ``pages`` is the folder for the posts' own pages, "" for none.
    ``text`` keeps the drafts' texts in the results, personal numbers masked.
    """

    settings: Settings
    records: tuple[Entity, ...] = ()
    pages: str = ""
    text: bool = False


Screen = Callable[[Post], bytes]


def make(job: Job) -> Screen:
    """Load rules, model and works once; return what screens one post to one line of JSON."""
    return _Worker(job).screen


def serve(connection: Connection, maker: Callable[[Any], Screen], job: Any) -> None:
    """Screen lists of posts from ``connection`` until None comes, or until nobody is there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process to act upon
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        screen = maker(job)
        connection.send_bytes(b"")
        while (posts := connection.recv()) is not None:
            for post in posts:
                connection.send_bytes(screen(post))


def page_name(number: int) -> str:
    """Return the file name of a post's own page."""
    return f"{number:05d}.html"


class _Worker:
    def __init__(self, job: Job) -> None:
        self._job = job
        self._registry = Registry.of(job.records)
        school = self._registry.school(job.settings.school)
        self._screener = Screener.from_settings(replace(job.settings, school=school))
        self._regulation = load_regulation()
        self._accounts = {account_key(item.name): item.id for item in school.platforms}

    def screen(self, post: Post) -> bytes:
        """Return the result of one post as JSON; a post that cannot be read says why."""
        try:
            draft = _draft(post)
            account = self._accounts.get(account_key(post.account), post.account) or None
            known = account_findings(self._registry, account)
            screening = self._screener.screen(draft, account=account, known=known)
        except ScreeningError as error:
            return _line({"number": post.number, "unscreened": Refusal.of(error)})
        screening = replace(screening, elapsed_ms={})
        result = to_document(screening, text=self._job.text)
        result |= {"number": post.number, "account": account or ""}
        if masked := _masked(post, draft, screening.draft):
            result["masked"] = masked
        result["light"] = is_light(draft.title, draft.fields["body"])
        result["sketch"] = pack(sketch_of(draft.fields["body"]))
        if self._job.pages:
            options = Options(heading=post.where, back="../index.html")
            page = render([screening], self._regulation, options)
            Path(self._job.pages, page_name(post.number)).write_text(page, "utf-8")
        return _line(result)


def _draft(post: Post) -> Draft:
    if not post.file:
        return read_row(post.title, post.text, post.where)
    draft = read_draft(post.file)
    return with_row(draft, post.title, post.text) if post.title or post.text else draft


def _masked(post: Post, draft: Draft, safe: Draft) -> dict[str, str]:
    """Return the row's own cells where the screening masked something in them."""
    found = {}
    if safe.fields["title"] != draft.fields["title"]:
        found["title"] = safe.fields["title"]
    if safe.fields["body"] != draft.fields["body"] and post.text:
        found["text"] = safe.fields["body"]
    return found


def _line(result: dict[str, Any]) -> bytes:
    refusal = result.get("unscreened")
    if isinstance(refusal, Refusal):
        result["unscreened"] = {"code": refusal.code, "message": refusal.message}
    written = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
    return SURROGATE.sub("\ufffd", written).encode()
