"""Every format on the made-up screening, byte for byte.

After a wanted change: SCREENING_GOLDEN=write pytest tests/reports/test_goldens.py
"""

import json
import os
from pathlib import Path

import pytest
from made_up import made_up, reprint, small

from screening.finding import Severity, Verdict
from screening.regulation import load_regulation
from screening.reports import REPORTS, render
from screening.reports.content import Options, Unread

GOLDEN = Path(__file__).parents[1] / "golden"
SUFFIXES = {"text": "txt", "json": "json", "html": "html", "markdown": "md", "sarif": "sarif"}
HEADING = Options(heading="审批单 2026-0001 · 第2稿", text=True)
UNREAD = Options((Unread("<b>旧稿.doc", "D002", "[D002] 这是旧版 Word 文档（.doc）。\x1b[2J"),))


def several():
    return [made_up(), small(), small("<i>", Severity.REVIEW, verdict=Verdict.REVIEW)]


@pytest.mark.parametrize("name", SUFFIXES)
@pytest.mark.parametrize(
    ("case", "screenings", "options"),
    [
        ("one", [made_up()], HEADING),
        ("several", several(), UNREAD),
        ("reprint", [reprint()], Options()),
    ],
)
def test_report_is_the_golden_one(name, case, screenings, options):
    path = GOLDEN / f"report-{case}.{SUFFIXES[name]}"
    report = render(name, screenings, load_regulation(), options).encode()

    if os.environ.get("SCREENING_GOLDEN") == "write":
        path.write_bytes(report)
    assert report == path.read_bytes()


def test_every_format_has_a_golden_one():
    assert set(SUFFIXES) == set(REPORTS)


def test_json_names_what_could_not_be_read():
    document = json.loads(render("json", [small()], load_regulation(), UNREAD))

    assert len(document["drafts"]) == 1
    assert document["errors"][0]["code"] == "D002"
    assert document["errors"][0]["path"] == "<b>旧稿.doc"


@pytest.mark.parametrize("name", SUFFIXES)
def test_any_character_can_be_written(name):
    text = "".join(map(chr, range(0x20))) + "\x7f\x85\ud83d\udfff\u2028\u202e\ufeff\U000e0041字"
    screening = small(text, Severity.REVIEW)

    assert render(name, [screening], load_regulation(), Options(text=True)).encode()
