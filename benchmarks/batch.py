"""A schedule of real articles screened by ``screening batch``, beside the straight way.

``python benchmarks/batch.py ARTICLES [--works 10000]`` takes the first posts of the .jsonl file
ARTICLES (title, text), schedules them in one .xlsx and screens it: on one core with one worker, and
on two with two; all results but the posts' own pages included. ``--works`` first adds so many known
works: one in ten posts as it is, the rest mixed from pieces of the other articles, too short to be
found in them. Start-up is what a
schedule of one post takes; posts a second are after it; the best of ``--rounds`` counts. Memory is
the peak of the processes' proportional share (PSS, shared pages counted once). The straight way
(jieba.cut of the whole text, pyahocorasick over NFKC text, TF-IDF of jieba words with LinearSVC,
datasketch MinHashLSH over works) screens a part of the same articles on one core in the same run,
before and after. Needs datasketch.

``--rows 10000 100000`` measures instead the memory of schedules so long, of altered articles cut at
``--cut`` characters, each row another text.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import product
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from lexicon_speed import compiled_rules

_WORKS = 10_000


def articles_of(path: Path, count: int) -> list[tuple[str, str]]:
    """Return up to ``count`` titles and texts."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()[:count]]
    return [(row.get("title") or "", row["text"]) for row in rows]


def altered(articles: Sequence[tuple[str, str]], count: int) -> Iterator[tuple[str, str]]:
    """Yield ``count`` texts, each mixed from three articles by pieces of four to seven characters.

    No longer passage of any article is left in them.
    """
    chance = random.Random(20261122)
    for number in range(count):
        chosen = chance.sample(articles, 3)
        pieces: list[str] = []
        for _, text in chosen:
            place = 0
            while place < len(text):
                end = place + chance.randint(4, 7)
                pieces.append(text[place:end])
                place = end
        chance.shuffle(pieces)
        yield f"{chosen[0][0]}（{number}）", "".join(pieces[: max(1, len(pieces) // 3)])


def write_schedule(path: Path, posts: Iterable[tuple[str, str]]) -> None:
    """Write a schedule as an editor would, with a title row above the headings."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("排期")
        sheet.write_row(0, 0, ["宣传排期表"])
        sheet.write_row(1, 0, ["标题", "正文", "账号", "责任部门", "拟发布时间"])
        for line, (title, text) in enumerate(posts, 2):
            sheet.write_string(line, 0, title)
            sheet.write_string(line, 1, text[:32_000])
            at = f"12月{line // 9 % 31 + 1}日{line // 280 % 12 + 8}点"
            sheet.write_row(line, 2, [f"account-{line % 9}", f"第{line % 9 + 1}学院", at])


class Run(NamedTuple):
    """Seconds by the clock and of processors, all processes together, and peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


def run_batch(
    home: Path, schedule: Path, output: Path, workers: int, *, cores: int = 2, cluster: str = ""
) -> Run:
    """Screen ``schedule`` with so many workers on so many cores, or on the ``cluster``."""
    usable = sorted(os.sched_getaffinity(0))[:cores]
    command = ["taskset", "-c", ",".join(map(str, usable))]
    command += [sys.executable, "-m", "screening", "--home", str(home), "batch", str(schedule)]
    command += ["--output", str(output), "--workers", str(workers), "--no-pages"]
    command += ["--executor", "dask", "--scheduler", cluster] if cluster else []
    begun, used, peak = time.perf_counter(), _used(), 0.0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, sum(map(_share, _family(process.pid))))
        time.sleep(0.1)
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
    for number, work in enumerate(works[:1000]):  # a look-up costs the same with more
        index.insert(number, sketch(work))
    begun = time.process_time()
    for text in texts:
        plain = unicodedata.normalize("NFKC", text)
        words = list(jieba.cut(plain))
        list(automaton.iter(plain))
        model.decision_function(vectorizer.transform([words]))
        index.query(sketch(plain))
    return len(texts) / (time.process_time() - begun)


def add_works(home: Path, works: Sequence[tuple[str, str]]) -> None:
    """Add known works to the home."""
    chosen = home / "works.jsonl"
    lines = (
        json.dumps({"title": title, "text": text, "author": "佚名"}, ensure_ascii=False)
        for title, text in works
    )
    chosen.write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "screening", "--home", str(home), "works", "add", str(chosen)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def compare(options: argparse.Namespace, folder: Path) -> None:
    """Screen with one core and with two, and the straight way, and print a table."""
    home, posts = folder / "home", articles_of(options.articles, options.posts)
    home.mkdir()
    others = articles_of(options.articles, 1_000_000)[options.posts :] or posts
    works = [*posts[::10], *altered(others, options.works - len(posts[::10]))][: options.works]
    if works:
        add_works(home, works)
    write_schedule(folder / "one.xlsx", posts[:1])
    write_schedule(folder / "all.xlsx", posts)
    run_batch(home, folder / "one.xlsx", folder / "warm", 1)
    texts = [text for _, text in works]
    straight = [straight_rate(home, posts[: options.straight], texts)]
    found: dict[int, list[tuple[Run, Run]]] = {1: [], 2: []}
    for turn, cores in product(range(options.rounds), found):
        outputs = (folder / f"{name}-{cores}-{turn}" for name in ("start", "whole"))
        schedules = (folder / "one.xlsx", folder / "all.xlsx")
        start, whole = (
            run_batch(home, schedule, output, cores, cores=cores)
            for schedule, output in zip(schedules, outputs, strict=True)
        )
        found[cores].append((start, whole))
    straight.append(straight_rate(home, posts[: options.straight], texts))
    spread = [_on_cluster(home, folder) for _ in range(options.cluster)]
    print(f"{date.today()}, {os.cpu_count()} cores, {len(posts)} posts, {len(works)} works\n")
    print("| | posts/s by the clock | posts per processor second | times as fast a core |", end="")
    print(" start-up s | peak MiB |\n|---|---|---|---|---|---|")
    for cores, runs in found.items():
        rate = max(len(posts) / (whole.wall - start.wall) for start, whole in runs)
        core = max(len(posts) / (whole.cpu - start.cpu) for start, whole in runs)
        begun = min(start.wall for start, _ in runs)
        peak = max(whole.peak for _, whole in runs)
        print(
            f"| batch, {cores} cores | {rate:.0f} | {core:.0f} | {core / max(straight):.1f} |",
            end="",
        )
        print(f" {begun:.1f} | {peak:.0f} |")
    for rate in (len(posts) / seconds for seconds in spread):
        print(f"| Dask, 2 workers on these cores | {rate:.0f} | | | | |")
    print(f"| the straight way | | {max(straight):.0f} | 1.0 | | |")


def _on_cluster(home: Path, folder: Path) -> float:
    """Return the seconds that a Dask scheduler and two workers take, once they are loaded."""
    note = Path(tempfile.mkdtemp(dir=folder))
    once = ["--no-dashboard", "--scheduler-file", str(note / "address.json")]
    commands = [
        ["scheduler", "--host", "127.0.0.1", "--port", "0", *once],
        *(["worker", "--nthreads", "1", "--no-nanny", *once] for _ in range(2)),
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": note}
    processes = [
        subprocess.Popen([sys.executable, "-m", f"distributed.cli.dask_{name}", *rest], **quiet)
        for name, *rest in commands
    ]
    try:
        while not (note / "address.json").exists():
            time.sleep(0.1)
        time.sleep(1.0)
        address = json.loads((note / "address.json").read_text())["address"]
        start, whole = (
            run_batch(home, folder / name, note / name, 2, cluster=address).wall
            for name in ("one.xlsx", "all.xlsx")
        )
        again = run_batch(home, folder / "all.xlsx", note / "again", 2, cluster=address).wall
        return min(whole, again) - start
    finally:
        for process in processes:
            process.kill()
            process.wait()


def measure_memory(options: argparse.Namespace, folder: Path) -> None:
    """Screen schedules of so many rows, and print the peak memory of each."""
    home, articles = folder / "home", articles_of(options.articles, options.posts)
    home.mkdir()
    print("| rows | MB of .xlsx | peak MiB | times the first | posts/s |\n|---|---|---|---|---|")
    first = 0.0
    for rows in options.rows:
        path = folder / f"{rows}.xlsx"
        write_schedule(
            path, ((title, text[: options.cut]) for title, text in altered(articles, rows))
        )
        run = run_batch(home, path, folder / f"out-{rows}", 2)
        first = first or run.peak
        size = path.stat().st_size / 1e6
        print(f"| {rows} | {size:.0f} | {run.peak:.0f} | {run.peak / first:.2f} |", end="")
        print(f" {rows / run.wall:.0f} |", flush=True)


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path, metavar="ARTICLES", help=".jsonl of title, text")
    parser.add_argument("--works", type=int, default=0, metavar="N", help="known works")
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--straight", type=int, default=100, help="posts for the straight way")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cluster", type=int, default=0, metavar="N", help="rounds with Dask")
    parser.add_argument("--rows", type=int, nargs="*", help="measure the memory of so many rows")
    parser.add_argument("--cut", type=int, default=300, help="characters of a post, with --rows")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        (measure_memory if options.rows else compare)(options, Path(name))


if __name__ == "__main__":
    main()
