"""Details by which a person can be reached, paid or told apart: telephone numbers, e-mail addresses, bank accounts."""

import re
from typing import Final

REGIONS: Final = ("US", "GB", "DE", "FR", "ES", "AU")
"""Where a number without a country code may be from; one with a code may be from anywhere."""
FEWEST_DIGITS: Final = 9
"""Shorter ones are as likely a count of rows."""
MOST_DIGITS: Final = 12
"""Longer ones, without a country code, are numbers of goods."""
E_MAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z\d-]{1,63}\.){1,4}[a-z]{2,24}(?![\w:/@-])", re.IGNORECASE | re.ASCII
)
ACCOUNT: Final = re.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z\d]{4}){2,7}(?: ?[a-z\d]{1,3})?\b", re.IGNORECASE | re.ASCII)
CARD: Final = re.compile(r"(?<![\d.])(?:\d{4}[ -]){3}\d{4}(?![\d.])", re.ASCII)
SOCIAL_SECURITY: Final = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])", re.ASCII)

NO_TELEPHONE: Final = re.compile(
    r"(?<![\d/])\d{1,2}/(?:19|20)\d\d(?!\d)|(?<![\d-])(?:19|20)\d\d-\d{1,2}(?!\d)"  # a month
    r"|(?<![\d./-])\d{1,4}([./-])\d{1,2}\1\d{1,4}(?![./-]?\d)"  # a date
    r"|(?<![\d./+-])(?<!\d )(?:"
    r"\d{1,3}(?:\.\d{1,3}){3}"  # an address of a computer
    r"|\d{1,3}(?:[ ,.]\d{3})+"  # a number set in thousands
    r"|\d+\.\d+"  # a decimal fraction
    r")(?![ ./-]?\d)",
    re.ASCII,
)
"""Numbers that are none to call, however the plan of some country has it."""


def holds_private_details(message: str) -> bool:
    """Whether a message holds a telephone number, an e-mail address, or the number of an account, card or insurance."""
    return bool(
        E_MAIL.search(message)
        or SOCIAL_SECURITY.search(message)
        or any(_is_account(found[0]) for found in ACCOUNT.finditer(message))
        or any(_is_card(found[0]) for found in CARD.finditer(message))
        or _holds_telephone(message)
    )


def _holds_telephone(message: str) -> bool:
    text = NO_TELEPHONE.sub("#", message)
    if sum(character.isdigit() for character in text) < FEWEST_DIGITS:
        return False
    from phonenumbers import Leniency, PhoneNumberMatcher

    found = (match for region in REGIONS for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID))
    return any(_is_written_as_telephone(match.raw_string) for match in found)


def _is_written_as_telephone(number: str) -> bool:
    """Whether a number that could be called looks like one: it is set in groups, or begins as such numbers do."""
    groups = re.findall(r"\d+", number)
    digits = "".join(groups)
    begins = number.startswith("+") or (digits[0] == "0" != digits[1] and len(digits) <= MOST_DIGITS)
    return len(digits) >= FEWEST_DIGITS and (len(groups) > 1 or begins)


def _is_account(number: str) -> bool:
    """Whether the check digits of an IBAN (ISO 13616) fit."""
    plain = number.replace(" ", "").upper()
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _is_card(number: str) -> bool:
    """Whether the check digit (Luhn's, ISO/IEC 7812) fits."""
    digits = [int(character) for character in reversed(number) if character.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
