"""Second looks at what a pattern matched: is this string of digits really such a number?

A regular expression finds the shape; a validator decides by check digit, calendar, prefix or
address plan. Every validator takes the matched text in normalised form (half width, lower case)
and returns True when it stands. Separators that people write inside numbers are tolerated.

Sources: GB 11643-1999 (citizen numbers, ISO 7064 MOD 11-2), ISO/IEC 7812 (cards, Luhn),
GA 36-2018 (plates), the numbering plan of mainland telephony, RFC 1918 and RFC 6598 (addresses).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

#: What people put between the digits of one number.
_SEPARATORS = re.compile(r"[\s\-–—‐‑_.·,，/]+")

#: First two digits of a citizen number: provinces, and 81-83 for residents from Hong Kong …
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10x98765432"
_ID_SHAPE = re.compile(r"\d{17}[\dx]")
_OLD_ID_SHAPE = re.compile(r"\d{15}")
#: Years of birth that a living person, or one in a roll of history, can have.
_BIRTH_YEARS = range(1900, 2051)

#: Issuer prefix and lengths of payment cards in use here.
_CARD = re.compile(
    r"62\d{14,17}|9558\d{15}|60(?:1382|3367|3602|3708)\d{12,13}|4\d{15}|5[1-5]\d{14}"
    r"|6011\d{12}|65\d{14}|35(?:2[89]|[3-8]\d)\d{12}|3[47]\d{13}"
)
_DOUBLED_LIMIT = 9

_MOBILE = re.compile(r"(?:\+?86|0086)?1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}")
#: Area codes: 010, 02x, and four digits from 03xx to 09xx.
_LANDLINE = re.compile(
    r"(?:\+?86|0086)?(?:0(?:10|2[0-57-9])[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7})|[2-9]\d{6,7}"
)

#: Ordinary, official, service and diplomatic passports, old and new (E/G + 8, EA-EZ + 7 …).
_PASSPORT = re.compile(r"[egdsph]\d{8}|[dsp]e\d{7}|e[a-hj-np-z]\d{7}|1[45]\d{7}")
#: Exit permits for Hong Kong, Macau and Taiwan; home-return permits; Taiwan residents' permits.
_PERMIT = re.compile(r"[cw]\d{8}|c[a-hj-np-z]\d{7}|[lt]\d{8}|[hm]\d{8}(?:\d{2})?|\d{8}(?:\d{2})?")
_HONG_KONG_ID = re.compile(r"([a-z]{1,2})(\d{6})\(?([\da])\)?")
_MACAU_ID = re.compile(r"[157]\d{6}\(?\d\)?")
_TAIWAN_ID = re.compile(r"([a-z])([1289]\d{8})")
_TAIWAN_LETTERS = "abcdefghjklmnpqrstuvxywzio"

_PLATE_REGIONS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"[{_PLATE_REGIONS}][a-hj-np-z](?:"
    r"[a-hj-np-z\d]{4}[a-hj-np-z\d警学挂港澳]|[a-hjk]\d{5}|[a-hjk][a-hj-np-z\d]\d{4}|\d{5}[a-hjk])"
)
_PLATE_DIGITS = 3

_EMAIL = re.compile(
    r"(?P<local>[a-z0-9](?:[a-z0-9._%+\-]{0,62}[a-z0-9_])?)"
    r"@(?P<domain>(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z]{2,18})"
)
#: Mailboxes of institutions: their domain says so, or the part before the @ names an office.
_OFFICE_DOMAINS = (".edu.cn", ".gov.cn", ".ac.cn", ".org.cn", ".mil.cn", ".edu", ".gov")
_OFFICE_LOCALS = re.compile(
    r"(?:office|service|contact|info|admin|support|hr|job|jobs|career|recruit|zhaopin|hotline"
    r"|kefu|press|news|media|editor|editorial|submit|conference|library|tushuguan|bangongshi"
    r"|xuanchuan\w*|xcb\w*|jiuye\w*|zhaosheng\w*|zsb\w*|jwc\w*|xsc\w*|tuanwei\w*|\w+office)"
)

_PRIVATE_ADDRESS = re.compile(
    r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::\d{2,5})?(?:/\d{1,2})?"
)
_OCTET = 255
#: What every manual of a home router prints; it tells nothing about the school's network.
_ROUTER_DEFAULTS = frozenset({"192.168.0.1", "192.168.1.1", "192.168.31.1", "192.168.0.0"})

_STUDENT_NUMBER = re.compile(r"[a-z]{0,3}\d{6,14}[a-z]?\d{0,4}")
_QQ = re.compile(r"[1-9]\d{4,10}")
_WECHAT = re.compile(r"[a-z][a-z0-9_\-]{5,19}")

_PLACEHOLDER = re.compile(
    r"[*x×?？.。…_\-•●○#]+"
    r"|(?:your|my|the)?[_\- ]?(?:password|passwd|pwd|token|key|secret|username|user)s?"
    r"|example|changeme|null|none|true|false|string|test|todo"
    r"|https?|www|app|wifi|wi-fi|word|pdf"
)
_PASSWORD_LENGTH = 4


def digits_only(text: str) -> str:
    """Return ``text`` without the separators that people write inside numbers."""
    return _SEPARATORS.sub("", text)


def _is_date(year: int, month: int, day: int) -> bool:
    """Tell whether the day exists in the calendar."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _checksum_holds(number: str) -> bool:
    """Tell whether 18 characters end in their ISO 7064 MOD 11-2 check character."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number[:17], strict=True))
    return _ID_CHECKS[total % 11] == number[17]


def citizen_id_shape(text: str) -> bool:
    """Tell whether region and birthday of a citizen number are real, whatever its check digit."""
    number = digits_only(text)
    if not _PROVINCE.match(number):
        return False
    if _ID_SHAPE.fullmatch(number):
        year = int(number[6:10])
        return year in _BIRTH_YEARS and _is_date(year, int(number[10:12]), int(number[12:14]))
    if _OLD_ID_SHAPE.fullmatch(number):
        return _is_date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
    return False


def citizen_id(text: str) -> bool:
    """Tell whether this is a citizen number: 18 digits with checksum, or the old 15 digits."""
    number = digits_only(text)
    if not citizen_id_shape(number):
        return False
    return bool(_OLD_ID_SHAPE.fullmatch(number)) or _checksum_holds(number)


def citizen_id_18(text: str) -> bool:
    """Tell whether this is an 18-digit citizen number with a correct checksum."""
    return bool(_ID_SHAPE.fullmatch(digits_only(text))) and citizen_id(text)


def luhn(number: str) -> bool:
    """Tell whether a run of digits passes the Luhn check."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + position % 2)
        total += value - _DOUBLED_LIMIT if value > _DOUBLED_LIMIT else value
    return total % 10 == 0


def bank_card(text: str) -> bool:
    """Tell whether this is a payment card: issuer prefix, its length, Luhn, no citizen number."""
    number = digits_only(text)
    return bank_card_shape(number) and luhn(number)


def bank_card_shape(text: str) -> bool:
    """Tell whether this could be a card or account number where the words around say so."""
    number = digits_only(text)
    return bool(_CARD.fullmatch(number)) and not citizen_id_18(number)


def mobile(text: str) -> bool:
    """Tell whether this is a mainland mobile number, with or without the country code."""
    return bool(_MOBILE.fullmatch(digits_only(text)))


def landline(text: str) -> bool:
    """Tell whether this is a fixed line: area code and 7-8 digits, or the 7-8 digits alone."""
    return bool(_LANDLINE.fullmatch(re.sub(r"[()]", "", digits_only(text))))


def passport(text: str) -> bool:
    """Tell whether this is the number of a Chinese passport."""
    return bool(_PASSPORT.fullmatch(digits_only(text)))


def permit(text: str) -> bool:
    """Tell whether this is the number of a travel permit for Hong Kong, Macau or Taiwan."""
    return bool(_PERMIT.fullmatch(digits_only(text)))


def hong_kong_id(text: str) -> bool:
    """Tell whether this is a Hong Kong identity card number with a correct check digit."""
    found = _HONG_KONG_ID.fullmatch(digits_only(text))
    if not found:
        return False
    letters = [ord(letter) - ord("a") + 10 for letter in found[1]]
    values = ([36] if len(letters) == 1 else []) + letters + [int(d) for d in found[2]]
    check = 10 if found[3] == "a" else int(found[3])
    return (sum((9 - i) * value for i, value in enumerate(values)) + check) % 11 == 0


def macau_id(text: str) -> bool:
    """Tell whether this has the form of a Macau identity card number."""
    return bool(_MACAU_ID.fullmatch(digits_only(text)))


def taiwan_id(text: str) -> bool:
    """Tell whether this is a Taiwan identity card number with a correct check digit."""
    found = _TAIWAN_ID.fullmatch(digits_only(text))
    if not found:
        return False
    code = _TAIWAN_LETTERS.index(found[1]) + 10
    digits = [code // 10, code % 10, *(int(digit) for digit in found[2])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(w * d for w, d in zip(weights, digits, strict=True)) % 10 == 0


def plate(text: str) -> bool:
    """Tell whether this is a mainland number plate (ordinary, new energy, police, trainer …)."""
    number = digits_only(text)
    return bool(_PLATE.fullmatch(number)) and sum(map(str.isdigit, number)) >= _PLATE_DIGITS


def email(text: str) -> bool:
    """Tell whether this is an e-mail address."""
    return bool(_EMAIL.fullmatch(text))


def personal_email(text: str) -> bool:
    """Tell whether this is an e-mail address that no institution's domain or office name covers."""
    found = _EMAIL.fullmatch(text)
    if not found or found["domain"].endswith(_OFFICE_DOMAINS):
        return False
    return not _OFFICE_LOCALS.fullmatch(found["local"])


def student_number(text: str) -> bool:
    """Tell whether this can be a student or staff number; the words around must name it so."""
    number = digits_only(text)
    return bool(_STUDENT_NUMBER.fullmatch(number)) and not mobile(number)


def qq(text: str) -> bool:
    """Tell whether this can be a QQ number (5-11 digits, no leading zero)."""
    return bool(_QQ.fullmatch(digits_only(text)))


def wechat(text: str) -> bool:
    """Tell whether this can be a WeChat id: chosen by its owner, or his mobile number."""
    return bool(_WECHAT.fullmatch(text)) or mobile(text)


def ip_private(text: str) -> bool:
    """Tell whether this is an internal network address other than a home router's default."""
    found = _PRIVATE_ADDRESS.fullmatch(text.strip())
    if not found:
        return False
    first, second, third, fourth = (int(part) for part in found.groups())
    if max(first, second, third, fourth) > _OCTET:
        return False
    if f"{first}.{second}.{third}.{fourth}" in _ROUTER_DEFAULTS:
        return False
    return (
        first == 10
        or (first == 172 and 16 <= second <= 31)
        or (first == 192 and second == 168)
        or (first == 100 and 64 <= second <= 127)
    )


def password_value(text: str) -> bool:
    """Tell whether this is a real password or key, no placeholder ("xxxx", "******") or word."""
    value = text.strip().strip("'\"“”‘’()[]{}<>《》,，;；。、 ")
    return len(value) >= _PASSWORD_LENGTH and not _PLACEHOLDER.fullmatch(value)


#: Name in a pattern's ``validator`` → the function.
VALIDATORS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "citizen_id": citizen_id,
        "citizen_id_18": citizen_id_18,
        "citizen_id_shape": citizen_id_shape,
        "bank_card": bank_card,
        "bank_card_shape": bank_card_shape,
        "mobile": mobile,
        "landline": landline,
        "passport": passport,
        "permit": permit,
        "hong_kong_id": hong_kong_id,
        "macau_id": macau_id,
        "taiwan_id": taiwan_id,
        "plate": plate,
        "email": email,
        "personal_email": personal_email,
        "student_number": student_number,
        "qq": qq,
        "wechat": wechat,
        "ip_private": ip_private,
        "password_value": password_value,
    }
)
