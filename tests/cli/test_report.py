"""`screening report`: a stored ticket's report, the same as when it was screened."""

import pytest
from click.testing import CliRunner
from made_up import made_up

from screening.cli.report import report
from screening.errors import StoreError
from screening.regulation import load_regulation
from screening.reports import REPORTS, render
from screening.reports.content import Options
from screening.settings import load_settings
from screening.tickets import open_desk


@pytest.mark.parametrize("name", REPORTS)
def test_a_stored_ticket_is_rendered_again(tmp_path, name):
    number = open_desk(load_settings(tmp_path)).submit(made_up(), "wzpt-wechat", "张老师").number
    output = tmp_path / "report"
    arguments = [number, "--format", name, "--output", str(output)]
    result = CliRunner().invoke(report, arguments, obj=str(tmp_path), catch_exceptions=False)

    assert result.exit_code == 0
    heading = Options(heading=f"审批单 {number} · 第1稿")
    assert output.read_bytes() == render(name, [made_up()], load_regulation(), heading).encode()


def test_an_unknown_ticket(tmp_path):
    result = CliRunner().invoke(report, ["2026-9999"], obj=str(tmp_path))

    assert isinstance(result.exception, StoreError)
    assert result.exception.code == "T001"
