"""Works go in once, come out whole, are found by what was copied, and leave without a trace."""

import pytest
from known_works import NOW, a_work, prose

from screening.stages.reproduction.fingerprints import GUARANTEE
from screening.stages.reproduction.store import open_works
from screening.stages.reproduction.work import Licence, Work
from screening.stages.reproduction.writer import WorksWriter
from screening.text.normalise import normalise


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "works"


@pytest.fixture
def writer(folder):
    return WorksWriter(folder)


def titles(known, text):
    return [candidate.work.title for candidate in known.candidates(normalise(text))]


def test_no_folder_is_no_works(folder):
    assert open_works(folder) is None


def test_a_copied_passage_finds_its_work(folder, writer):
    writer.add([a_work(1), a_work(2), a_work(3)], NOW)
    known = open_works(folder)
    passage = prose(2)[100:150]
    draft = normalise(prose(8) + passage + prose(9))
    (candidate,) = known.candidates(draft)
    assert candidate.work == Work("W000002", "题目2", prose(2))
    work = normalise(candidate.work.text)
    assert len(candidate.anchors) >= 2
    for here, there in candidate.anchors.tolist():
        assert draft.text[here : here + 8] == work.text[there : there + 8]
        assert 400 <= here < 450
        assert 100 <= there < 150


def test_a_run_one_shorter_than_guaranteed_may_be_missed_but_never_one_as_long(folder, writer):
    writer.add([a_work(seed) for seed in range(30)], NOW)
    known = open_works(folder)
    for seed in range(30):
        for start in (0, 171, 400 - GUARANTEE):
            passage = prose(seed)[start : start + GUARANTEE]
            assert titles(known, prose(99) + passage + prose(98)) == [f"题目{seed}"]


def test_licences_and_particulars_are_kept(folder, writer):
    work = a_work(
        1,
        author="李示例",
        site="示例网",
        url="https://example.cn/a/1",
        published="2026-03-01",
        licence=Licence.FORBIDDEN,
    )
    writer.add([work], NOW)
    found = open_works(folder).work(1)
    assert (found.author, found.site, found.url) == ("李示例", "示例网", "https://example.cn/a/1")
    assert (found.published, found.licence, found.own) == ("2026-03-01", Licence.FORBIDDEN, False)
