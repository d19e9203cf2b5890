"""Routing: the table of verdicts and routes, with the reasons people read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.draft import Span
from screening.errors import RulesError
from screening.finding import Basis, Category, Finding, LexiconEvidence, Severity, Target, Verdict
from screening.routing import load_policy
from screening.settings import Platform, School

SCHOOL = School(
    "示例学院",
    (),
    (),
    (Platform("main", "示例学院", "微信公众号", 1), Platform("art", "艺术系", "微信公众号", 2)),
)
POLICY = load_policy()


def finding(severity: str, category: str = "major", article: int = 12) -> Finding:
    return Finding(
        stage="lexicon",
        rule="MAJ001",
        category=Category(category),
        severity=Severity(severity),
        span=Span("body", 0, 1),
        message="说明",
        advice="建议",
        basis=(Basis(article),),
        evidence=LexiconEvidence("词", "词"),
    )


TABLE = [
    ([], True, None, "pass", "department"),
    (["notice"], True, None, "pass", "department"),
    (["review"], True, None, "review", "department"),
    (["escalate"], True, None, "review", "publicity"),
    (["block"], True, None, "block", "department"),
    (["block", "escalate"], True, None, "block", "publicity"),
    ([], False, None, "review", "department"),
    (["block"], False, None, "block", "department"),
    ([], True, "main", "pass", "publicity"),
    ([], True, "art", "pass", "department"),
    ([], True, "unknown", "pass", "department"),
]


@pytest.mark.parametrize(("severities", "complete", "account", "verdict", "to"), TABLE)
def test_table(severities, complete, account, verdict, to):
    findings = [finding(severity) for severity in severities]
    route = POLICY.route(findings, complete=complete, account=account, school=SCHOOL)
    assert POLICY.verdict(findings, complete=complete) == verdict
    assert route.to == to
    assert route.reasons


def test_steps_end_with_the_target():
    route = POLICY.route([finding("escalate")], complete=True, account=None, school=SCHOOL)
    assert route.steps == (Target.DEPARTMENT, Target.PUBLICITY)
    assert route.reasons == ("重大事项（第12条）须由部门审核后报宣传部审批",)


def test_reasons_name_account_and_counts():
    route = POLICY.route(
        [finding("block", "secrecy", 16)] * 2, complete=False, account="x", school=SCHOOL
    )
    text = "\n".join(route.reasons)
    assert "“x”没有登记" in text
    assert "2 处须修改" in text
    assert "没有审查到" in text


@given(st.lists(st.sampled_from(list(Severity))), st.booleans())
def test_more_findings_never_make_it_milder(severities, complete):
    order = [Verdict.PASS, Verdict.REVIEW, Verdict.BLOCK]
    findings = [finding(severity) for severity in severities]
    verdict = POLICY.verdict(findings, complete=complete)
    for extra in Severity:
        more = POLICY.verdict([*findings, finding(extra)], complete=complete)
        assert order.index(more) >= order.index(verdict)
    assert complete or verdict is not Verdict.PASS


def test_a_wrong_table_is_refused(tmp_path):
    path = tmp_path / "routing.toml"
    path.write_text('[verdict]\nblock = ["fatal"]\nreview = []\n', "utf-8")
    with pytest.raises(RulesError, match="L007"):
        load_policy(path)
