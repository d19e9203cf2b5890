"""Word reports opened in LibreOffice: comments at the flagged words, the document as it was."""

import io
import zipfile
from random import Random

import docx
import pytest
from docx.oxml import parse_xml
from made_up import small
from msgspec.structs import replace
from office import astray, convert
from word_drafts import NAMESPACES, write

from screening.draft import Span
from screening.finding import Severity
from screening.readers import read_draft
from screening.regulation import load_regulation
from screening.reports import render_file

DRAFTS, SPANS = 5, 14
LETTERS = "甲乙丙丁戊己庚辛<&\t\n- 🎓abc，。"
RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
BOX = (
    '<w:r><w:pict><v:shape style="width:99pt;height:40pt"><v:textbox><w:txbxContent><w:p>{}</w:p>'
    "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
LINK = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText> HYPERLINK "https://example.edu.cn/" </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
#: kinds of places; each has the words 密文 once, cut between two runs
PLACES = {
    "formula": f"<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>{RUN.format('密')}{RUN.format('文')}",
    "ruby": "<w:r><w:ruby><w:rubyPr/><w:rt>" + RUN.format("mi") + "</w:rt><w:rubyBase>"
    f"{RUN.format('密')}</w:rubyBase></w:ruby></w:r>{RUN.format('文')}",
    "link field": LINK.format(RUN.format("见密") + RUN.format("文在此")),
    "smart tag": f'<w:smartTag w:element="x">{RUN.format("有密")}{RUN.format("文尾")}</w:smartTag>',
    "custom": f'<w:customXml w:element="x">{RUN.format("有密")}{RUN.format("文尾")}</w:customXml>',
    "text box": BOX.format(RUN.format("框里有密") + RUN.format("文在")),
    "symbol": '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>' + RUN.format("有密文在"),
}


def flagged(draft, spans):
    """Return a screening with a finding for each span, every one of a rule of its own."""
    template = small("词", Severity.BLOCK)
    found = [
        replace(template.findings[0], span=span, rule=f"WOR{number:03}", id=f"{number:012}")
        for number, span in enumerate(spans)
    ]
    return replace(template, draft=draft, findings=tuple(found))


def random_spans(body, random):
    """Return spans that begin and end with a character that is no white space."""
    solid = [at for at, char in enumerate(body) if not char.isspace()]
    for _ in range(SPANS):
        first = random.randrange(len(solid))
        last = min(first + random.choice((0, 1, 2, 7, 20, 90)), len(solid) - 1)
        yield Span("body", solid[first], solid[last] + 1)


def placed(inside):
    """Return a document of three paragraphs, the second with the run-level content ``inside``."""
    document = docx.Document()
    for content in (RUN.format("说明情况如下。"), RUN.format("首") + inside, RUN.format("后面。")):
        xml = f"<w:p {NAMESPACES}>{content}</w:p>"
        document.element.body.sectPr.addprevious(parse_xml(xml))
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def cases():
    """Return (name, file, how to choose the spans) of everything that is tried."""
    for seed in range(DRAFTS):
        random = Random(seed)
        texts = ["".join(random.choices(LETTERS, k=random.randint(5, 80))) for _ in range(12)]
        texts = [text.strip() or "空" for text in texts]
        yield f"made{seed}", write(texts, random), lambda body, r=random: [*random_spans(body, r)]
    for name, inside in PLACES.items():
        at = lambda body: [Span("body", body.index("密文"), body.index("密文") + 2)]  # noqa: E731
        yield name.replace(" ", "-"), placed(inside), at


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Return per case: screening, original and report as bytes and as LibreOffice shows them."""
    folder = tmp_path_factory.mktemp("office")
    done = {}
    for name, data, choose in cases():
        path, back = folder / f"{name}.docx", folder / f"{name}-back.docx"
        path.write_bytes(data)
        draft = read_draft(path)
        screening = flagged(draft, choose(draft.fields["body"]))
        report = render_file("docx", [screening], load_regulation(), None, data)
        back.write_bytes(report)
        done[name] = (screening, data, report, path, back)
    shown = convert([path for item in done.values() for path in item[3:]], folder)
    pairs = zip(shown[::2], shown[1::2], strict=True)
    return [(name, *item, *pair) for (name, item), pair in zip(done.items(), pairs, strict=True)]


def test_every_comment_stands_at_the_flagged_words(opened):
    lost = {}
    for name, screening, *_, after in opened:
        expected = [(item.rule, screening.draft.text(item.span)) for item in screening.findings]
        lost[name] = astray(expected, after.comments)

    assert sum(len(screening.findings) for _, screening, *_ in opened) > DRAFTS * SPANS
    assert {name: words for name, words in lost.items() if words} == {}


def test_the_document_is_as_it_was(opened):
    for name, screening, _, _, _, back, before, after in opened:
        assert after.paragraphs == before.paragraphs, name
        assert before.comments == (), name
        assert read_draft(back).digest == screening.draft.digest, name


def test_every_part_that_carries_no_comment_is_the_same_file(opened):
    for name, _, data, report, *_ in opened:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(report)) as new:
            changed = {x for x in old.namelist() if old.read(x) != new.read(x)}
            added = set(new.namelist()) - set(old.namelist())
        assert changed <= {
            "[Content_Types].xml",
            "word/document.xml",
            "word/_rels/document.xml.rels",
        }, name
        assert added <= {"word/comments.xml"}, name


def test_a_comment_tells_reason_article_and_advice(opened):
    (_, screening, *_, after), *_ = opened
    finding = screening.findings[0]
    told = next(item for item in after.comments if f"规则：{finding.rule}" in item.text)

    assert told.author == "先审后发"
    assert f"原因：{finding.message}" in told.text
    assert f"建议：{finding.advice}" in told.text
    assert "依据：第19条" in told.text
