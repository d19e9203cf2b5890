from __future__ import annotations

from datetime import date, datetime, time

import pytest

from screening.batch.dates import read_date

TODAY = date(2026, 9, 20)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("10月8日", "2026-10-08"),
        ("10月8号", "2026-10-08"),
        ("2月1日", "2027-02-01"),
        ("9月1日", "2026-09-01"),
        ("2026.10.8 下午3点", "2026-10-08 15:00"),
        ("2026年10月8日晚7点半", "2026-10-08 19:30"),
        ("２０２６／１０／８　１５：３０", "2026-10-08 15:30"),
        ("10月8日（周四）上午9:05", "2026-10-08 09:05"),
        ("10月8日中午12点", "2026-10-08 12:00"),
        ("20261008", "2026-10-08"),
        (20261008, "2026-10-08"),
        ("26.10.8", "2026-10-08"),
        (46303, "2026-10-08"),
        (46303.625, "2026-10-08 15:00"),
        ("46303.5", "2026-10-08 12:00"),
        (date(2026, 10, 8), "2026-10-08"),
        (datetime(2026, 10, 8, 15, 30), "2026-10-08 15:30"),
    ],
)
def test_dates_as_people_write_them(cell, expected):
    when = read_date(cell, TODAY)
    assert when.at.strftime("%Y-%m-%d %H:%M" if when.timed else "%Y-%m-%d") == expected


@pytest.mark.parametrize("clock", ["下午3点", "15:00", 0.625, time(15), datetime(1899, 12, 31, 15)])
def test_the_hour_may_stand_in_a_column_of_its_own(clock):
    assert read_date("10月8日", TODAY, clock).at == datetime(2026, 10, 8, 15)


@pytest.mark.parametrize("cell", ["待定", "13月40日", "2026-02-30", "下周一", "99月", 7])
def test_what_is_no_date_is_told(cell):
    with pytest.raises((ValueError, OverflowError)):
        read_date(cell, TODAY)


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_an_empty_cell_has_no_date(cell):
    assert read_date(cell, TODAY) is None
