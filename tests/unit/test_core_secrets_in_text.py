"""What is sensitive in a line of text, in spite of the slips of recognition, and what only looks like it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.secret_kinds import Kind
from desktop.core.secrets_in_text import find, is_iban, is_luhn

EMAILS = {
    "Contact jane.doe@example.com now": "jane.doe@example.com",
    "mail: a.b+c@sub.example.co.uk.": "a.b+c@sub.example.co.uk",
    "jane @ example.com": "jane @ example.com",
    "jane.doe@example .com": "jane.doe@example .com",
    "jane.doe@example,com": "jane.doe@example,com",
    "jane@examplecom": "jane@examplecom",
    "jane (at) example.org": "jane (at) example.org",
    "邮箱：li_wei＠163.com，谢谢": "li_wei＠163.com",
}
CARDS = {
    "4111 1111 1111 1111": "4111 1111 1111 1111",
    "Card 5500-0000-0000-0004 exp 12/27": "5500-0000-0000-0004",
    "378282246310005": "378282246310005",
    "3782 822463 10005": "3782 822463 10005",
    "VISA 4O12 8888 8888 l881": "4O12 8888 8888 l881",
    "6011 0009 9013 9424 123": "6011 0009 9013 9424",
    "4111 1111 1111 1111 12/27 123": "4111 1111 1111 1111",
    "6222 0212 3456 7890 128": "6222 0212 3456 7890 128",
    "卡号 4111 1111 1111 1112": "4111 1111 1111 1112",
    "Paid with 4111 1111 11 1111, thanks": "4111 1111 11 1111",
}
KEYS = {
    "OPENAI_API_KEY=sk-proj-abcDEF123456ghijkl7890": "sk-proj-abcDEF123456ghijkl7890",
    "sk-abcd1234efgh5678ijkl": "sk-abcd1234efgh5678ijkl",
    "AKIAIOSFODNN7EXAMPLE": "AKIAIOSFODNN7EXAMPLE",
    "AKlAIOSFODNN7EXAMPLE": "AKlAIOSFODNN7EXAMPLE",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "xoxb-123456789012-abcdefghijkl": "xoxb-123456789012-abcdefghijkl",
    "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY": "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
    "-----BEGIN RSA PRIVATE KEY-----": "-----BEGIN RSA PRIVATE KEY-----",
    "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dozjgNryP4J3": (
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dozjgNryP4J3"
    ),
    "password: hunter2!x": "hunter2!x",
    "Password  Tr0ub4dor&3": "Tr0ub4dor&3",
    "密码：abc12345": "abc12345",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY": (
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    ),
    'token: "9f86d081884c7d659a2feaa0c55ad015"': "9f86d081884c7d659a2feaa0c55ad015",
    "Authorization: Bearer abcDEF123456ghijkl7890": "abcDEF123456ghijkl7890",
    "WiFi key: 84736251": "84736251",
}
PHONES = {
    "+49 30 901820": "+49 30 901820",
    "+1 (415) 555-2671": "+1 (415) 555-2671",
    "+86 138 0013 8000": "+86 138 0013 8000",
    "0049 30 901820": "0049 30 901820",
    "(415) 555-2671": "(415) 555-2671",
    "415-555-2671": "415-555-2671",
    "13800138000": "13800138000",
    "138 0013 8000": "138 0013 8000",
    "010-62345678": "010-62345678",
    "030/901820-15": "030/901820-15",
    "06 12 34 56 78": "06 12 34 56 78",
    "0171 1234567": "0171 1234567",
    "020 7946 0958": "020 7946 0958",
    "03-1234-5678": "03-1234-5678",
    "Tel. 555-0123": "555-0123",
    "Mobil: +49 (0)171 123 45 67": "+49 (0)171 123 45 67",
    "电话：0571-88889999": "0571-88889999",
    "Phone: 415 555 2671": "415 555 2671",
}
IBANS = {
    "DE89 3704 0044 0532 0130 00": "DE89 3704 0044 0532 0130 00",
    "DE89370400440532013000": "DE89370400440532013000",
    "Account GB29 NWBK 6016 1331 9268 19, Bank": "GB29 NWBK 6016 1331 9268 19",
    "DE89 37O4 0044 O532 0130 00": "DE89 37O4 0044 O532 0130 00",
    "IBAN: FR14 2004 1010 0505 0001 3M02 606": "FR14 2004 1010 0505 0001 3M02 606",
    "CH93 0076 2011 6238 5295 7": "CH93 0076 2011 6238 5295 7",
}
HARMLESS = (
    *(
        "2026-11-22 14:05",
        "22.11.2026",
        "01-02-2024 12:30",
        "14:05:33.123",
        "10:00-18:00",
        "00:01:23 - 00:04:56",
    ),
    *("Total EUR 37.34", "1,234,567.89", "$1,299.00", "1.234.567,89 EUR", "1 234 567 890", "5 x 1000 = 5000"),
    *("4006381333931", "2003734004212", "EAN 4 006381 333931", "ISBN 9783161484100", "978-3-16-148410-0"),
    *(
        "Order 20261122-0001",
        "Order number 839201-2231",
        "Invoice No. 2026-004711",
        "SKU 0123-4567-89",
        "Zip 02139-4307",
        "Chapter 01 02 03 04 05",
    ),
    *(
        "lodash@4.17.21",
        "image@2x.png",
        "git@github.com:org/repo.git",
        "root@localhost:~#",
        "@username follow",
    ),
    *("192.168.178.24", "v1.2.3-beta.4", "Windows 11 22H2 22621.2861", "error 0x80070005", "1700000000"),
    *("512 256 1024", "12 345 678 901", "2026 2025 2024 2023", "1-2-3-4-5-6-7-8-9", "3.14159265358979323846"),
    *("commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "uuid 123e4567-e89b-12d3-a456-426614174000"),
    *("Primary key: customer_id", "Primary key: customer_identifier_2024_table", "Press any key to continue"),
    *("Password must contain 8 characters", "Password: ********", "Forgot password?", "Passwort vergessen?"),
    *(
        "Tokens 14,364",
        "Access token expires in 3600 seconds",
        "Public key infrastructure",
        "Secret Santa party",
    ),
    *("sk-fading-circle-wrapper", "https://example.com/a/b?id=1234567890", "48.8584, 2.2949", "keyboard", ""),
)


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        (kind, line, expected)
        for kind, lines in (
            (Kind.EMAIL, EMAILS),
            (Kind.CARD, CARDS),
            (Kind.KEY, KEYS),
            (Kind.PHONE, PHONES),
            (Kind.IBAN, IBANS),
        )
        for line, expected in lines.items()
    ],
)
def test_it_is_found_and_nothing_around_it(kind: Kind, line: str, expected: str) -> None:
    assert [(match.kind, line[match.start : match.end]) for match in find(line)] == [(kind, expected)]


@pytest.mark.parametrize("line", HARMLESS)
def test_what_only_looks_like_it_is_left_alone(line: str) -> None:
    assert find(line) == ()


def test_several_on_a_line_are_found_in_order() -> None:
    line = "jane@example.com or +49 30 901820"
    assert [match.kind for match in find(line)] == [Kind.EMAIL, Kind.PHONE]


def test_a_token_below_its_caption_is_found_and_one_below_other_words_is_not() -> None:
    token = "9f86d081884c7d659a2feaa0c55ad015"
    assert [match.kind for match in find(token, "API key")] == [Kind.KEY]
    assert find(token, "Checksum") == ()


def with_check_digit(digits: str) -> str:
    return next(digits + str(last) for last in range(10) if is_luhn(digits + str(last)))


@given(st.text("0123456789", min_size=11, max_size=11), st.sampled_from(["", " ", "-"]))
def test_every_visa_number_is_found_however_it_is_grouped(body: str, gap: str) -> None:
    number = with_check_digit("4539" + body)
    line = "Visa " + gap.join(number[start : start + 4] for start in range(0, 16, 4))
    assert [match.kind for match in find(line)] == [Kind.CARD]


@given(st.text("0123456789", min_size=18, max_size=18))
def test_every_german_iban_is_found(account: str) -> None:
    number = next(f"DE{check:02}{account}" for check in range(2, 99) if is_iban(f"DE{check:02}{account}"))
    spaced = " ".join(number[start : start + 4] for start in range(0, 22, 4))
    assert [match.kind for match in find(f"IBAN {spaced}")] == [Kind.IBAN]


@given(st.text(max_size=300), st.text(max_size=50))
def test_matches_lie_in_the_line_in_order_and_apart(line: str, above: str) -> None:
    found = find(line, above)
    assert all(0 <= match.start < match.end <= len(line) for match in found)
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))


@pytest.mark.parametrize(
    "piece", ["a@", "1 ", "a.", "sk-", "+1", "(", "password ", "key=", "DE12 ", "0 ", "eyJ", "-"]
)
def test_a_hostile_line_takes_no_time(piece: str) -> None:
    find(piece * 4_000, piece * 4_000)
