"""All reports of one screening tell the same: findings, order, severity, words, verdict, route."""

import io
import json
import re
import zipfile

import pytest
from docx import Document
from made_up import made_up
from python_calamine import load_workbook
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from screening import Screener, read_draft
from screening.finding import Severity
from screening.regulation import load_regulation
from screening.reports import FILES, REPORTS, content, render, render_file
from screening.reports.safe import visible

ID, MOBILE = "11010519000101002X", "13800000000"
DRAFT = f"""关于校园消息的通知

网传明天停课，大家快转发。内部资料，请勿外传。
志愿者李示例，身份证号{ID}，手机{MOBILE}。
寒假在家也能挣钱！刷单返利，一单一结，日赚三百，名额只剩最后十个，加微信 lizi8800。
教育厅副厅长到校调研。交流生来自中港台，出生于8月25号。
"""
SEVERITIES = {severity.label: severity for severity in Severity}
LEVELS = {"error": {"block"}, "warning": {"escalate", "review"}, "note": {"notice"}}


@pytest.fixture(scope="module", params=["screened", "made up"])
def screening(request, tmp_path_factory):
    if request.param == "made up":
        return made_up()
    path = tmp_path_factory.mktemp("drafts") / "通知.txt"
    path.write_text(DRAFT, "utf-8")
    found = Screener.from_home(path.parent / "home").screen(read_draft(path))
    assert len({item.severity for item in found.findings}) >= 3
    return found


@pytest.fixture(scope="module")
def reports(screening):
    """Return format → report, text or bytes."""
    regulation = load_regulation()
    texts = {name: render(name, [screening], regulation) for name in REPORTS}
    return texts | {name: render_file(name, [screening], regulation) for name in FILES}


def expected(screening):
    """Return (rule, severity, words) of every finding in the order of the reports."""
    return [
        (item.rule, item.severity, screening.draft.text(item.span)) for item in screening.ordered
    ]


def plain(text):
    """Make words comparable that some formats write on one line, and spell out for the eye."""
    return re.sub(r"\s+", " ", visible(text)).strip()


def shown(findings):
    return [(rule, severity, plain(words)) for rule, severity, words in findings]


def test_json_and_sarif_give_every_span(screening, reports):
    (document,) = json.loads(reports["json"])["drafts"]
    (run,) = json.loads(reports["sarif"])["runs"]
    spans = {item.id: item.span for item in screening.findings}
    order = [item.id for item in screening.ordered]
    results = [item["properties"] for item in run["results"]]

    assert [item["id"] for item in results] == order
    assert sorted(item["id"] for item in document["findings"]) == sorted(order)
    for item in (*results, *document["findings"]):
        span = spans[item["id"]]
        assert (item["field"], item["start"], item["end"]) == (span.field, span.start, span.end)
        assert item["text"] == screening.draft.text(span)
    for item in run["results"]:
        assert item["properties"]["severity"] in LEVELS[item["level"]]
    told = [(item["id"], item["severity"], item["advice"]) for item in document["findings"]]
    assert sorted(told) == sorted((x["id"], x["severity"], x["advice"]) for x in results)


def test_the_page_lists_them_in_order(screening, reports):
    rules = re.findall(r"<dt>规则</dt><dd>(\w+)</dd>", reports["html"])
    severities = re.findall(r'<section class="card (\w+)"', reports["html"])
    found = [(rule, Severity(name)) for rule, name in zip(rules, severities, strict=True)]

    assert found == [(rule, severity) for rule, severity, _ in expected(screening)]


def test_the_page_marks_exactly_their_words(screening, reports):
    tree = HTMLParser(reports["html"])
    for number, (_, _, words) in enumerate(expected(screening), 1):
        marks = tree.css(f'.text mark[data-of~="d1f{number}"]')
        assert plain("".join(mark.text() for mark in marks)).replace(" ", "") == plain(
            words
        ).replace(" ", "")


def test_markdown_lists_them_in_order(screening, reports):
    titles = re.findall(r"^### \d+\. (\S+) ", reports["markdown"], re.MULTILINE)
    rules = re.findall(r"^- 规则：(\S+)$", reports["markdown"], re.MULTILINE)

    found = [(rule, SEVERITIES[label]) for rule, label in zip(rules, titles, strict=True)]
    assert found == [(rule, severity) for rule, severity, _ in expected(screening)]


def test_the_terminal_lists_them_in_order(screening, reports):
    entries = re.split(r"^\[(\d+)\]", reports["text"], flags=re.MULTILINE)[1:]
    found = []
    for number, text in zip(entries[::2], entries[1::2], strict=True):
        label = text.strip().split(" · ")[0]
        flat = re.sub(r"\n\s*", "", text)
        rule = re.search(r"^规则  (\w+)", text, re.MULTILINE) or re.search(r"（(\w+)）", flat)
        found.append((int(number), SEVERITIES.get(label, Severity.NOTICE), rule[1]))

    assert found == [
        (number, severity, rule)
        for number, (rule, severity, _) in enumerate(expected(screening), 1)
    ]


def test_the_workbook_lists_them_in_order(screening, reports):
    rows = load_workbook(io.BytesIO(reports["xlsx"])).get_sheet_by_name("发现").to_python()
    head = rows[0]
    table = [dict(zip(head, row, strict=True)) for row in rows[1:]]
    found = [(row["规则"], SEVERITIES[row["程度"]], plain(row["原文"])) for row in table]

    assert found == shown(expected(screening))


def test_the_word_report_comments_on_all_of_them(screening, reports):
    document = Document(io.BytesIO(reports["docx"]))
    told = "\n".join(comment.text for comment in document.comments)
    found = re.findall(r"【(\S+?)】.*?规则：(\w+)", told, re.DOTALL)

    assert sorted((rule, SEVERITIES[label]) for label, rule in found) == sorted(
        (rule, severity) for rule, severity, _ in expected(screening)
    )


def test_verdict_and_route_are_the_same_everywhere(screening, reports):
    verdict, steps = screening.verdict.label, " → ".join(content.steps(screening.route))
    (document,) = json.loads(reports["json"])["drafts"]
    (run,) = json.loads(reports["sarif"])["runs"]
    page = HTMLParser(reports["html"])
    book = load_workbook(io.BytesIO(reports["xlsx"])).get_sheet_by_name("稿件").to_python()
    lead = "\n".join(item.text for item in Document(io.BytesIO(reports["docx"])).comments)

    assert document["verdict"] == screening.verdict.value
    assert run["artifacts"][0]["properties"]["verdict"] == document["verdict"]
    assert run["artifacts"][0]["properties"]["route"] == document["route"]
    assert page.css_first(".outcome .verdict").text() == verdict
    assert " → ".join(item.text() for item in page.css(".steps li")) == steps
    assert book[1][2:4] == [verdict, steps]
    assert f"审查结论：{verdict}。" in lead
    assert f"送审：{steps}" in lead
    for name in ("text", "markdown"):
        assert verdict in reports[name]
        assert steps in reports[name]


def test_the_same_screening_gives_the_same_bytes(screening, reports):
    regulation = load_regulation()
    assert reports == {
        **{name: render(name, [screening], regulation) for name in REPORTS},
        **{name: render_file(name, [screening], regulation) for name in FILES},
    }


def test_no_report_holds_a_raw_personal_number(reports):
    for name, report in reports.items():
        if isinstance(report, str):
            texts = [report]
        else:
            with zipfile.ZipFile(io.BytesIO(report)) as file:
                texts = [file.read(part).decode("utf-8", "replace") for part in file.namelist()]
        for number in (ID, MOBILE, ID[:-1]):
            assert not any(number in text for text in texts), name
