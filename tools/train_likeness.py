"""Train models/likeness.model: which sentences read like known offences.

``python tools/train_likeness.py [--output FILE]`` learns from the sentences that the project wrote:
the examples of the rules, benchmarks/sentences/dev.csv, and as innocent ones the lines of
data/likeness/ordinary.txt and the sentences about the school's business in data/advertising. The
held sentences are never read.
The same sentences give the same file.

An n-gram learns from the examples it stands in, and from the others in its word class: the groups
of the co-occurrence rules. So a word that no example has still speaks as its like do.
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
from screening.stages.lexicon.rules import CooccurrenceRule, Lexicon
from screening.stages.likeness.model import FILE, dump
from screening.stages.likeness.sentences import Sentences, whole_of
from screening.text import prepare

ROOT = Path(__file__).parent.parent
NONE = "none"
#: an n-gram must occur in that many examples
RAREST = 2
#: inverse strength of regularisation
C = 20.0
#: what a word's class counts beside the word itself
CLASS = 4.0
#: probability from which on a sentence is told
THRESHOLD = 0.6
#: what rules tell better: ordinary documents read like major matters and cautious wording
UNTOLD, NEVER = (NONE, "major", "personal", "wording"), 2.0
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
    ordinary = resources.folder("data") / "likeness" / "ordinary.txt"
    yield from ((line, NONE) for line in ordinary.read_text("utf-8").splitlines())
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


def word_classes(lexicon: Lexicon) -> Iterator[tuple[int, int, float]]:
    """Yield (class, slot, share): what stands for each word, a long one shared by its parts."""
    groups = [
        g for rule in lexicon.rules if isinstance(rule, CooccurrenceRule) for g in rule.groups
    ]
    for number, group in enumerate(groups):
        for word in group:
            grams = read(word)
            tokens = grams.order.max(initial=0)
            longest = grams.slots[grams.order == tokens]
            if tokens > 1:
                yield from ((number, int(slot), 1 / len(longest)) for slot in longest)


def counts(found: Sequence[Slots], slots: Slots) -> Any:
    """Return how often each example has each of ``slots`` (ascending)."""
    flat = np.concatenate(found)
    columns = np.minimum(np.searchsorted(slots, flat), len(slots) - 1)
    known = slots[columns] == flat
    examples_of = np.repeat(np.arange(len(found)), [len(each) for each in found])
    shape = (len(found), len(slots))
    return sparse.csr_matrix((np.ones(known.sum()), (examples_of[known], columns[known])), shape)


def learnt_slots(found: Sequence[Slots], listed: Slots) -> Slots:
    """Return the slots of n-grams that several examples have, and of those in word classes."""
    distinct, times = np.unique(
        np.concatenate([np.unique(each) for each in found]), return_counts=True
    )
    return np.union1d(distinct[times >= RAREST], listed)


def fitted(told: Sequence[Example], lexicon: Lexicon) -> tuple[bytes, NDArray[np.float64]]:
    """Return the file of the model that these examples give, and the trainer's own probabilities.

    Shape of the second: (examples, categories), for whoever wants to compare.
    """
    texts, labels = zip(*told, strict=True)
    found = [read(text).slots for text in texts]
    number, slot, share = map(np.array, zip(*word_classes(lexicon), strict=True))
    slots = learnt_slots(found, slot)
    places = np.searchsorted(slots, slot), number
    shape = len(slots), number.max() + 1
    membership = sparse.csr_matrix((share, places), shape).minimum(1) * CLASS
    table = counts(found, slots)
    rarity = np.log(len(texts) / np.maximum(table.getnnz(axis=0), 1)) + 1
    scale = sparse.diags(1 / np.sqrt(np.maximum(table @ (rarity * rarity), 1e-12)))
    own = scale @ table @ sparse.diags(rarity)
    features = sparse.hstack([own, scale @ table @ membership]).tocsr()
    names = (NONE, *(str(category) for category in Category if str(category) in labels))
    model = LogisticRegression(C=C, max_iter=100)
    model.fit(features, [names.index(label) for label in labels])
    by_gram, by_class = model.coef_.T[: len(slots)], model.coef_.T[len(slots) :]
    weights = rarity[:, None] * by_gram + membership @ by_class
    header = {
        "categories": names,
        "thresholds": [NEVER if name in UNTOLD else THRESHOLD for name in names],
        "bias": [round(float(bias), 6) for bias in model.intercept_],
    }
    learnt = np.concatenate([rarity[:, None], weights], axis=1)
    file = dump(header, slots.astype("<u4"), learnt.astype("<f2"))
    return file, model.predict_proba(features)


def train(told: Sequence[Example], lexicon: Lexicon) -> bytes:
    """Return the file of the model that these examples give."""
    return fitted(told, lexicon)[0]


def main() -> None:
    """Train and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, default=ROOT / "models" / FILE)
    options = parser.parse_args()
    lexicon = shipped_lexicon()
    told = list(dict.fromkeys(examples(lexicon)))
    options.output.write_bytes(train(told, lexicon))
    print(f"{len(told)} examples, {options.output.stat().st_size / 2**20:.2f} MiB")


if __name__ == "__main__":
    main()
