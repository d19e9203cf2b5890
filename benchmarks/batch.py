"""A schedule of real articles screened by ``screening batch``, beside the straight way.

``python benchmarks/batch.py ARTICLES [--works FILE]`` takes the first posts of the .jsonl file
ARTICLES (title, text), schedules them in one .xlsx and screens it with one and with two workers,
all results but the posts' own pages included. ``--works`` adds up to 10,000 known works first,
from a .jsonl file. Start-up is what a schedule of one post takes; posts a second are after it.
Memory is the peak of the processes' proportional share (PSS, shared pages counted once). The
straight way (jieba.cut of the whole text, pyahocorasick over NFKC text, TF-IDF of jieba words with
LinearSVC, datasketch MinHashLSH over the same works) screens a part of the same articles on one
core in the same run. Needs datasketch.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from lexicon_speed import compiled_rules

_WORKS = 10_000


def articles_of(path: Path, count: int) -> list[tuple[str, str]]:
    """Return ``count`` titles and texts, from the beginning again where there are too few."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found = [(row.get("title") or "", row["text"]) for row in rows]
    return list(islice(cycle(found), count))


def write_schedule(path: Path, posts: Sequence[tuple[str, str]]) -> None:
    """Write a schedule as an editor would, with a title row above the headings."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("排期")
        sheet.write_row(0, 0, ["宣传排期表"])
        sheet.write_row(1, 0, ["标题", "正文", "账号", "责任部门", "拟发布时间"])
        for line, (title, text) in enumerate(posts, 2):
            sheet.write_string(line, 0, title)
            sheet.write_string(line, 1, text[:32_000])
            sheet.write_row(line, 2, ["jidian-wechat", "机电学院", f"12月{line % 28 + 1}日上午9点"])


class Run(NamedTuple):
    """Seconds by the clock and of processors, all processes together, and peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


def run_batch(home: Path, schedule: Path, output: Path, workers: int) -> Run:
    """Screen ``schedule`` with so many workers."""
    command = [sys.executable, "-m", "screening", "--home", str(home), "batch", str(schedule)]
    command += ["--output", str(output), "--workers", str(workers), "--no-pages"]
    begun, used, peak = time.perf_counter(), _used(), 0.0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, sum(map(_share, _family(process.pid))))
        time.sleep(0.05)
    if process.returncode not in (0, 1):
        raise SystemExit(f"batch ended with {process.returncode}")
    return Run(time.perf_counter() - begun, _used() - used, peak)


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _family(pid: int) -> list[int]:
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _family(int(child))
    return found


def _share(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def straight_rate(home: Path, posts: Sequence[tuple[str, str]], works: Sequence[str]) -> float:
    """Return how many posts a second the straight way screens on one core, after start-up."""
    import ahocorasick  # noqa: PLC0415 - as the straight way would
    import jieba  # noqa: PLC0415
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    automaton = ahocorasick.Automaton()
    for word in compiled_rules(home).words.keys:
        automaton.add_word(word, word)
    automaton.make_automaton()
    texts = [text for _, text in posts]
    vectorizer = TfidfVectorizer(analyzer=list)
    features = vectorizer.fit_transform([list(jieba.cut(text)) for text in texts[:100]])
    model = LinearSVC().fit(features, [number % 2 for number in range(features.shape[0])])

    def sketch(text: str) -> MinHash:
        result = MinHash(num_perm=128)
        result.update_batch([text[i : i + 5].encode() for i in range(max(1, len(text) - 4))])
        return result

    index = MinHashLSH(threshold=0.5, num_perm=128)
    for number, work in enumerate(works[:500]):  # a look-up costs the same with more
        index.insert(number, sketch(work))
    begun = time.process_time()
    for text in texts:
        plain = unicodedata.normalize("NFKC", text)
        words = list(jieba.cut(plain))
        list(automaton.iter(plain))
        model.decision_function(vectorizer.transform([words]))
        index.query(sketch(plain))
    return len(texts) / (time.process_time() - begun)


def add_works(home: Path, path: Path) -> list[str]:
    """Add the first works of a .jsonl file to the home; return their texts."""
    lines = path.read_text("utf-8").splitlines()[:_WORKS]
    chosen = home / "works.jsonl"
    chosen.write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "screening", "--home", str(home), "works", "add", str(chosen)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    return [json.loads(line)["text"] for line in lines]


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path, metavar="ARTICLES", help=".jsonl of title, text")
    parser.add_argument("--works", type=Path, metavar="FILE", help=".jsonl of known works")
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--straight", type=int, default=100, help="posts for the straight way")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = folder / "home"
        home.mkdir()
        works = add_works(home, options.works) if options.works else []
        posts = articles_of(options.articles, options.posts)
        write_schedule(folder / "one.xlsx", posts[:1])
        write_schedule(folder / "all.xlsx", posts)
        run_batch(home, folder / "one.xlsx", folder / "warm", 1)
        rows = []
        for workers in (1, 2):
            start = run_batch(home, folder / "one.xlsx", folder / f"start{workers}", workers)
            whole = run_batch(home, folder / "all.xlsx", folder / f"all{workers}", workers)
            rows.append((f"batch, {workers} workers", start, whole))
        straight = straight_rate(home, posts[: options.straight], works)
    print(f"{date.today()}, {os.cpu_count()} cores, {len(posts)} posts, {len(works)} works\n")
    print("| | posts/s by the clock | posts per processor second | times as fast a core |", end="")
    print(" start-up s | peak MiB |")
    print("|---|---|---|---|---|---|")
    for what, start, whole in rows:
        rate = len(posts) / (whole.wall - start.wall)
        core = len(posts) / (whole.cpu - start.cpu)
        print(f"| {what} | {rate:.0f} | {core:.0f} | {core / straight:.1f} |", end="")
        print(f" {start.wall:.1f} | {whole.peak:.0f} |")
    print(f"| the straight way | | {straight:.0f} | 1.0 | | |")


if __name__ == "__main__":
    main()
