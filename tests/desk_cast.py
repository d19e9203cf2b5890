"""Who and what the state machine of the desk tries, and what the regulation says of them."""

from __future__ import annotations

import atexit
import functools
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from college import PEOPLE, found, major, register, signing_keys
from hypothesis import strategies as st
from made_up import small
from sqlalchemy import URL

from screening.finding import Category, Severity
from screening.tickets.store import Store

DRAFTS = {
    "clean": lambda: small("校园开放日。"),
    "clean2": lambda: small("校园开放日改期。"),
    "open": lambda: found("据说要下雨。"),
    "major": major,
    "escalate": lambda: found("党委换届。", Severity.ESCALATE, Category.MAJOR),
    "vulgar": lambda: found("粗话。", Severity.BLOCK, Category.VULGAR),
    "secret": lambda: found("密件。", Severity.BLOCK, Category.SECRECY),
}
ACCOUNTS = {"jd-wechat": "jd", "jj-wechat": "jj", "school": "xcb", "unknown": None}
HEADS = {"jd": {"wang", "gao", "both", "boss"}, "jj": {"qian", "han"}, "xcb": {"zhou"}, None: set()}
EDITORS = {"jd": {"li", "zhao", "boss"}, "jj": {"qian", "chen"}, "xcb": {"wu"}, None: set()}
FIRST_LEVEL = {"school"}
OFFICERS = {"sun", "zhou", "both", "boss"}
GRAVE = {"major", "escalate"}
RANKS = {"clean": 0, "clean2": 0, "major": 0, "open": 1, "escalate": 2, "vulgar": 3, "secret": 3}

who = st.sampled_from(sorted(PEOPLE))
everybody = st.permutations(sorted(PEOPLE))
draft = st.sampled_from(["major", "clean", "open", "escalate", "clean2", "vulgar", "secret"])
account = st.sampled_from(["jd-wechat", "jj-wechat", "jd-wechat", "school", "unknown"])
then = st.sampled_from(["release", "more", "another", "late", ""])
which = st.integers(0, 5)
flag = st.booleans()


@functools.cache
def prepared():
    """Return a folder with a store that everybody is in, and keys: made once for all examples."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "t.sqlite3"
    store = Store.at(URL.create("sqlite", database=str(path)))
    register(store)
    signing_keys(store, folder / "keys")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder
