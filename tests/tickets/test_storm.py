"""Processes at one desk while some are killed; edits of what was approved. Both in short."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from college import NOW, PEOPLE, register, signing_keys
from desk_edits import PLACES, content, edited, packed_again, saved_again, write_docx
from desk_storm import storm
from made_up import small
from msgspec.structs import replace

from screening.errors import RefusedError
from screening.readers import read_draft
from screening.tickets.decisions import Decision
from screening.tickets.ticket import Kind

PLANNED = NOW + timedelta(days=3)


def test_nothing_is_lost_or_done_twice_while_processes_are_killed(url, tmp_path):
    done = storm(url, tmp_path, tickets=24, workers=3, every=0.4)
    assert done.tickets >= 24
    assert (done.lost, done.doubled, done.whole, done.genuine) == (0, 0, True, done.tickets)


@pytest.fixture
def approved(desk, tmp_path):
    """An approved Word draft: its number, file, what it says, and a key."""
    register(desk.store)
    whole = content() | {"planned time": PLANNED}
    path = tmp_path / "稿.docx"
    write_docx(whole, path)
    screening = replace(small(), draft=read_draft(path))
    number = desk.submit(screening, "jd-wechat", by=PEOPLE["li"], planned=PLANNED).number
    desk.decide(number, PEOPLE["wang"], Decision(Kind.APPROVED))
    return number, path, whole, signing_keys(desk.store, tmp_path / "keys").active


@pytest.mark.parametrize("place", PLACES)
def test_one_character_is_enough_to_be_refused(desk, approved, tmp_path, place):
    number, _, whole, key = approved
    dice = random.Random(place)
    for _ in range(5):
        other = edited(whole, place, dice)
        assert other != whole
        write_docx(other, tmp_path / "改.docx")
        screening = replace(small(), draft=read_draft(tmp_path / "改.docx"))
        terms = {"account": other["account"], "planned": other["planned time"]}
        with pytest.raises(RefusedError, match="P005"):
            desk.release(number, PEOPLE["li"], screening, key, **terms)


@pytest.mark.parametrize("again", [saved_again, packed_again])
def test_the_same_content_saved_again_is_released(desk, approved, tmp_path, again):
    number, path, _, key = approved
    other = tmp_path / "另存.docx"
    again(path, other)
    assert other.read_bytes() != path.read_bytes()
    screening = replace(small(), draft=read_draft(other))
    assert desk.release(number, PEOPLE["li"], screening, key, planned=PLANNED)
