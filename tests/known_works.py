"""Made-up works: random characters, so that no two share anything by chance."""

import random

from screening.stages.reproduction.work import Work

NOW = "2026-11-22T08:00:00+08:00"


def prose(seed, letters=400):
    """Text that shares no eight characters with that of another seed."""
    chooser = random.Random(seed)
    return "".join(chr(0x4E00 + chooser.randrange(3000)) for _ in range(letters))


def a_work(seed, **particulars):
    """Return a work that only its seed knows."""
    return Work("", f"题目{seed}", prose(seed), **particulars)
