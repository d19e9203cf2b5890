"""The engine: what is flagged, where exactly, and what is let go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from screening.draft import DraftBuilder, Span
from screening.finding import Severity
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.stage import LexiconStage
from screening.text import prepare
from screening.text.expression import Expression

HITS = [
    ("请看机密文件。", "SEC001", "机密文件", "plain"),
    ("請看機密文件。", "SEC001", "機密文件", "traditional"),
    ("请看机\u200b密文件。", "SEC001", "机\u200b密文件", "invisible"),
    ("请看机-密 文★件。", "SEC001", "机-密 文★件", "separator"),
    ("请看机😀密😀文😀件。", "SEC001", "机😀密😀文😀件", "separator"),
    ("请看机密\n文件。", "SEC001", "机密\n文件", "separator"),
    ("出售ＶＰＮ账号", "ILL004", "ＶＰＮ", "width"),
    ("出售VPN账号", "ILL004", "VPN", "case"),
    ("出售🅥🅟🅝账号", "ILL004", "🅥🅟🅝", "styled"),
    ("代开票据找我", "ILL001", "代开票据", "plain"),
    ("可以SLXY改分", "ILL003", "SLXY改分", "case"),
    ("标题是 秘密 ★ 10年", "SEC901", "秘密 ★ 10年", "plain"),
    ("提供口交服务", "ILL002", "口交", "plain"),
    ("收银行卡，一张500元，私聊", "ILL901", "银行卡", "plain"),
    ("一张500元，私聊，收电话卡", "ILL901", "电话卡", "plain"),
]


@pytest.mark.parametrize(("text", "rule", "words", "variant"), HITS)
def test_hits(stage, text, rule, words, variant):
    builder = DraftBuilder("text")
    builder.add("body", text, "第1段")
    (finding,) = stage.screen(prepare(builder.build())).findings
    start = text.index(words)
    assert (finding.rule, finding.span) == (rule, Span("body", start, start + len(words)))
    assert finding.evidence.variant == variant


MISSES = [
    ("机密。文件", "not across a sentence end"),
    ("机密\n\n文件", "not across an empty line"),
    ("机密" + "-" * 9 + "文件", "not across a rule of dashes"),
    ("采购机密文件柜一组", "a longer phrase is allowed"),
    ("税务局可代开发票", "a context word in the sentence"),
    ("路口交通秩序", "across a word boundary"),
    ("二十四口交换机", "across a word boundary"),
    ("十字路口、交通岗", "across a word boundary, parted"),
    ("vpns", "inside an ASCII word"),
    ("谨防代开发票诈骗", "excused by a warning"),
    ("读《代开发票的人》有感", "inside a title"),
    ("内部绝密", "a header rule looks at headers only"),
    ("一\n二\n三\n党代会召开", "a lead rule looks at the first three paragraphs"),
    ("138000000001", "a longer number"),
    ("收银行卡，一张500元。私聊", "a near expression beyond the full stop"),
    ("收银行卡，私聊", "one of two near expressions is missing"),
    ("收银行卡这件事说来话长，办一张要500元，私聊", "a near expression out of reach"),
    ("网传明天停课，系不实信息", "a co-occurrence's context word"),
    ("网传消息。明天停课", "a co-occurrence keeps to the sentence"),
    ("据说今年有很多很多学校会考虑合并", "a co-occurrence keeps its distance"),
    ("据说\n合并", "a co-occurrence keeps to the line"),
]


@pytest.mark.parametrize(("text", "why"), MISSES, ids=[why for _, why in MISSES])
def test_near_misses(screen, text, why):
    assert screen(text) == []


def test_an_unclosed_title_excuses_nothing_on_the_next_line(screen):
    assert screen("读《一本书\n代开发票》") == [("ILL001", "block", "代开发票")]


def test_a_context_word_of_another_sentence_does_not_excuse(screen):
    assert screen("税务局今日放假。代开发票") == [("ILL001", "block", "代开发票")]


def test_a_warning_does_not_cover_an_offer(screen):
    text = "谨防假冒，代开发票请加微信abcde123"
    assert screen(text) == [("ILL001", "block", "代开发票")]


def test_an_excuse_may_lower_to_a_notice(stage):
    builder = DraftBuilder("text")
    builder.add("title", "消防演练", "标题")
    builder.add("body", "模拟党代会会场疏散", "第1段")
    (finding,) = stage.screen(prepare(builder.build())).findings
    assert finding.severity is Severity.NOTICE
    assert finding.evidence.excused_by == "演练：演练"


def test_places(screen):
    assert screen("正文", header="内部绝密") == [("SEC002", "block", "内部绝密")]
    assert screen("正文", header="内部 绝密") == []
    assert screen("一\n二\n党代会召开") == [("MAJ001", "escalate", "党代会")]
    assert screen("正文", title="党代会召开") == [("MAJ001", "escalate", "党代会")]


def test_a_cooccurrence_flags_the_passage_and_names_its_words(stage):
    builder = DraftBuilder("text")
    builder.add("body", "今天。听说下周要放假，大家别急", "第1段")
    (finding,) = stage.screen(prepare(builder.build())).findings
    assert finding.span == Span("body", 3, 10)
    assert finding.evidence.related == (Span("body", 8, 10),)


def test_the_longest_of_nested_hits_speaks(screen):
    assert screen("秘密★10年机密文件") == [
        ("SEC901", "block", "秘密★10年"),
        ("SEC001", "block", "机密文件"),
    ]


def test_secret_spans_are_reported(stage):
    builder = DraftBuilder("text")
    builder.add("body", "找我１３８00000000", "第1段")
    result = stage.screen(prepare(builder.build()))
    assert result.secrets == (Span("body", 2, 13),)


PIECES = [
    "机密文件",
    "机",
    "密",
    "文",
    "件",
    "。",
    "\n",
    "★",
    "\u200b",
    "代开发票",
    "１３８００００００００",
    "听说",
    "停课",
    "\ud800",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
def test_spans_are_inside_and_ordered(stage, text):
    builder = DraftBuilder("text")
    builder.add("body", text or "空", "第1段")
    findings = stage.screen(prepare(builder.build())).findings
    for finding in findings:
        assert 0 <= finding.span.start < finding.span.end <= len(text)
        assert finding.message and finding.advice and finding.basis
    assert list(findings) == sorted(findings, key=lambda f: (f.span.start, f.span.end, f.rule))


def test_a_pattern_cannot_run_away(lexicon):
    """A catastrophic expression ends at its time limit, and coverage is incomplete."""
    rule = replace(lexicon.rule("PER901"), regex=Expression(r"(?:\d+)+[a-z]"), secret=False)
    stage = LexiconStage(compile_lexicon(replace(lexicon, rules=(rule,))), pattern_seconds=0.05)
    builder = DraftBuilder("text")
    builder.add("body", "1" * 5000, "第1段")
    result = stage.screen(prepare(builder.build()))
    (gap,) = result.unscreened
    assert "PER901" in gap.what
    assert "0.05 秒" in gap.why
