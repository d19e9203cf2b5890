"""Files of derived data: read as written, dropped when many newer ones are there."""

import os

import pytest

from screening.cache import CacheFile
from screening.settings import load_settings


def test_what_was_written_is_read(tmp_path):
    file = CacheFile(tmp_path / "cache", "some", "state")
    assert file.read() is None
    file.write(b"body")
    assert bytes(file.read()) == b"body"


@pytest.mark.parametrize("damage", [b"", b"abc", b"\0\0\0\0body!"])
def test_what_is_damaged_is_not_there(tmp_path, damage):
    file = CacheFile(tmp_path, "some", "state")
    file.write(b"body")
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)
    assert file.read() is None


def test_the_latest_states_of_a_name_are_kept(tmp_path):
    CacheFile(tmp_path, "other", "state").write(b"")
    for number in range(6):
        CacheFile(tmp_path, "some", f"state{number}").write(b"")
        os.utime(tmp_path / f"some-state{number}.bin", (number, number))
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {"other-state.bin", *(f"some-state{number}.bin" for number in range(2, 6))}


@pytest.mark.parametrize(("named", "folder"), [("", "home/cache"), ("shared", "shared")])
def test_homes_may_share_a_cache(tmp_path, monkeypatch, named, folder):
    monkeypatch.setenv("SCREENING_CACHE", str(tmp_path / named) if named else "")
    assert load_settings(tmp_path / "home").cache == tmp_path / folder
