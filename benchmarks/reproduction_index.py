"""The index of known works, beside datasketch and rensa: speed, size, recall, kills.

``python benchmarks/reproduction_index.py DATA [--works N] [--synthetic N] [--kills N]`` makes works
of 2,000 characters by mixing and perturbing the articles of ``DATA/reuse/articles.jsonl``, adds
them, looks drafts up warm and cold, copies passages and looks for them, and kills ``works add``
at random moments. Needs datasketch and rensa (``pip install screening[bench]``).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from lookup_rivals import Datasketch, Rensa, Rival

from screening.stages.reproduction.addition import row_of
from screening.stages.reproduction.alignment import Aligner
from screening.stages.reproduction.catalogue import Catalogue, packed
from screening.stages.reproduction.fingerprints import fingerprint
from screening.stages.reproduction.importing import works_of_json
from screening.stages.reproduction.index import add_segment, balance, merge_small, sweep
from screening.stages.reproduction.segment import Postings
from screening.stages.reproduction.store import KnownWorks, open_works
from screening.stages.reproduction.work import Work
from screening.stages.reproduction.writer import WorksWriter
from screening.text.normalise import Normalised, codes_of, normalise

CHARACTERS = 2000
CHUNK = 200
#: share of characters replaced, so that an 8-gram of an article stands in few of the works
PERTURBED = 0.35
SHARES = (0.1, 0.15, 0.3, 0.6, 1.0)
#: the command, with many commits a second to be killed in
SMALL_BATCHES = (
    "import screening.stages.reproduction.writer as writer; writer._WORKS = 100;"
    "from screening.cli.main import main; main()"
)
#: works after which the kills begin anew with an empty home; so they do when one found no new ones
ENOUGH = 20_000
NOW = "2026-11-22T08:00:00+08:00"


class Texts:
    """Makes texts of chunks of articles with replaced characters; each seed makes another."""

    def __init__(self, data: Path) -> None:
        lines = (data / "reuse" / "articles.jsonl").read_text("utf-8").splitlines()
        self._codes = codes_of("\n".join(json.loads(line)["text"] for line in lines))

    def text(self, seed: int, characters: int = CHARACTERS) -> str:
        """Return one text of ``characters``."""
        chooser = np.random.default_rng(seed)
        starts = chooser.integers(0, len(self._codes) - CHUNK, characters // CHUNK)
        codes = self._codes[(starts[:, None] + np.arange(CHUNK)).ravel()]
        replaced = chooser.random(len(codes)) < PERTURBED
        codes[replaced] = chooser.choice(self._codes, int(replaced.sum()))
        return codes.tobytes().decode("utf-32-le")


def written(texts: Texts, path: Path, count: int) -> None:
    """Write ``count`` works as JSON lines."""
    with path.open("w", encoding="utf-8") as stream:
        for seed in range(count):
            work = {
                "title": f"作品{seed}",
                "text": texts.text(seed),
                "author": "示例作者",
                "site": f"示例网{seed % 50}",
                "url": f"https://example.cn/{seed}.html",
            }
            stream.write(json.dumps(work, ensure_ascii=False) + "\n")


def timed(call: Callable[[Any], object], items: Sequence[Any]) -> list[float]:
    """Return the milliseconds that ``call`` took for each item."""
    result = []
    for item in items:
        begun = time.perf_counter()
        call(item)
        result.append((time.perf_counter() - begun) * 1000)
    return result


def shown(times: Sequence[float]) -> str:
    """Return median, 10th and 90th percentile."""
    low, median, high = np.percentile(times, [10, 50, 90])
    return f"{median:.2f} ms (10–90 %: {low:.2f}–{high:.2f})"


def drafts_with(texts: Texts, works: Sequence[int], share: float) -> list[tuple[int, str]]:
    """Return drafts of which ``share`` is copied in one piece from the work named first."""
    size = int(CHARACTERS * share)
    drafts = []
    for number in works:
        start = random.Random(number).randrange(CHARACTERS - size + 1)
        passage = texts.text(number)[start : start + size]
        rest = texts.text(10_000_000 + number)[: CHARACTERS - size]
        drafts.append((number, rest[: len(rest) // 2] + passage + rest[len(rest) // 2 :]))
    return drafts


def add_rate(folder: Path, path: Path, count: int) -> None:
    """Add all works of a JSON-lines file; print the rate."""
    begun, spent = time.perf_counter(), time.process_time()
    with path.open("rb") as lines:
        works = (work for work in works_of_json(lines) if isinstance(work, Work))
        WorksWriter(folder).add(works, NOW)
    wall, processor = time.perf_counter() - begun, time.process_time() - spent
    print(
        f"added {count:,} works: {count / wall:,.0f} a second by the clock, "
        f"{count / processor:,.0f} a second of processor time"
    )


def sizes(folder: Path) -> None:
    """Print bytes a work, and how long opening takes."""
    facts = Catalogue(folder).facts()
    works = facts["works"]
    print(
        f"index {facts['index_bytes'] / works:,.0f} bytes a work in {facts['segments']} segments, "
        f"compressed text {facts['text_bytes'] / works:,.0f}, catalogue with texts "
        f"{sum(path.stat().st_size for path in folder.glob('works.db*')) / works:,.0f}"
    )
    print("open", shown(timed(lambda _: open_works(folder), range(30))))


def look_ups(folder: Path, texts: Texts, count: int) -> None:
    """Print how long drafts take, warm."""
    known = open_works(folder)
    assert known is not None
    new = [normalise(texts.text(20_000_000 + seed)) for seed in range(200)]
    chosen = random.Random(7).sample(range(count), 200)
    copied = [normalise(text) for _, text in drafts_with(texts, chosen, 0.15)]
    for draft in (*new, *copied):
        known.candidates(draft)
    rounds = range(3)
    print("fingerprints of one draft", shown(timed(fingerprint, new * len(rounds))))
    print("look-up, nothing copied  ", shown(timed(known.candidates, new * len(rounds))))
    print("look-up, 15 % copied     ", shown(timed(known.candidates, copied * len(rounds))))
    print(
        "… and one passage aligned",
        shown(timed(lambda draft: aligned(known, draft), copied * len(rounds))),
    )
    most = [len(known.candidates(draft)) for draft in new]
    print(f"works named for a draft that copies nothing: {statistics.mean(most):.2f} on average")


def aligned(known: KnownWorks, draft: Normalised) -> None:
    """Look ``draft`` up and align it with the first work named."""
    for candidate in known.candidates(draft)[:1]:
        Aligner.of(draft).passages(normalise(candidate.work.text))


def cold(folder: Path, texts: Texts, works: Sequence[int]) -> None:
    """Print how long one look-up takes when nothing of the index is in memory."""
    times = []
    for number in works:
        ((_, text),) = drafts_with(texts, [number], 0.15)
        draft = normalise(text)
        gc.collect()
        dropped = forget(folder)
        known = open_works(folder)
        assert known is not None
        times += timed(known.candidates, [draft])
        del known
    print(f"look-up, cold page cache  {shown(times)}; {dropped:,} bytes dropped each time")


def forget(folder: Path) -> int:
    """Drop the files of ``folder`` from the page cache; return their bytes."""
    total = 0
    os.sync()
    for path in folder.iterdir():
        with path.open("rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            total += path.stat().st_size
    return total


def recall(folder: Path, texts: Texts, count: int, rivals: Sequence[Rival], some: int) -> None:
    """Copy shares of works into drafts; print how many drafts find their work, for each tool."""
    known = open_works(folder)
    assert known is not None
    chosen = random.Random(11).sample(range(count), some)
    print(f"\n| copied | screening | {' | '.join(rival.name for rival in rivals)} |")
    print("|---|" + "---|" * (len(rivals) + 1))
    for share in SHARES:
        drafts = drafts_with(texts, chosen, share)
        ours = sum(
            f"作品{number}" in {item.work.title for item in known.candidates(normalise(text))}
            for number, text in drafts
        )
        theirs = []
        for rival in rivals:
            inside = [(number % rival.count, number) for number, _ in drafts]
            mine = drafts_with(texts, [place for place, _ in inside], share)
            theirs.append(sum(place in rival.query(text) for place, text in mine))
        cells = " | ".join(f"{100 * found / some:.0f} %" for found in (ours, *theirs))
        print(f"| {100 * share:.0f} % | {cells} |")


def rivals_of(known: KnownWorks, texts: Texts, count: int) -> list[Rival]:
    """Build the rivals with the first ``count`` works; print rates, and queries by turns."""
    sample = [texts.text(seed) for seed in range(count)]
    drafts = [texts.text(20_000_000 + seed) for seed in range(60)]
    rivals: list[Rival] = []
    for kind, threshold in ((Datasketch, 0.5), (Datasketch, 0.2), (Rensa, 0.5), (Rensa, 0.2)):
        begun, spent = time.perf_counter(), time.process_time()
        rival = kind(sample, threshold)
        wall, processor = time.perf_counter() - begun, time.process_time() - spent
        ours, theirs = [], []
        for draft in drafts:
            normalised = normalise(draft)
            ours += timed(known.candidates, [normalised])
            theirs += timed(rival.query, [draft])
        ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
        print(
            f"{rival.name}: {count / wall:,.0f} works a second by the clock, "
            f"{count / processor:,.0f} of processor time; a query {statistics.median(theirs):.2f} "
            f"ms, ours {statistics.median(ours):.2f} by turns, ratio {ratio:.1f}"
        )
        rivals.append(rival)
    return rivals


def synthetic(folder: Path, texts: Texts, count: int, real: int) -> None:
    """Fill a store with ``count`` works of random fingerprints and ``real`` real ones."""
    WorksWriter(folder).add(
        (Work("", f"作品{seed}", texts.text(seed)) for seed in range(real)), NOW
    )
    each = len(fingerprint(normalise(texts.text(0))).hashes)
    chooser = np.random.default_rng(3)
    catalogue = Catalogue(folder)
    body = packed("")
    begun = time.perf_counter()
    for start in range(real, count, 4096):
        numbers = np.arange(start + 1, min(start + 4096, count) + 1, dtype=np.uint32)
        works = np.repeat(numbers, each)
        hashes = chooser.integers(1, 1 << 48, len(works), dtype=np.uint64)
        positions = np.tile(np.arange(each, dtype=np.uint32) * 8, len(numbers))
        rows = [
            row_of(n, Work("", f"s{n}", ""), 1700, n.to_bytes(16, "big"), NOW)
            for n in numbers.tolist()
        ]
        with catalogue.writing():
            catalogue.insert(rows, [body] * len(rows))
            add_segment(catalogue, Postings(hashes, works, positions))
            merged = merge_small(catalogue)
        if merged:
            sweep(catalogue)
    with catalogue.writing():
        balance(catalogue)
    sweep(catalogue)
    print(f"{count / (time.perf_counter() - begun):,.0f} synthetic works indexed a second")


def kills(texts: Texts, path: Path, count: int, home: Path) -> None:
    """Kill ``works add`` at random moments and look whether every work is whole, or not there."""
    command = [sys.executable, "-c", SMALL_BATCHES, "--home", str(home), "works", "add", str(path)]
    chooser = random.Random(5)
    states: list[int] = []
    for _ in range(count):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(chooser.uniform(0.4, 4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        states.append(checked(home / "works", texts, chooser))
        if states[-1] > ENOUGH or states[-2:-1] == states[-1:]:
            shutil.rmtree(home, ignore_errors=True)
    print(f"\n{count} kills: works there after each {states}; all whole, none half")


def checked(folder: Path, texts: Texts, chooser: random.Random) -> int:
    """Open the store and compare some of its works; return how many there are."""
    known = open_works(folder) if folder.exists() else None
    if known is None:
        return 0
    catalogue = Catalogue(folder)
    numbers = [row.id for row in catalogue.rows()]
    if len(numbers) != len(known):
        raise SystemExit(f"{len(numbers)} works, but {len(known)} counted")
    for number in chooser.sample(numbers, min(20, len(numbers))):
        work = known.work(number)
        assert work is not None
        seed = int(work.title.removeprefix("作品"))
        found = [item.work.id for item in known.candidates(normalise(work.text))]
        if work.text != texts.text(seed) or work.id not in found:
            raise SystemExit(f"{work.id} is not whole")
    for seed in chooser.sample(range(30_000), 5):
        there = {row.title for row in catalogue.rows(search=f"作品{seed}")}
        named = {item.work.title for item in known.candidates(normalise(texts.text(seed)))}
        if f"作品{seed}" in named - there:
            raise SystemExit(f"作品{seed} is found but not there")
    return len(numbers)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--works", type=int, default=100_000)
    parser.add_argument("--synthetic", type=int, default=1_000_000)
    parser.add_argument("--rivals", type=int, default=2_000, help="works the rivals are built with")
    parser.add_argument("--recall", type=int, default=100, help="drafts for each share copied")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--scratch", type=Path, help="a folder with room for 8 GB")
    options = parser.parse_args()
    texts = Texts(options.data)
    print(f"{date.today()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory(dir=options.scratch) as name:
        scratch = Path(name)
        lines = scratch / "works.jsonl"
        written(texts, lines, options.works)
        print(f"### {options.works:,} works of {CHARACTERS:,} characters\n")
        add_rate(scratch / "works", lines, options.works)
        sizes(scratch / "works")
        look_ups(scratch / "works", texts, options.works)
        cold(scratch / "works", texts, range(20))
        print("\n### Beside\n")
        known = open_works(scratch / "works")
        assert known is not None
        rivals = rivals_of(known, texts, options.rivals)
        recall(scratch / "works", texts, options.works, rivals, options.recall)
        if options.synthetic:
            print(f"\n### {options.synthetic:,} works, random fingerprints\n")
            synthetic(scratch / "many", texts, options.synthetic, 2000)
            sizes(scratch / "many")
            look_ups(scratch / "many", texts, 2000)
            cold(scratch / "many", texts, range(20))
        if options.kills:
            few = scratch / "few.jsonl"
            written(texts, few, min(30_000, options.works))
            kills(texts, few, options.kills, scratch / "home")


if __name__ == "__main__":
    main()
