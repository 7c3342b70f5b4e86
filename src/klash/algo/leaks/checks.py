"""Check digits of the numbers that name a person, a business or an account."""

from datetime import date

_BUSINESS = (7, 9, 10, 5, 8, 4, 2)
_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_CENTURY = dict.fromkeys("+", 1800) | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
# How long an account number is, by country: SWIFT's IBAN registry.
IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22,
    "GI": 23, "GL": 18, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18,
    "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "UA": 29, "VA": 22,
}  # fmt: skip


def is_business_id(digits: str) -> bool:
    """Return whether eight digits are a Finnish business ID: seven and their check digit, modulo 11."""
    rest = sum(weight * int(digit) for weight, digit in zip(_BUSINESS, digits, strict=False)) % 11
    return rest != 1 and int(digits[7]) == (11 - rest if rest else 0)


def is_personal_id(day: str, sign: str, number: str, check: str) -> bool:
    """Return whether the parts of 131052-308T make a Finnish personal identity code: a day that was, a sign of its century, the check character."""
    if sign not in _CENTURY or _CHECK[int(day + number) % 31] != check:
        return False
    return _is_day(_CENTURY[sign] + int(day[4:]), int(day[2:4]), int(day[:2]))


def is_luhn(digits: str) -> bool:
    """Return whether the last digit checks the others as in Swedish organisation and personal numbers."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits[:-1]))
    return (sum(value // 10 + value % 10 for value in doubled) + int(digits[-1])) % 10 == 0


def is_iban(compact: str) -> bool:
    """Return whether capitals and digits without spaces are an account number: the length of its country and modulo 97."""
    if IBAN_LENGTHS.get(compact[:2]) != len(compact):
        return False
    return int("".join(str(int(character, 36)) for character in compact[4:] + compact[:4])) % 97 == 1


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
