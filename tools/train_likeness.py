"""Train models/likeness.model: which sentences read like offences, and which do not at all.

``python tools/train_likeness.py [--output FILE]`` learns from the sentences that the project wrote:
data/likeness, the examples of the rules, benchmarks/sentences/dev.csv, and as innocent ones those
about the school's business in data/advertising. The held sentences are never read.
The same sentences give the same file.
"""

from __future__ import annotations

import argparse
import csv
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from screening import resources
from screening.draft import DraftBuilder
from screening.finding import Category
from screening.regulation import load_regulation
from screening.settings import load_settings
from screening.stages.lexicon.load import load_lexicon
from screening.stages.lexicon.rules import Lexicon
from screening.stages.likeness.model import FILE, dump
from screening.stages.likeness.sentences import Sentences, whole_of
from screening.text import prepare

ROOT = Path(__file__).parent.parent
NONE = "none"
#: an n-gram must occur in that many examples
RAREST = 2
#: inverse strength of regularisation
C = 20.0
#: the chance of an offence from which on a sentence is told, and below which rules are doubted
OFFENCE, INNOCENT = 0.75, 0.2
#: what rules tell better: ordinary documents read like it
UNTOLD = ("major", "wording")
#: characters of an innocent sentence
SHORTEST = 8
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")

Example = tuple[str, str]
Slots = NDArray[np.int64]


def shipped_lexicon() -> Lexicon:
    """Read the shipped rules."""
    with tempfile.TemporaryDirectory() as home:
        school = load_settings(home).school
    return load_lexicon(school, load_regulation(), resources.folder("lexicons"), None)


def examples(lexicon: Lexicon) -> Iterator[Example]:
    """Yield (text, category), the category "none" for what is innocent."""
    for rule in lexicon.rules:
        yield from ((text, str(rule.category)) for text in rule.hits)
        yield from ((text, NONE) for text in rule.misses)
    for row in rows(ROOT / "benchmarks" / "sentences" / "dev.csv"):
        yield row["text"], row["category"] if row["expect"] == "hit" else NONE
    own = resources.folder("data") / "likeness"
    for path in sorted(own.glob("*.csv")):
        for row in rows(path):
            yield row["text"], path.stem if row["expect"] == "hit" else NONE
    yield from ((line, NONE) for line in (own / "ordinary.txt").read_text("utf-8").splitlines())
    for kind in ("school", "neither"):
        for row in rows(resources.folder("data") / "advertising" / f"{kind}.csv"):
            for sentence in _SENTENCE.findall(row["text"]):
                if len(sentence) > SHORTEST:
                    yield sentence, NONE


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def read(text: str) -> Sentences:
    """Read an example."""
    builder = DraftBuilder("text")
    builder.add("body", text, "第1段")
    return whole_of(prepare(builder.build()))


def counts(found: Sequence[Slots], slots: Slots) -> Any:
    """Return how often each example has each of ``slots`` (ascending)."""
    flat = np.concatenate(found)
    columns = np.minimum(np.searchsorted(slots, flat), len(slots) - 1)
    known = slots[columns] == flat
    examples_of = np.repeat(np.arange(len(found)), [len(each) for each in found])
    shape = (len(found), len(slots))
    return sparse.csr_matrix((np.ones(known.sum()), (examples_of[known], columns[known])), shape)


def fitted(told: Sequence[Example]) -> tuple[bytes, NDArray[np.float64]]:
    """Return the file of the model that these examples give, and the trainer's own probabilities.

    The latter, of an offence, are for whoever wants to compare.
    """
    texts, labels = zip(*told, strict=True)
    found = [read(text).slots for text in texts]
    distinct, times = np.unique(
        np.concatenate([np.unique(each) for each in found]), return_counts=True
    )
    slots = distinct[times >= RAREST]
    table = counts(found, slots)
    rarity = np.log(len(texts) / np.maximum(table.getnnz(axis=0), 1)) + 1
    length = np.sqrt(np.maximum(table @ (rarity * rarity), 1e-12))
    features = (sparse.diags(1 / length) @ table @ sparse.diags(rarity)).tocsr()
    categories = [str(each) for each in Category if str(each) in {*labels} - {*UNTOLD}]
    offences = np.isin(labels, categories)
    offence = LogisticRegression(C=C, max_iter=300).fit(features, offences)
    kind = LogisticRegression(C=C, max_iter=300)
    kind.fit(
        features[offences], [categories.index(label) for label in labels if label in categories]
    )
    header = {
        "categories": categories,
        "offence": OFFENCE,
        "innocent": INNOCENT,
        "bias": [round(float(bias), 6) for bias in (*offence.intercept_, *kind.intercept_)],
    }
    weights = rarity[:, None] * np.concatenate([offence.coef_, kind.coef_]).T
    learnt = np.concatenate([rarity[:, None], weights], axis=1)
    file = dump(header, slots, learnt)
    return file, offence.predict_proba(features)[:, 1]


def train(told: Sequence[Example]) -> bytes:
    """Return the file of the model that these examples give."""
    return fitted(told)[0]


def main() -> None:
    """Train and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, default=ROOT / "models" / FILE)
    options = parser.parse_args()
    told = list(dict.fromkeys(examples(shipped_lexicon())))
    options.output.write_bytes(train(told))
    print(f"{len(told)} examples, {options.output.stat().st_size / 2**20:.2f} MiB")


if __name__ == "__main__":
    main()
