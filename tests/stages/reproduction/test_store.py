"""Works go in once, come out whole, are found by what was copied, and leave without a trace."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import known_works
import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_works import NOW, a_work, prose

from screening.errors import StoreError
from screening.stages.reproduction import catalogue as catalogue_module
from screening.stages.reproduction import index
from screening.stages.reproduction import writer as writer_module
from screening.stages.reproduction.addition import Added
from screening.stages.reproduction.catalogue import Catalogue, packed, storable, unpacked
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


def test_same_content_or_same_address_is_one_work(folder, writer):
    text = prose(1)
    spaced = "，".join(text) + "。"
    first = Work("", "一", text, url="https://www.example.cn/a/1/")
    again = Work("", "二", spaced, author="李示例", url="http://other.example/9")
    writer.add([first], NOW)
    assert writer.add([first], NOW) == Added(unchanged=1)
    assert writer.add([again], NOW) == Added(updated=1)
    known = open_works(folder)
    assert len(known) == 1
    assert (known.work(1).title, known.work(1).author) == ("一", "李示例")
    assert known.work(1).url == "https://www.example.cn/a/1/"
    newer = Work("", "三", prose(2), url="http://example.cn/a/1#top")
    assert writer.add([newer], NOW) == Added(updated=1)
    assert len(known) == 1
    assert titles(known, text) == []
    assert titles(known, prose(2)) == ["三"]


def test_the_same_within_one_batch_is_one_work(folder, writer):
    page = {"url": "https://example.cn/a"}
    works = [a_work(1), a_work(1, site="示例网"), a_work(2, **page), a_work(3, **page)]
    assert writer.add(works, NOW) == Added(added=2, updated=2)
    known = open_works(folder)
    assert len(known) == 2
    assert [titles(known, prose(seed)) for seed in (1, 2, 3)] == [["题目1"], [], ["题目3"]]


def test_the_address_of_a_whole_site_is_no_works_address(folder, writer):
    works = [a_work(seed, url="https://example.cn/") for seed in range(3)]
    assert writer.add(works, NOW) == Added(added=3)


def test_what_is_too_short_to_be_found_is_left_out(folder, writer):
    works = [Work("", "短", prose(1, GUARANTEE - 1)), Work("", "够", prose(2, GUARANTEE))]
    assert writer.add(works, NOW) == Added(added=1, short=1)
    assert titles(open_works(folder), "前" + prose(2, GUARANTEE) + "后") == ["够"]


def test_a_running_program_sees_what_another_adds_and_removes(folder, writer):
    writer.add([a_work(1)], NOW)
    known = open_works(folder)
    digest = known.digest
    code = (
        "import sys; from pathlib import Path; from known_works import NOW, a_work;"
        "from screening.stages.reproduction.writer import WorksWriter;"
        "WorksWriter(Path(sys.argv[1])).add([a_work(2)], NOW)"
    )
    tests = Path(known_works.__file__).parent
    subprocess.run([sys.executable, "-c", code, folder], check=True, cwd=tests)
    assert titles(known, prose(2)) == ["题目2"]
    assert known.digest != digest
    writer.remove([2])
    assert titles(known, prose(2)) == []
    assert known.digest == digest


def test_the_digest_is_of_the_works_in_whatever_order_they_came(tmp_path):
    works = [a_work(seed) for seed in range(4)]
    digests = set()
    for name, order in (("a", works), ("b", works[::-1])):
        for work in order:
            WorksWriter(tmp_path / name).add([work], NOW)
        digests.add(open_works(tmp_path / name).digest)
    assert len(digests) == 1


def test_a_stock_phrase_names_nobody_but_a_long_passage_names_its_works(folder, writer):
    phrase, speech = prose("phrase", 60), prose("speech", 300)
    writer.add([Work("", f"甲{n}", prose(n) + phrase + prose(n + 99)) for n in range(20)], NOW)
    writer.add([Work("", f"乙{n}", prose(n + 500) + speech) for n in range(20)], NOW)
    known = open_works(folder)
    assert titles(known, prose(1000) + phrase + prose(1001)) == []
    assert len(titles(known, prose(1000) + speech + prose(1001))) == 4
    assert titles(known, prose(3)[:100] + phrase) == ["甲3"]


@pytest.mark.parametrize("size", [1, 3])
def test_many_small_additions_and_removals_leave_few_segments_and_the_right_works(
    folder, writer, monkeypatch, size
):
    monkeypatch.setattr(index, "_SIDE_BY_SIDE", 4)
    monkeypatch.setattr(writer_module, "_WORKS", size)
    writer.add([a_work(seed) for seed in range(24)], NOW)
    removed = [*range(1, 25, 2), 2, 4]
    writer.remove(removed)
    writer.add([a_work(seed) for seed in range(100, 104)], NOW)
    known = open_works(folder)
    there = [seed for seed in range(24) if seed + 1 not in removed] + [*range(100, 104)]
    assert len(known) == len(there)
    for seed in (*range(24), *range(100, 104)):
        assert titles(known, prose(seed)) == ([f"题目{seed}"] if seed in there else [])
    files = {path.name for path in folder.glob("*.segment")}
    assert files == {row.name for row in Catalogue(folder).segments()}
    assert len(files) <= 4


def test_two_writers_wait_for_each_other_and_one_is_told_when_it_takes_too_long(
    folder, writer, monkeypatch
):
    monkeypatch.setattr(catalogue_module, "BUSY_SECONDS", 0.05)
    holder = Catalogue(folder)
    with holder.writing(), pytest.raises(StoreError, match="W002"):
        WorksWriter(folder)
    assert WorksWriter(folder).add([a_work(1)], NOW) == Added(added=1)


@pytest.mark.parametrize(
    "damage", ["truncated", "emptied", "no catalogue", "no segment", "not a database"]
)
def test_a_damaged_store_is_an_error_never_no_works(folder, writer, damage):
    writer.add([a_work(seed) for seed in range(5)], NOW)
    writer.close()
    (segment,) = folder.glob("*.segment")
    if damage == "truncated":
        segment.write_bytes(segment.read_bytes()[:-5])
    elif damage == "emptied":
        segment.write_bytes(b"")
    elif damage == "no segment":
        segment.unlink()
    else:
        (folder / "works.db").write_bytes(b"" if damage == "no catalogue" else b"x" * 5000)
    with pytest.raises(StoreError, match="W001"):
        open_works(folder)


def test_a_store_whose_making_was_cut_short_holds_no_works(folder):
    folder.mkdir()
    (folder / "works.db").touch()
    assert open_works(folder) is None
    assert WorksWriter(folder).add([a_work(1)], NOW) == Added(added=1)


def test_a_store_of_newer_software_is_left_alone(folder, writer):
    Catalogue(folder).connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="W003"):
        open_works(folder)
    with pytest.raises(StoreError, match="W003"):
        WorksWriter(folder)


@given(st.text(st.characters(codec=None), max_size=60))
def test_texts_come_back_as_they_went_in(text):
    assert unpacked(packed(storable(text))) == storable(text)


def test_lone_surrogates_are_replaced(folder, writer):
    writer.add([Work("", "坏\ud800", prose(1) + "\udfff" + prose(2))], NOW)
    work = open_works(folder).work(1)
    assert (work.title, work.text) == ("坏\ufffd", prose(1) + "\ufffd" + prose(2))


def test_killed_at_any_moment_every_work_is_wholly_in_or_wholly_out(tmp_path):
    path, home = tmp_path / "作品.jsonl", tmp_path / "home"
    works = [{"title": f"题目{seed}", "text": prose(seed, 800)} for seed in range(2000)]
    path.write_text("".join(json.dumps(work) + "\n" for work in works), "utf-8")
    code = (
        "import screening.stages.reproduction.writer as writer; writer._WORKS = 50;"
        "from screening.cli.main import main; main()"
    )
    command = [sys.executable, "-c", code, "--home", home, "works", "add", path]
    chooser, there = random.Random(4), 0
    for _ in range(5):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(chooser.uniform(0.2, 1.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (known := open_works(home / "works")) is None:
            continue
        assert len(known) >= there
        there = len(known)
        rows = list(Catalogue(home / "works").rows())
        assert len(rows) == there
        for row in chooser.sample(rows, min(10, there)):
            seed = int(row.title.removeprefix("题目"))
            assert known.work(row.id).text == prose(seed, 800)
            assert titles(known, prose(seed, 800)) == [row.title]
        missing = sorted(set(range(2000)) - {int(row.title.removeprefix("题目")) for row in rows})
        for seed in missing[:5]:
            assert titles(known, prose(seed, 800)) == []
