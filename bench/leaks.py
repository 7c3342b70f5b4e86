"""How much `klash.algo.leaks.scan` finds, how often it is wrong, and how fast it is: hand-typed forms, invented numbers, ordinary texts, fixed seeds.

`python -m bench.leaks [--plants 2000] [--json FILE]` prints the tables and keeps them in bench/results/leaks.json.
own: forms of names planted between words of running texts; found where the team's own layer covers every letter of them.
case forms, attached: tests/algo/leaks/data, typed by hand. disguises: names from there and invented brands, made unlike themselves.
patterns: numbers and addresses with right check digits; found where that layer covers them.
false alarms: findings of any layer and likelihood per 1,000 words of texts in which nobody is named; half: those of p >= 0.5.
"""

import argparse
import csv
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from klash.algo.leaks import Layer, OwnNames, scan

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "leaks.json"
DATA = ROOT / "tests" / "algo" / "leaks" / "data"
REPLAY = ROOT / "src" / "klash" / "replay" / "texts"
REGISTER = ROOT / "src" / "klash" / "accounts" / "data" / "municipalities.csv"
TEAM = OwnNames(
    people=("Matti Virtanen", "Liisa Mäkelä", "Anna Lindström", "Pekka Niemi"),
    organisations=("KaikkiKyytiin Oy", "Hiljainen Laituri ry"),
    domains=("kaikkikyytiin.fi",),
    brands=("KaikkiKyytiin",),
    products=("Reittari",),
)
CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
ALIKE = dict(zip("aeoipcxyAKMTHntv", "аеоірсхуАКМТНոτν", strict=True))
DIGITS = {"o": "0", "i": "1", "l": "1", "e": "3", "a": "4", "s": "5", "t": "7"}

PHONES = (
    "040 ### ####", "050#######", "+358 4# ### ####", "+35840#######", "+358 (0)50 ### ####", "0035840#######", "(09) ### ####", "09-### ## ##", "019 ### ###",
    "+46 7# ### ## ##", "07#-### ## ##", "+44 20 #### ####", "+1 (212) ###-####", "puh. ### ####", "tfn: #####", "358 40 ### ####", "040.###.####",
)  # fmt: skip

Draw = random.Random


def municipalities() -> frozenset[str]:
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return frozenset(row[column] for row in csv.DictReader(file) for column in ("name_fi", "name_sv", "region_fi", "region_sv"))


def typed(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


def case_forms() -> Iterator[tuple[str, str]]:
    for line in typed("paradigms.txt"):
        row = line.replace("|", " ").split()
        yield from ((row[0], form) for form in row)


def attached() -> Iterator[tuple[str, str]]:
    for line in typed("attached.txt"):
        name, forms = line.split(":", 1)
        yield from ((name, form) for form in forms.split() if "-" not in form or "-" in name)


def mapped(table: dict[str, str]) -> Callable[[Draw, str], str]:
    return lambda draw, form: "".join(table.get(letter, letter) if draw.random() < 0.7 else letter for letter in form)


def between(sign: str) -> Callable[[Draw, str], str]:
    return lambda _, form: sign.join(form)


def split(sign: str) -> Callable[[Draw, str], str]:
    def apart(draw: Draw, form: str) -> str:
        at = draw.randint(2, 4)  # within the name, not its ending
        return form[:at] + sign + form[at:]

    return apart


DISGUISES: dict[str, Callable[[Draw, str], str]] = {
    "capitals": lambda _, form: form.upper(), "small": lambda _, form: form.lower(),
    "without dots": lambda _, form: form.translate(str.maketrans("äöåÄÖÅ", "aoaAOA")),
    "letters apart": between(" "), "points between": between("."), "hyphens between": between("-"), "zero width": between("\u200b"),
    "soft hyphens": between("\u00ad"),
    "two pieces": split(" "), "hyphen and line end": split("-\n"), "look-alikes": mapped(ALIKE), "digits": mapped(DIGITS),
    "full width": lambda _, form: "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalnum() else letter for letter in form),
    "combining marks": between("\u0323"),
}  # fmt: skip


def business_id(draw: Draw) -> str:
    while True:
        digits = f"{draw.randint(100_000, 3_999_999):07d}"
        rest = sum(int(digit) * weight for digit, weight in zip(digits, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        if rest != 1:
            return f"{digits}-{11 - rest if rest else 0}"


def personal_id(draw: Draw) -> str:
    sign, number = draw.choice("-YXWVUABCDEF"), f"{draw.randint(2, 899):03d}"
    day = f"{draw.randint(1, 28):02d}{draw.randint(1, 12):02d}{draw.randint(0, 99):02d}"
    return f"{day}{sign}{number}{CHECK[int(day + number) % 31]}"


def iban(draw: Draw) -> str:
    country, length, code = draw.choice((("FI", 14, "1518"), ("SE", 20, "2814"), ("EE", 16, "1414"), ("DE", 18, "1314")))
    account = "".join(draw.choice("0123456789") for _ in range(length))
    whole = f"{country}{98 - int(account + code + '00') % 97:02d}{account}"
    return draw.choice((whole, " ".join(whole[at : at + 4] for at in range(0, len(whole), 4)), whole.lower()))


def phone(draw: Draw) -> str:
    digits = [draw.choice("0123456789") for _ in range(40)]
    form = draw.choice(PHONES)
    return "".join(digits.pop() if sign == "#" else sign for sign in form)


def word(draw: Draw, least: int = 3) -> str:
    syllables = ("ka", "ki", "lo", "ri", "mu", "te", "pä", "sö", "nu", "va", "jo", "he")
    return "".join(draw.choice(syllables) for _ in range(draw.randint(least - 1, 4)))


def email(draw: Draw) -> str:
    at = draw.choice(("@", "@", "(at)", "[at]", " (at) ", " at ", "(ät)", " ät ", " [at] "))
    local = draw.choice((word(draw), f"{word(draw)}.{word(draw)}", f"{word(draw)}_{draw.randint(1, 99)}", f"{word(draw)}+{word(draw)}"))
    return f"{local}{at}{domain(draw)}"


def domain(draw: Draw) -> str:
    return f"{word(draw)}{draw.choice(('', '-' + word(draw), '.' + word(draw)))}.{draw.choice(('fi', 'com', 'se', 'net', 'org', 'eu', 'io', 'app', 'ax'))}"


def url(draw: Draw) -> str:
    return draw.choice(("https://", "http://www.", "www.", "", "")) + domain(draw) + draw.choice(("", "/", f"/{word(draw)}?{word(draw)}=1"))


def street(draw: Draw) -> str:
    number = f"{draw.randint(1, 199)}{draw.choice(('', ' A', 'b', ' B 12', ' as. 3', '-3'))}"
    finnish = word(draw).capitalize() + draw.choice(("katu", "tie", "kuja", "polku", "kadun", "tiellä", "raitti", "väylä", "kaari"))
    swedish = word(draw).capitalize() + draw.choice(("gatan", "vägen", "gränden", "stigen"))
    english = f"{draw.randint(1, 199)} {word(draw).capitalize()} {draw.choice(('Street', 'Road', 'Lane', 'Avenue'))}"
    return draw.choice((f"{finnish} {number}", f"{swedish} {number}", english, f"PL {draw.randint(1, 999)}"))


PATTERNS: dict[str, Callable[[Draw], str]] = {
    "email": email, "url": url, "phone": phone, "business_id": lambda draw: draw.choice((business_id(draw), "FI" + business_id(draw).replace("-", ""))),
    "personal_id": personal_id, "iban": iban, "handle": lambda draw: f"@{word(draw)}{draw.choice(('', '_fi', '99'))}", "address": street,
}  # fmt: skip


def running() -> list[tuple[str, str, list[str]]]:
    """Return ordinary texts: sample, language, paragraphs."""
    texts = [("invented", language, [(DATA / f"{language}.txt").read_text("utf-8")]) for language in ("fi", "sv", "en")]
    for sample in ("briefs", "problems", "proposals", "feedback"):
        paragraphs: dict[str, list[str]] = {}
        _collect(yaml.safe_load((REPLAY / f"{sample}.yaml").read_text("utf-8")), "", paragraphs)
        texts += [(sample, language, kept) for language, kept in paragraphs.items()]
    return texts


def _collect(node: Any, language: str, kept: dict[str, list[str]]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            _collect(value, key if key in ("fi", "sv", "en") else language, kept)
    elif isinstance(node, list):
        for value in node:
            _collect(value, language, kept)
    elif isinstance(node, str) and language and len(node) > 150:
        kept.setdefault(language, []).append(node)


def plant(draw: Draw, texts: list[tuple[str, str, list[str]]], form: str) -> tuple[str, str, int]:
    """Return a text with the form between two of its words, its language, and where."""
    _, language, paragraphs = draw.choice(texts)
    words = draw.choice(paragraphs).split()[:60]
    at = draw.randint(0, len(words))
    before = "".join(f"{other} " for other in words[:at])
    return f"{before}{form} {' '.join(words[at:])}", language, len(before)


def covered(text: str, at: int, form: str, findings: Iterable[Any]) -> bool:
    places = {place for finding in findings for place in range(finding.start, finding.end)}
    return all(at + place in places for place, sign in enumerate(form) if sign.isalnum())


def own_row(kind: str, pairs: Iterable[tuple[str, str]], texts: Any, allow: frozenset[str], seed: int) -> dict[str, Any]:
    draw, planted, found = Draw(seed), 0, 0
    for name, form in pairs:
        text, language, at = plant(draw, texts, form)
        own = OwnNames(people=(name,)) if seed % 2 else OwnNames(brands=(name,))
        hits = [finding for finding in scan(text, language=language, own=own, allow=allow) if finding.layer == Layer.OWN]
        planted, found = planted + 1, found + covered(text, at, form.rstrip("'"), hits)
    return {"own names": kind, "planted": planted, "found": found / planted}


def disguised(kind: str, plants: int) -> Iterator[tuple[str, str]]:
    draw = Draw(f"disguise/{kind}")
    forms = [(name, form) for name, form in case_forms() if len(name) >= 6]
    return ((name, DISGUISES[kind](draw, form)) for name, form in draw.choices(forms, k=plants))


def pattern_row(kind: str, texts: Any, allow: frozenset[str], plants: int) -> dict[str, Any]:
    draw, found = Draw(f"pattern/{kind}"), 0
    for _ in range(plants):
        form = PATTERNS[kind](draw)
        text, language, at = plant(draw, texts, form + draw.choice(("", ",", ".")))
        hits = [finding for finding in scan(text, language=language, own=OwnNames(), allow=allow) if finding.layer == Layer.PATTERN]
        found += covered(text, at, form, hits)
    return {"pattern": kind, "planted": plants, "found": found / plants}


def alarm_row(sample: str, language: str, paragraphs: list[str], allow: frozenset[str]) -> dict[str, Any]:
    words, findings = sum(len(text.split()) for text in paragraphs), []
    cpu = time.process_time()
    for text in paragraphs:
        findings += scan(text, language=language, own=TEAM, allow=allow)
    cpu = time.process_time() - cpu
    half = sum(finding.p >= 0.5 for finding in findings)
    per = 1000 / words
    return {"text": f"{sample}, {language}", "words": words, "alarms": per * len(findings), "half": per * half, "words a second": int(words / cpu)}


def show(rows: list[dict[str, Any]]) -> None:
    print("| " + " | ".join(rows[0]) + " |\n" + "|---" * len(rows[0]) + "|")
    for row in rows:
        print("| " + " | ".join(f"{value:.3f}" if isinstance(value, float) else str(value) for value in row.values()) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plants", type=int, default=2000)
    parser.add_argument("--json", type=Path, default=RESULTS)
    options = parser.parse_args()
    texts, allow = running(), municipalities()
    scan("Joensuu", language="fi", own=TEAM, allow=allow)
    alarms = [alarm_row(sample, language, paragraphs, allow) for sample, language, paragraphs in texts]
    show(alarms)
    own = [own_row("case forms", case_forms(), texts, allow, 1), own_row("attached", attached(), texts, allow, 2)]
    own += [own_row(kind, disguised(kind, options.plants), texts, allow, 4 + at) for at, kind in enumerate(DISGUISES)]
    show(own)
    patterns = [pattern_row(kind, texts, allow, options.plants) for kind in PATTERNS]
    show(patterns)
    options.json.parent.mkdir(exist_ok=True)
    options.json.write_text(json.dumps({"own": own, "patterns": patterns, "alarms": alarms}, indent=1))


if __name__ == "__main__":
    main()
