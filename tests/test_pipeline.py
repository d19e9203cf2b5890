"""The pipeline: nothing fails open, and nothing personal leaves it."""

import json
from dataclasses import dataclass

import pytest
from small_lexicon import SCHOOL, write_lexicon

from screening.draft import DraftBuilder, Link, Span, Unscreened
from screening.finding import Category, StageResult, Target, Verdict, Versions
from screening.pipeline import Screener
from screening.regulation import load_regulation
from screening.routing import load_policy
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.load import load_lexicon
from screening.stages.lexicon.stage import LexiconStage
from screening.stages.likeness.stage import LikenessStage


@dataclass
class Broken:
    """A stage that crashes, whatever it is given."""

    name = "broken"

    def screen(self, prepared):
        raise RuntimeError("电话 13800000000")


@dataclass
class Blind:
    """A stage that could not look at something."""

    name = "blind"

    def screen(self, prepared):
        return StageResult(unscreened=(Unscreened("第1段", "看不清"),))


@pytest.fixture(scope="module")
def lexicon_stage(tmp_path_factory):
    folder = write_lexicon(tmp_path_factory.mktemp("lexicon"))
    lexicon = load_lexicon(SCHOOL, load_regulation(), folder)
    return LexiconStage(compile_lexicon(lexicon), 1.0)


def screener(*stages):
    return Screener(stages, load_policy(), SCHOOL, Versions("0", "sha256:0"))


def draft(body: str, **fields: str):
    builder = DraftBuilder("text", path="稿件.txt")
    for name, text in fields.items():
        builder.add(name, text, name)
    builder.add("body", body, "第1段")
    return builder.build()


def test_a_clean_draft_passes_to_its_department(lexicon_stage):
    screening = screener(lexicon_stage).screen(draft("今天天气很好。"))
    assert screening.verdict is Verdict.PASS
    assert screening.route.to is Target.DEPARTMENT
    assert screening.complete
    assert set(screening.elapsed_ms) == {"lexicon", "total"}


def test_a_stage_that_crashes_never_passes_a_draft(lexicon_stage):
    screening = screener(Broken(), lexicon_stage).screen(draft("今天天气很好。"))
    assert screening.verdict is Verdict.REVIEW
    assert not screening.complete
    (failure,) = screening.failures
    assert failure.stage == "broken"
    assert "13800000000" not in failure.error


SPELLINGS = [
    "13800000000",
    "１３８００００００００",
    "138 0000 0000",
    "①③⑧⓪⓪⓪⓪⓪⓪⓪⓪",
    "𝟏𝟑𝟖𝟎𝟎𝟎𝟎𝟎𝟎𝟎𝟎",
    "138\u200b00000000",
]


@pytest.mark.parametrize("written", SPELLINGS)
def test_however_it_is_written_a_number_leaves_in_no_form(lexicon_stage, written):
    from screening.document import to_document

    screening = screener(lexicon_stage).screen(draft(f"找我{written}吧"))
    shown = json.dumps(to_document(screening, text=True), ensure_ascii=False)
    assert "PER901" in shown or " " in written
    assert written not in shown or " " in written
    assert "13800000000" not in shown


def test_letters_of_a_number_are_masked_in_either_case():
    from screening.text.masking import Masker, secrets_of

    original = draft("身份证11010519000101002X，护照E00000000")
    masker = Masker.of(secrets_of(original, [Span("body", 3, 21), Span("body", 24, 33)]))
    assert masker.text("11010519000101002x e00000000") == "11010519********2x e00****00"


def test_a_number_in_a_file_name_is_concealed(lexicon_stage):
    builder = DraftBuilder("text", path="张三13800000000.txt")
    builder.add("body", "今天", "第1段")
    screening = screener(lexicon_stage).screen(builder.build())
    assert screening.draft.path == "张三138********.txt"


def test_numbers_are_masked_when_a_search_gave_up():
    screening = screener(Blind()).screen(draft("号码13800000000"))
    assert "13800000000" not in screening.draft.fields["body"]


def test_without_a_stage_to_tell_every_long_number_is_masked():
    number = "330302０００００１０１００１X"
    screening = screener(Broken()).screen(draft(f"号码{number}，2026年，电话 138-0000-0000"))
    body = screening.draft.fields["body"]
    assert number not in body
    assert "138-0000-0000" not in body
    assert "2026年" in body


def test_the_other_stages_still_run(lexicon_stage):
    screening = screener(Broken(), lexicon_stage).screen(draft("出售机密文件"))
    assert screening.verdict is Verdict.BLOCK
    assert [finding.rule for finding in screening.findings] == ["SEC001"]


def test_what_a_stage_could_not_see_is_told(lexicon_stage):
    screening = screener(Blind(), lexicon_stage).screen(draft("今天天气很好。"))
    assert screening.verdict is Verdict.REVIEW
    assert screening.unscreened == (Unscreened("第1段", "看不清"),)


def test_a_first_level_account_goes_to_publicity(lexicon_stage):
    screening = screener(lexicon_stage).screen(draft("今天天气很好。"), account="main")
    assert screening.verdict is Verdict.PASS
    assert screening.route.to is Target.PUBLICITY


def test_personal_numbers_do_not_leave(lexicon_stage):
    from screening.document import to_document

    builder = DraftBuilder("text", path="13800000000.txt")
    builder.add("title", "联系１３８００００００００", "标题")
    builder.add("body", "电话13800000000，听说13800000000停课", "第1段")
    builder.add("hidden", "13800000000", "第2段")
    builder.links.append(Link("拨打", "tel:13800000000"))
    original = builder.build()
    screening = screener(lexicon_stage).screen(original)
    shown = json.dumps(to_document(screening, text=True), ensure_ascii=False) + repr(screening)
    assert "13800000000" not in shown
    assert "１３８００００００００" not in shown
    assert screening.draft.digest == original.digest
    numbers = [finding for finding in screening.findings if finding.rule == "PER901"]
    assert [screening.draft.text(finding.span) for finding in numbers] == [
        "１３８******００",
        "138******00",
        "138******00",
        "138******00",
    ]


def test_ids_tell_repeated_words_apart_and_survive_an_insertion(lexicon_stage):
    first = screener(lexicon_stage).screen(draft("机密文件和机密文件"))
    moved = screener(lexicon_stage).screen(draft("前面加一句。机密文件和机密文件"))
    ids = [finding.id for finding in first.findings]
    assert len(set(ids)) == 2
    assert ids == [finding.id for finding in moved.findings]


def test_many_are_as_one_by_one(lexicon_stage):
    drafts = [draft("机密文件"), draft("今天"), draft("代开发票")]
    many = screener(lexicon_stage).screen_many(drafts)
    assert [m.findings for m in many] == [
        screener(lexicon_stage).screen(d).findings for d in drafts
    ]


def test_spans_are_the_originals(lexicon_stage):
    screening = screener(lexicon_stage).screen(draft("看機密文件", title="代开发票"))
    spans = {finding.span for finding in screening.findings}
    assert spans == {Span("title", 0, 4), Span("body", 1, 5)}


def test_what_screened_is_told(tmp_path):
    told = Screener.from_home(tmp_path).versions
    digests = (told.lexicon, told.model, told.likeness)
    assert all(each.startswith("sha256:") for each in digests)
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("step", ["screen", "reconsider"])
def test_a_likeness_that_fails_is_one_failure_and_lowers_nothing(tmp_path, monkeypatch, step):
    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(LikenessStage, step, fail)
    builder = DraftBuilder("text")
    builder.add("body", "网传食堂用了地沟油，求扩散，是真是假不知道。", "第1段")
    screening = Screener.from_home(tmp_path).screen(builder.build())
    assert [failure.stage for failure in screening.failures] == ["likeness"]
    assert any(item.category is Category.RUMOR for item in screening.findings)
    assert screening.verdict is Verdict.REVIEW
