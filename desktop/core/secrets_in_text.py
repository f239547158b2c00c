"""Finds in a line of text what people rarely mean to send: e-mail addresses, numbers of cards, keys...

Text comes from recognition: a letter may stand for a digit, and a space where none is. What a checksum
confirms is found in spite of that; what has none is found only in the forms that people write.

Sources: ISO/IEC 7812 (card numbers, Luhn), ISO 13616 and its registry (IBAN), E.164 and the national forms of
phone numbers, the makers' own descriptions of their keys.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Final

from desktop.core.secret_kinds import Kind, Match

_MAX_TEXT: Final = 8_000

_WIDE_FORMS: Final = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20, 0xA0: 0x20}
"""Full-width forms, as they stand in Chinese text; one character for one."""

_SLIPS: Final = str.maketrans("OoQDlI|iSsBZz", "0000111155822")
"""Letters that recognition takes digits for."""


def find(text: str, above: str = "") -> tuple[Match, ...]:
    """What is sensitive in one line, in order and without overlaps.

    Args:
        text: the line; two spaces in a row stand for a wide gap.
        above: the line over it, which may name what stands here, as the caption of a field does.
    """
    line = text[:_MAX_TEXT].translate(_WIDE_FORMS)
    found: list[Match] = []
    for kind, spans in _FINDERS:
        for start, end in spans(line, above[:_MAX_TEXT].translate(_WIDE_FORMS)):
            if all(end <= other.start or start >= other.end for other in found):
                found.append(Match(kind, start, end))
    return tuple(sorted(found, key=lambda match: match.start))


Spans = Iterator[tuple[int, int]]

# E-mail addresses

_TLD: Final = (
    r"(?:com|org|net|edu|gov|info|io|dev|app|ai|me|co|eu|de|at|ch|fr|it|es|nl|be|pl|cz|se|no|dk|fi|pt|uk|ie|"
    r"us|ca|mx|br|ar|au|nz|in|cn|jp|kr|tw|hk|sg|ru|ua|tr|za)"
)
_LOCAL: Final = r"(?<![\w.+%-])[A-Za-z0-9À-ɏ_][A-Za-z0-9À-ɏ._%+'-]{0,63}"
_AT: Final = r"(?:\s?[@©®]\s?|\s?[(\[]\s?at\s?[)\]]\s?)"
_LABEL: Final = r"[A-Za-z0-9À-ɏ](?:[A-Za-z0-9À-ɏ-]{0,62})"
_EMAIL: Final = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL}){{0,5}}\.[A-Za-z]{{2,24}}(?![A-Za-z0-9])")
_EMAIL_SLIPPED: Final = re.compile(
    rf"{_LOCAL}{_AT}{_LABEL}(?:(?:\s?\.\s?|,){_LABEL}){{0,4}}(?:\s?\.\s?|,){_TLD}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_EMAIL_DOTLESS: Final = re.compile(rf"{_LOCAL}@[A-Za-z0-9-]{{3,60}}(?:com|org|net)(?![A-Za-z0-9.])")
_NO_EMAIL: Final = re.compile(
    r"git@.*|.*\.(?:png|jpe?g|gif|svg|webp|pdf|css|js|ts|json|html?)", re.IGNORECASE | re.DOTALL
)


def _emails(line: str, _above: str) -> Spans:
    for pattern in (_EMAIL, _EMAIL_SLIPPED, _EMAIL_DOTLESS):
        for match in pattern.finditer(line):
            if not _NO_EMAIL.fullmatch(match[0]):
                yield match.span()


# Card numbers

_DIGIT: Final = r"[0-9OoQDlI|SBZ]"
_GROUPS: Final = re.compile(rf"(?<![\w.,]){_DIGIT}+(?:(?: ?- ?| ){_DIGIT}+){{0,30}}(?![\w]|[.,]\d)")
_ISSUERS: Final = re.compile(
    r"(?:4|5[1-5]|2[23456]\d\d|27[012]|220[0-4]|3[47]|30[0-5]|3[689]|352[89]|35[3-8]|6011|64[4-9]|65|62|81|50|5[6-9])"
)
_CARD_LENGTHS: Final = (16, 15, 14, 19, 18, 17, 13)
"""The likely ones first: a security code may stand right behind a number."""

_CARD_WORDS: Final = re.compile(
    r"\bcard\b|credit|debit|\bpaid\b|visa|master ?card|amex|american express|karte|"
    r"carte|tarjeta|卡号|信用卡|银行卡",
    re.IGNORECASE,
)


def _cards(line: str, above: str) -> Spans:
    named = bool(_CARD_WORDS.search(line) or _CARD_WORDS.search(above))
    for run in _GROUPS.finditer(line):
        groups = [
            (run.start() + group.start(), run.start() + group.end())
            for group in re.finditer(rf"{_DIGIT}+", run[0])
        ]
        first = 0
        while first < len(groups):
            last = next((n for n in _ends(groups, first) if _is_card(line, groups[first:n], named)), None)
            if last is None:
                first += 1
            else:
                yield groups[first][0], groups[last - 1][1]
                first = last


def _ends(groups: list[tuple[int, int]], first: int) -> list[int]:
    """Where a card number that begins with a group may end, the likeliest length first."""
    ends: dict[int, int] = {}
    length = 0
    for number, (start, end) in enumerate(groups[first:], first + 1):
        length += end - start
        ends[length] = number
        if length > _CARD_LENGTHS[0] + 3:
            break
    return [ends[length] for length in _CARD_LENGTHS if length in ends]


def _is_card(line: str, groups: list[tuple[int, int]], named: bool) -> bool:
    written = "".join(line[start:end] for start, end in groups)
    sizes = [end - start for start, end in groups]
    digits = written.translate(_SLIPS)
    slips = sum(a != b for a, b in zip(written, digits, strict=True))
    usual = sizes.count(4) >= 3 or sizes in ([4, 6, 5], [4, 6, 4])
    if not _ISSUERS.match(digits) or slips > (3 if usual else 0) or min(sizes) < 2 or len(set(digits)) < 2:
        return False
    # An article number has 13 or 14 digits and a checksum of its own.
    if len(digits) <= 14 and not usual and (_is_article(digits) or not named):
        return False
    # A digit may be misread or missing.
    return is_luhn(digits) or (named and usual and 14 <= len(digits) <= 16)


def is_luhn(digits: str) -> bool:
    """Whether the checksum of a card number is right (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    total = sum(map(int, digits[::-2])) + sum(value - 9 if value > 9 else value for value in doubled)
    return total % 10 == 0


def _is_article(digits: str) -> bool:
    """Whether the checksum of an EAN-13 or GTIN-14 is right."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighted % 10 == 0


# IBANs

_IBAN_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
_IBAN_START: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2} ?[0-9OQIlSBZ]{2}(?=[ -]{0,2}[A-Za-z0-9|])")


def _ibans(line: str, _above: str) -> Spans:
    for start in _IBAN_START.finditer(line):
        length = _IBAN_LENGTHS.get(line[start.start() : start.start() + 2])
        places = _alphanumerics(line, start.start(), length or 0)
        if length is None or len(places) < length:
            continue
        written = "".join(line[place] for place in places)
        end = places[-1] + 1
        if any(is_iban(candidate) for candidate in _readings(written)):
            yield start.start(), end


def _alphanumerics(line: str, start: int, count: int) -> list[int]:
    """The places of so many letters and digits, with at most two spaces between any two."""
    places: list[int] = []
    gap = 0
    for place in range(start, len(line)):
        if len(places) == count:
            break
        if line[place].isalnum() or line[place] == "|":
            places.append(place)
            gap = 0
        elif line[place] in " -" and gap < 2:
            gap += 1
        else:
            break
    return places


def _readings(written: str) -> set[str]:
    """An IBAN as it was read, and with digits for letters that look like them, from several places on."""
    upper = written.replace("l", "1")
    return {upper[:start] + upper[start:].translate(_SLIPS) for start in (2, 4, 8, len(written))} | {
        upper[:2] + upper[2:4].translate(_SLIPS) + upper[4:8] + upper[8:].translate(_SLIPS)
    }


def is_iban(text: str) -> bool:
    """Whether the checksum of an IBAN is right (ISO 13616, ISO/IEC 7064 mod 97-10)."""
    if not text.isascii() or not text.isalnum():
        return False
    moved = text[4:] + text[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


# Keys and passwords

_KEY: Final = re.compile(
    r"""(?<![A-Za-z0-9])(?:
    sk\s?-\s?(?:(?:proj|ant|or|svcacct|admin|live|test|api\d\d|v1)\s?-\s?){0,3}(?=[\w-]*[A-Z0-9])[\w-]{16,}
    | [spr]k_(?:live|test)_[A-Za-z0-9]{10,} | whsec_[\w]{16,}
    | (?:A[KS][I1l]A)[A-Z0-9a-z]{16}
    | gh[pousr]_[A-Za-z0-9]{20,} | github_pat_[\w]{20,} | glpat-[\w-]{16,}
    | xox[abeoprs]-[A-Za-z0-9-]{10,} | xapp-[A-Za-z0-9-]{10,}
    | A[I1l]za[\w-]{30,} | ya29\.[\w-]{20,} | GOCSPX-[\w-]{20,}
    | hf_[A-Za-z0-9]{20,} | npm_[A-Za-z0-9]{30,} | SG\.[\w-]{16,}\.[\w-]{16,}
    | eyJ[\w-]{8,}\s?\.\s?[\w-]{8,}(?:\s?\.\s?[\w-]*)?
    | otpauth://\S+
    )""",
    re.VERBOSE,
)
_PEM: Final = re.compile(r"-{2,5}\s?BEGIN [A-Z0-9 ]*PRIVATE ?KEY[A-Z ]*-{0,5}")

_LOGIN_WORDS: Final = (
    r"(?:password|passwd|pass ?phrase|passcode|pwd|passwort|kennwort|mot de passe|contraseña|parola|"
    r"(?:wpa2?|wifi|wi-fi|wlan|network|netzwerk)[ -]?(?:key|schlüssel)|密码|口令)"
)
_KEY_WORDS: Final = (
    r"(?:(?:api|access|secret|private|licen[cs]e|product|recovery|encryption|auth|signing|account)?[ _-]?"
    r"(?:key|token|secret)(?:[ _-]?(?:id|key))?|bearer|authorization|credentials?|密钥|令牌|秘钥)"
)
_VALUE: Final = r"[\"'“”‘’`]?(?P<value>[^\s\"'“”‘’`<>]{4,512})"
_NAMED_PASSWORD: Final = re.compile(
    rf"(?<![A-Za-z]){_LOGIN_WORDS}[\"']?\s*(?P<mark>[:=]|\bis\b|为|是)?[>\s]*{_VALUE}", re.IGNORECASE
)
_NAMED_SECRET: Final = re.compile(rf"(?<![A-Za-z]){_KEY_WORDS}(?![A-Za-z])", re.IGNORECASE)
_AFTER_NAME: Final = re.compile(
    rf"[\"']?\s*(?:[:=]|\bis\b|为|是)?[>\s]*(?:bearer\s+)?{_VALUE}", re.IGNORECASE
)
_CAPTION: Final = re.compile(rf"(?<![A-Za-z])(?:{_LOGIN_WORDS}|{_KEY_WORDS})\s*[:：]?\s*$", re.IGNORECASE)
_ALONE: Final = re.compile(rf"\s*{_VALUE}\s*[\"'“”‘’`]?\s*")
_LONG_TOKEN: Final = 16


def _keys(line: str, above: str) -> Spans:
    for pattern in (_PEM, _KEY):
        for match in pattern.finditer(line):
            yield match.span()
    for match in _NAMED_PASSWORD.finditer(line):
        if _is_password(match["value"], marked=match["mark"] is not None):
            yield match.span("value")
    for name in _NAMED_SECRET.finditer(line):
        value = _AFTER_NAME.match(line, name.end())
        if value and is_random(value["value"]):
            yield value.span("value")
    alone = _ALONE.fullmatch(line)
    if alone and _CAPTION.search(above) and is_random(alone["value"]):
        yield alone.span("value")


def _is_password(value: str, *, marked: bool) -> bool:
    """Whether a word after "password" is one: more than a plain word, and not dots that hide it."""
    value = value.rstrip(".,;)")
    kinds = _character_kinds(value)
    if len(set(value)) < 3 or not kinds & {"digit", "upper", "lower"}:
        return False
    if kinds <= {"digit"}:
        return marked and len(value) >= 4
    mixed = "digit" in kinds or ("symbol" in kinds and value[-1:].isalnum() and value.count("-") == 0)
    return len(value) >= 6 and mixed


def is_random(token: str) -> bool:
    """Whether a token looks drawn by chance: long, letters and digits mixed often, no word or path."""
    token = token.rstrip(".,;)")
    letters = sum(character.isalpha() for character in token)
    digits = sum(character.isdigit() for character in token)
    if len(token) < _LONG_TOKEN or not token.isascii() or "://" in token or token.count("/") > 3:
        return len(token) >= 12 and digits >= 3 and letters >= 3 and token.isascii() and token.isalnum()
    classes = [_class_of(character) for character in token]
    changes = sum(a != b and "symbol" not in {a, b} for a, b in itertools.pairwise(classes))
    enough = digits >= (2 if len(token) < 2 * _LONG_TOKEN else 1)
    return enough and letters >= 4 and len(set(token)) >= 8 and changes >= len(token) / 8


def _class_of(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isalpha():
        return "upper" if character.isupper() else "lower"
    return "symbol"


def _character_kinds(token: str) -> set[str]:
    return {_class_of(character) for character in token}


# Phone numbers

_GAP: Final = r"[ .\-/–()]{0,3}"
_INTERNATIONAL: Final = re.compile(
    rf"(?<![\w+])(?:\+|\b00(?=[1-9]\d?[ .\-/(]))\s?[1-9](?:{_GAP}[\dOl]){{7,14}}(?![\d])"
)
_NATIONAL: Final = re.compile(
    r"""(?<![\w.,+/:-])(?:
    (?:\+?1[ .-])?(?:\([2-9]\d\d\)\ ?[2-9]\d\d[ .-]?\d{4} | [2-9]\d\d([.-])[2-9]\d\d\1\d{4})
    | 1[3-9]\d([ -]?)\d{4}\2\d{4}
    | \(?0[1-9]\d{0,4}\)?(?:\ ?[/–-]\ ?|\ )\d{2,8}(?:[ –-]\d{2,8}){0,4}
    | 0[1-9](?:[ .]\d\d){4}
    )(?![\w%€$£¥]|[.,:/-]\d)""",
    re.VERBOSE,
)
_PHONE_WORD: Final = re.compile(
    r"(?:(?<![A-Za-z])(?:tel|phone|telephone|mobile|cell|fax|call|whatsapp|t[ée]l[ée]?phone|t[ée]l|telefon|handy|mobil|"
    r"teléfono|móvil|sms|contact)(?![A-Za-z])\.?|电话|手机|热线|传真|☎|📞)[^\d+\n]{0,12}"
    r"(?P<value>[+(]{0,2}\d(?:[ .\-/–()]{0,2}\d){5,14})(?![\w%]|[.,:]\d)",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)?\d\d(?!\d).*|(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}(?!\d).*",
    re.DOTALL,
)


_NUMBERED: Final = re.compile(
    r"(?:\b(?:sku|order|invoice|art|article|item|ref|reference|serial|s/n|ticket|isbn|part|model|bestellung|"
    r"bestellnummer|rechnung|id|case|account|customer|zip|plz|chapter|page|line|row)|#|№|单号?|编号|型号)[\s.:#]*(?:no|nr|number|num)?[\s.:#]*$",
    re.IGNORECASE,
)
"""Before a number that is no phone number."""


def _phones(line: str, _above: str) -> Spans:
    for match in _INTERNATIONAL.finditer(line):
        yield match.span()
    for match in _NATIONAL.finditer(line):
        digits = sum(character.isdigit() for character in match[0])
        french = re.fullmatch(r"0[1-9](?:[ .]\d\d){4}", match[0])
        # The numbers of a French phone look like a date.
        is_date = _DATE.fullmatch(match[0]) and not french
        numbered = _NUMBERED.search(line[max(0, match.start() - 40) : match.start()])
        if 9 <= digits <= 13 and not is_date and not numbered:
            yield match.span()
    for match in _PHONE_WORD.finditer(line):
        if not _DATE.fullmatch(match["value"]):
            yield match.span("value")


_FINDERS: Final[tuple[tuple[Kind, Callable[[str, str], Spans]], ...]] = (
    (Kind.KEY, _keys),
    (Kind.EMAIL, _emails),
    (Kind.IBAN, _ibans),
    (Kind.CARD, _cards),
    (Kind.PHONE, _phones),
)
