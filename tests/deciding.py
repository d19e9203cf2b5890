"""Filing and deciding in few words, for tests of the desk."""

from __future__ import annotations

from datetime import timedelta

from college import NOW, PEOPLE
from made_up import small

from screening.tickets.decisions import Answer, Decision
from screening.tickets.judgements import Judgement
from screening.tickets.ticket import Kind

APPROVE = Decision(Kind.APPROVED)
LATER = NOW + timedelta(days=9)


def submit(desk, screening=None, by="li", account="jd-wechat", **more):
    return desk.submit(screening or small(), account, by=PEOPLE[by], **more).number


def decide(desk, number, who, decision=APPROVE):
    return desk.decide(number, PEOPLE[who], decision)


def answered(judgement=Judgement.CONFIRMED, finding="WOR001-1", reason="已核对", **more):
    return Decision(Kind.APPROVED, answers=(Answer(finding, judgement, reason),), **more)


def except_(desk, number, who="sun", *, until=LATER, reason="引用公开案例", finding="WOR001-1"):
    return desk.dismiss(number, PEOPLE[who], Answer(finding, Judgement.DISMISSED, reason), until)
