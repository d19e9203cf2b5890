"""Article 4: whose name an account carries, however it is written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from screening.settings import School
from screening.stages.lexicon.evasion import spellings
from screening.text.normalise import squeezed_key

#: Letters of other scripts, and figures, that pass for Latin letters; after case is folded.
_ALIKE = str.maketrans(
    "авсеһіјкмнорѕтухԝԁ" + "αβεζηικμνορτυχω" + "ᴀᴄᴇʜɪᴋᴍɴᴏᴘᴛᴜᴡᴢ" + "ꮤꮓꮲꭲ" + "01",
    "abcehijkmhopstyxwd" + "abezhikmvoptuxw" + "acehikmnoptuwz" + "wzpt" + "ol",
)
_EVASIONS = ("lookalike", "split")


def skeleton(name: str) -> str:
    """Return what a reader sees in ``name``: no width, case, separators or borrowed letters."""
    return squeezed_key(name).translate(_ALIKE)


def school_name_in(name: str, school: School) -> str | None:
    """Return the name of the school that ``name`` carries, in any width, case or look-alike."""
    return carried(name, school.names)


def carried(name: str, names: Iterable[str]) -> str | None:
    """Return the longest of ``names`` that stands in ``name``, in any spelling; None if none."""
    seen = skeleton(name)
    for candidate in sorted(names, key=len, reverse=True):
        if any(way in seen for way in _ways(candidate)):
            return candidate
    return None


@lru_cache(maxsize=4096)
def _ways(name: str) -> tuple[str, ...]:
    """Return the skeletons that pass for ``name``; none for a name that has no letters."""
    key = skeleton(name)
    return (key, *(way.translate(_ALIKE) for way, _ in spellings(key, _EVASIONS))) if key else ()
