"""What inline style says about an element: is it shown, and how is it laid out?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

_NUMBER = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|rem|vw|vh|cm|mm|in|pc|em|%)?")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|\b(?:white|black|red|transparent)\b")
_SEE_THROUGH = re.compile(r"transparent|rgba\(.*[, /]0?\.?0*%?\s*\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00")
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0)}
#: the largest size that nobody reads, by its unit (pixels where another or none is named)
_TINY = {"pt": 2.0, "em": 0.2, "rem": 0.2, "%": 20.0, "pc": 0.2, "in": 0.03, "cm": 0.07, "mm": 0.7}
_TINY_PIXELS, _FAINT, _NEAR = 3.0, 0.05, 12
#: Further left or up than any screen is wide.
_OFF_SCREEN = -900.0

Colour = tuple[int, int, int]


def alike(one: Colour, other: Colour) -> bool:
    """Tell whether nobody can read text of one colour on the other."""
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def hex_colour(digits: str) -> Colour | None:
    """Read FFF, FFFFFF or FFFFFFFF; None for what is no colour, or see-through."""
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in (6, 8) or digits[6:] == "00":
        return None
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


class Look(Struct, frozen=True):
    """How an element and, by inheritance, its children appear.

    ``removed`` (display, opacity, off screen) holds for all children; ``invisible``, ``tiny`` and
    ``clear`` (letters of no colour) until a child says otherwise. ``background`` is None where it
    is unknown, as over a picture.
    """

    removed: bool = False
    invisible: bool = False
    tiny: bool = False
    clear: bool = False
    pre: bool = False
    colour: Colour | None = None
    background: Colour | None = None
    display: str = ""
    picture: str = ""

    @property
    def hidden(self) -> bool:
        """Tell whether a reader of the page cannot see the text."""
        same = self.colour and self.background and alike(self.colour, self.background)
        return self.removed or self.invisible or self.tiny or self.clear or bool(same)

    def child(self, attributes: Mapping[str, str | None]) -> Look:
        """Return the look of a child element with these attributes."""
        style = declarations(attributes.get("style") or "")
        display = style.get("display", "")
        removed = self.removed or "hidden" in attributes or display == "none" or _is_removed(style)
        if not (style or self.tiny or self.display or self.picture) and removed == self.removed:
            return self
        colour = _colour(style.get("color", ""))
        white_space = style.get("white-space")
        return replace(
            self,
            removed=removed,
            invisible=_inherit(self.invisible, style.get("visibility"), ("hidden", "collapse")),
            # Beneath a wrapper of no size, a class is there to give the size back.
            tiny=_is_tiny(style.get("font-size", ""), self.tiny and "class" not in attributes),
            pre=self.pre if white_space is None else white_space.startswith(("pre", "break")),
            clear=_is_clear(style, self.clear),
            colour=colour or self.colour,
            background=_background(style, self.background),
            display=display,
            picture=_picture(style),
        )


def declarations(style: str) -> dict[str, str]:
    """Split an inline style into lower-case names and values."""
    pairs = (declaration.partition(":") for declaration in style.split(";"))
    return {name.strip().lower(): _plain(value) for name, _, value in pairs if value}


def _plain(value: str) -> str:
    value = value.replace("!important", "").strip()
    return value if "url(" in value else value.lower()


def _inherit(inherited: bool, value: str | None, hiding: tuple[str, ...]) -> bool:
    return inherited if value in (None, "inherit", "") else value in hiding


def _is_removed(style: Mapping[str, str]) -> bool:
    opacity = _size(style.get("opacity", ""))
    if opacity is not None and opacity <= _FAINT:
        return True
    if style.get("overflow", "").startswith(("hidden", "clip")):
        sizes = (style.get(name, "") for name in ("height", "max-height", "width", "max-width"))
        if 0.0 in map(_size, sizes):
            return True
    moved = ["text-indent"]
    if style.get("position") in ("absolute", "fixed", "relative"):
        moved += ["left", "top"]
    return any((_size(style.get(name, "")) or 0.0) <= _OFF_SCREEN for name in moved)


def _is_tiny(value: str, inherited: bool) -> bool:
    match = _NUMBER.match(value)
    if match is None or (inherited and match[2] in ("%", "em")):
        return inherited
    return float(match[1]) <= _TINY.get(match[2] or "", _TINY_PIXELS)


def _is_clear(style: Mapping[str, str], inherited: bool) -> bool:
    """Tell whether letters have no colour, and are no window to a picture either."""
    if any(name.endswith("background-clip") for name in style):
        return False
    said = style.get("color", "")
    return bool(_SEE_THROUGH.fullmatch(said)) if said not in ("", "inherit") else inherited


def _size(value: str) -> float | None:
    match = _NUMBER.match(value)
    return float(match.group(1)) if match else None


def _background(style: Mapping[str, str], inherited: Colour | None) -> Colour | None:
    value = style.get("background", "") + " " + style.get("background-image", "")
    if "url(" in value or "gradient(" in value:
        return None
    return _colour(style.get("background-color") or value) or inherited


def _picture(style: Mapping[str, str]) -> str:
    value = style.get("background", "") + " " + style.get("background-image", "")
    match = re.search(r"url\(\s*(?:&quot;|['\"])?([^'\")]+)", value)
    return match.group(1) if match else ""


def _colour(value: str) -> Colour | None:
    """Read a colour; None where there is none, or it is see-through."""
    match = _COLOUR.search(value)
    if match is None:
        return None
    word = match.group()
    if word.startswith("#"):
        return hex_colour(word[1:])
    numbers = [float(number) for number in re.findall(r"\d*\.?\d+", word)]
    if len(numbers) < 3 or (len(numbers) > 3 and numbers[3] == 0.0):
        return _NAMED.get(word)
    return int(numbers[0]), int(numbers[1]), int(numbers[2])
