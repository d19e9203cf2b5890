"""One draft from a cold start, beside what a user would have instead.

``python benchmarks/cold_start.py [--runs N] [--txt FILE] [--docx FILE]`` times whole processes in
turn, A B C D A B C D …, and prints for each the median, and the median of its ratios to the bare
imports of the same round. Peak memory is the operating system's own figure for each process.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
IMPORTS = "import click, regex, ahocorasick, numpy"
#: modules are compiled once and kept, as pip does when it installs a package
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
#: what screening exits with when it found something
EXPECTED = 1
STRAIGHT = (
    "import sys, jieba, sklearn.linear_model, sklearn.feature_extraction.text, pandas, regex;"
    "import ahocorasick, click; jieba.initialize();"
    "list(jieba.cut(open(sys.argv[1], encoding='utf-8').read()))"
)


def run(command: Sequence[str]) -> tuple[float, float]:
    """Run one process to its end; return wall seconds and peak memory in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, EXPECTED):
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--txt", default=str(SAMPLES / "社团招新.txt"))
    parser.add_argument("--docx", default=str(SAMPLES / "校园开放日.docx"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        screening = [sys.executable, "-m", "screening", "--home", home, "check"]
        commands = {
            "bare imports": [sys.executable, "-c", IMPORTS],
            "check one.txt": [*screening, options.txt],
            "check one.docx": [*screening, options.docx],
            "the straight way": [sys.executable, "-c", STRAIGHT, options.txt],
        }
        for command in commands.values():
            run(command)
        rounds = [
            {name: run(command) for name, command in commands.items()} for _ in range(options.runs)
        ]
    print(
        f"{date.today()}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"{options.runs} rounds\n"
    )
    print("| | median ms | median ratio to bare imports | peak MiB |\n|---|---|---|---|")
    for name in commands:
        seconds = statistics.median(figures[name][0] for figures in rounds)
        ratio = statistics.median(r[name][0] / r["bare imports"][0] for r in rounds)
        memory = max(figures[name][1] for figures in rounds)
        print(f"| {name} | {seconds * 1000:.0f} | {ratio:.2f} | {memory:.0f} |")
    times = statistics.median(r["the straight way"][0] / r["check one.txt"][0] for r in rounds)
    print(f"\nThe straight way takes {times:.1f} times as long as check one.txt.")


if __name__ == "__main__":
    main()
