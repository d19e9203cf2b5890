"""Advertising: how much is found, what is left alone, how fast, beside what one would pick instead.

``python benchmarks/advertising.py [--data DIR] [--repeat N]`` prints Markdown. All learn from
the same texts without the held-back trades and manners; ours is also measured as shipped.
``--data`` names a folder with clean/*.jsonl, advertising/product_copy.jsonl,
advertising/sms_by_kind.jsonl and evasion/seller_substitutions.csv: real material that nothing was
trained on. fastText is compared where it is installed (``pip install -e .[bench]``).
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import jieba
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from screening import resources
from screening.draft import Draft, DraftBuilder
from screening.settings import load_settings
from screening.stages.advertising.evaluation import evaluate, judge_all
from screening.stages.advertising.model import Model, load, parse
from screening.stages.advertising.reading import read
from screening.stages.advertising.signs import SignFinder, signs_of
from screening.stages.advertising.texts import LabelledText, held_back, read_shipped
from screening.stages.advertising.training import train
from screening.text import prepare

CLEAN = ("campus_notices", "campus_board", "college_wechat", "government_documents", "abstracts")
#: share of the innocent real documents that each is allowed to flag when they are compared
ALLOWED = 0.01
SPEED_CHARACTERS = 2000

Score = Callable[[str, str], float]


def draft_of(title: str, text: str) -> Draft:
    """Return a draft, a paragraph a line."""
    builder = DraftBuilder("text")
    builder.add("title", title, "标题")
    for number, line in enumerate(text.split("\n"), 1):
        builder.add("body", line, f"第{number}段")
    return builder.build()


def ours(model: Model, names: Sequence[str]) -> Score:
    """Return our scorer: from the text as written to the probability."""
    finder = SignFinder(model.signs, names)
    return lambda title, text: float(
        model.probabilities(read(prepare(draft_of(title, text)), finder)).max()
    )


def alternatives(texts: Sequence[LabelledText]) -> Iterator[tuple[str, Score]]:
    """Train what a user would pick instead, on the same texts."""
    written = [f"{text.title}\n{text.text}" for text in texts]
    labels = [int(text.is_advertising) for text in texts]
    words = make_pipeline(
        TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None),
        LinearSVC(class_weight="balanced"),
    ).fit(written, labels)
    yield "jieba TF-IDF + LinearSVC", lambda a, b: float(words.decision_function([f"{a}\n{b}"])[0])
    characters = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True),
        LogisticRegression(C=20, class_weight="balanced", solver="liblinear"),
    ).fit(written, labels)
    yield (
        "character TF-IDF + LR",
        lambda a, b: float(characters.decision_function([f"{a}\n{b}"])[0]),
    )
    try:
        import fasttext  # noqa: PLC0415 - optional
    except ImportError:
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        for text, label in zip(written, labels, strict=True):
            file.write(f"__label__{label} {' '.join(jieba.lcut(' '.join(text.split())))}\n")
        file.flush()
        fast = fasttext.train_supervised(
            file.name, epoch=50, lr=0.5, wordNgrams=2, verbose=0, thread=1
        )

    def score(title: str, text: str) -> float:
        line = " ".join(jieba.lcut(" ".join(f"{title} {text}".split())))
        found = fast.f.predict(line, 2, 0.0, "strict")
        return next((chance for chance, label in found if label == "__label__1"), 0.0)

    yield "fastText", score


def filled(row: dict[str, str], chance: random.Random) -> str:
    """Return an SMS with its placeholders filled and its word separators gone."""
    digits = ["1", "3", "5", "8", "10", "20", "50", "88", "99", "100", "199", "300", "500", "1000"]
    values = {
        "CELLPHONE": lambda: f"138{chance.randrange(10**8):08d}",
        "PHONE": lambda: f"0577-{chance.randrange(10**8):08d}",
        "URL": lambda: "t.cn/" + "".join(chance.choices("abcdefgh123", k=6)),
        "WECHAT": lambda: "",
        "DIGIT": lambda: chance.choice(digits),
        "PLACE": lambda: chance.choice(["温州", "南京", "城东", "鹿城"]),
        "NAME": lambda: chance.choice(["万达", "小李", "宏图", "新世纪"]),
    }
    text = re.sub(r"\s+", "", row["text_segmented"])
    return re.sub("|".join(values), lambda match: values[match[0]](), text)


def material(folder: Path) -> tuple[dict[str, list[tuple[str, str]]], list[tuple[str, str]]]:
    """Read the real documents by set, advertising last, and the sellers' substitutions."""

    def rows(name: str) -> list[dict[str, str]]:
        return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]

    names = (*CLEAN, "national_news")
    sets = {
        name: [(row.get("title", ""), row["text"]) for row in rows(f"clean/{name}.jsonl")]
        for name in names
    }
    copy = rows("advertising/product_copy.jsonl")
    sets["product copy"] = [("", row["summary"].replace("<UNK>", "")) for row in copy]
    chance = random.Random(3)
    messages = [row for row in rows("advertising/sms_by_kind.jsonl") if row["group"] == "AD"]
    sets["SMS advertising"] = [("", filled(row, chance)) for row in messages]
    with (folder / "evasion" / "seller_substitutions.csv").open(encoding="utf-8") as file:
        pairs = [(row["banned_word"], row["evasive_form"]) for row in csv.DictReader(file)]
    return sets, pairs


def disguised(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Write ``text`` as sellers do: substitutions, and separators within every other run of Han."""
    for banned, evasive in pairs:
        text = text.replace(banned, evasive)
    return re.sub(r"(?<=[\u4e00-\u9fff])([\u4e00-\u9fff])(?=[\u4e00-\u9fff])", r"·\1", text)


def compared(scorers: dict[str, Score], sets: dict[str, list[tuple[str, str]]]) -> Iterator[str]:
    """Compare at the threshold at which each flags the same share of the innocent documents."""
    yield (
        f"All at the threshold that flags {ALLOWED:.0%} of the innocent sets together.\n\n"
        "| | product copy | SMS advertising | national news flagged |\n|---|---|---|---|"
    )
    for name, score in scorers.items():
        clean = [score(*pair) for part in CLEAN for pair in sets[part]]
        cut = float(np.quantile(clean, 1 - ALLOWED))
        shares = [
            np.mean([score(*pair) > cut for pair in sets[part]])
            for part in ("product copy", "SMS advertising", "national_news")
        ]
        yield f"| {name} | " + " | ".join(f"{share:.1%}" for share in shares) + " |"


def speeds(scorers: dict[str, Score], text: str, repeat: int) -> Iterator[str]:
    """Time one draft at a time, all in turn."""
    times: dict[str, list[float]] = {name: [] for name in scorers}
    for _ in range(repeat):
        for name, score in scorers.items():
            begun = time.perf_counter()
            score("", text)
            times[name].append((time.perf_counter() - begun) * 1000)
    first = next(iter(times))
    yield "| | least ms | median ms | times ours (least) | (median) |\n|---|---|---|---|---|"
    for name, taken in times.items():
        least, median = (kind(taken) / kind(times[first]) for kind in (min, statistics.median))
        figures = f"{min(taken):.2f} | {statistics.median(taken):.2f} | {least:.1f} | {median:.1f}"
        yield f"| {name} | {figures} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of real material")
    parser.add_argument("--repeat", type=int, default=40)
    options = parser.parse_args()
    jieba.setLogLevel("ERROR")
    data = resources.folder("data")
    with tempfile.TemporaryDirectory() as home:
        names = load_settings(home).school.names
    signs = signs_of(resources.load_toml(data / "advertising" / "signs.toml")["sign"])
    split = resources.load_toml(data / "advertising" / "split.toml")
    learnt, held = held_back(read_shipped(data), split["trades"], split["manners"])
    twin = train(learnt, signs, names)
    path = resources.folder("models") / "advertising.model"
    shipped = load(path)
    scorers = {"ours": ours(twin, names), **dict(alternatives(learnt))}
    print("# Advertising\n\n## Held-back trades and manners\n")
    truth = np.array([text.is_advertising for text in held])
    print("| | best F1 | F1 at own threshold | precision | recall | block precision |")
    print("|---|---|---|---|---|---|")
    for name, score in scorers.items():
        found = np.array([score(text.title, text.text) for text in held])
        best = max(_f1(found >= cut, truth) for cut in found)
        own = "| | | |"
        if name == "ours":
            figures = evaluate(twin, held, judge_all(twin, held, names))
            own = (
                f"{figures.f1:.3f} | {figures.precision:.3f} | {figures.recall:.3f} | "
                f"{figures.block_precision:.3f} |"
            )
        print(f"| {name} | {best:.3f} | {own}")
    print(f"\nLearnt from {len(learnt)}, tried on {len(held)}.\n\n## File\n")
    _loading(path)
    text = ("".join(item.text for item in learnt[:200]))[:SPEED_CHARACTERS]
    prepared = prepare(draft_of("", text))
    finder = SignFinder(shipped.signs, names)
    timed = {
        "ours, text prepared": lambda _title, _text: float(
            shipped.probabilities(read(prepared, finder)).max()
        ),
        "ours, from raw text": scorers["ours"],
        **{name: score for name, score in scorers.items() if name != "ours"},
    }
    print(f"\n## One draft of {SPEED_CHARACTERS} characters\n")
    print("\n".join(speeds(timed, text, options.repeat)))
    if options.data:
        measure_real(options.data, names, shipped, scorers)


def measure_real(
    folder: Path, names: Sequence[str], shipped: Model, scorers: dict[str, Score]
) -> None:
    """Print what is found of real material, plain and disguised, and by all side by side."""
    sets, pairs = material(folder)
    finder = SignFinder(shipped.signs, names)
    score, review = ours(shipped, names), shipped.thresholds.review
    print("\n## Real material, as shipped\n")
    print("| set | documents | review or block | block |\n|---|---|---|---|")
    for name, documents in sets.items():
        judged = [shipped.judge(read(prepare(draft_of(*pair)), finder)) for pair in documents]
        flagged = np.mean([found.score >= review for found in judged])
        blocked = np.mean([found.blocked for found in judged])
        print(f"| {name} | {len(documents)} | {flagged:.2%} | {blocked:.2%} |")
    print("\n## Disguised, as shipped\n\n| set | plain | disguised |\n|---|---|---|")
    for name in ("product copy", "SMS advertising"):
        plain = np.mean([score(*pair) >= review for pair in sets[name]])
        evaded = [score(title, disguised(body, pairs)) for title, body in sets[name]]
        hidden = np.mean(np.array(evaded) >= review)
        print(f"| {name} | {plain:.2%} | {hidden:.2%} |")
    print("\n## Real material, side by side\n")
    print("\n".join(compared(scorers, sets)))


def _f1(chosen: np.ndarray, truth: np.ndarray) -> float:
    return float(2 * (chosen & truth).sum() / (chosen.sum() + truth.sum()))


def _loading(path: Path) -> None:
    """Print the size of the model and the time that loading takes."""
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        parse(path.read_bytes())
        times.append((time.perf_counter() - begun) * 1000)
    size = path.stat().st_size / 2**20
    least, median = min(times), statistics.median(times)
    print(f"{size:.2f} MiB, loaded in {least:.1f} ms (least of 20; median {median:.1f}).")


if __name__ == "__main__":
    main()
