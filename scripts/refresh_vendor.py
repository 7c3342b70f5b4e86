# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools[woff]==4.68.0", "rcssmin==1.3.0"]
# ///
"""Remake `static/vendor` from the npm registry: the used part of HDS core and Source Sans 3. Run: `uv run scripts/refresh_vendor.py`."""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

import rcssmin
from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "src/klash/static/vendor"
HDS = "hds-core@5.2.2"
FONT = "@fontsource-variable/source-sans-3@5.3.0"
COMPONENTS = ("text-input", "checkbox", "radio-button", "notification")
CITY = "brick|bus|coat-of-arms|copper|engel|fog|gold|metro|silver|summer|suomenlinna|tram"
# Letters of Finland's languages and its neighbours' that the latin file lacks: the Sámi languages, Estonian, Latvian, Polish and so on.
EXTENDED = [*range(0x0100, 0x0180), *range(0x01E4, 0x01F0), *range(0x0218, 0x021C), 0x02B9, 0x02BC, 0x1E9E]


def fetch(package: str, folder: Path) -> Path:
    """Unpack an npm package below the folder and return where it lies."""
    name = subprocess.run(["npm", "pack", package], cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
    with tarfile.open(folder / name) as archive:
        archive.extractall(folder / name.removesuffix(".tgz"), filter="data")
    return folder / name.removesuffix(".tgz") / "package"


def tokens(base: str) -> str:
    """Return the sizes and neutral colours of HDS core's root rule, without the city's colours and typeface."""
    root = re.search(r":root\s*\{(.*?)\}", re.sub(r"/\*.*?\*/", "", base, flags=re.S), re.S)
    if not root:
        raise SystemExit("HDS core no longer has a :root rule in base.css: look at the new file and mend tokens().")
    kept = [line for line in root[1].split(";") if not re.match(rf"--(color-({CITY})\b|font-default|breakpoint|container)", line.strip())]
    return ":root{" + ";".join(kept) + "}"


def component(css: str) -> str:
    """Return a component's rules without source maps, toasts and icon variants that no template uses."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    unused = r"hds-icon-(start|end)--|--(top|bottom)-(left|center|right)|close-button|button-clear|button-toggle|__buttons?\b|--box-shadow|class\*=hds"
    return re.sub(r"([^{}]+)\{([^{}]*)\}", lambda rule: "" if re.search(unused, rule[1]) and "," not in rule[1] else rule[0], css)


def extended(source: Path, target: Path) -> None:
    """Cut the large latin-ext file down to the letters of EXTENDED."""
    font = TTFont(source)
    options = subset.Options(flavor="woff2", layout_features=["kern", "mark", "mkmk", "ccmp", "locl"], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=EXTENDED)
    cutter.subset(font)
    for record in font["name"].names:  # the licence reserves the original's name for the original
        if record.nameID in (1, 3, 4, 6, 16, 25):
            record.string = "KlashSansExtended"
    font.flavor = "woff2"
    font.save(target)


def main() -> None:
    """Write hds.min.css, the fonts and VENDORED.md."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hds, font = fetch(HDS, folder), fetch(FONT, folder)
        parts = [tokens((hds / "lib/base.css").read_text())]
        parts += [component((hds / f"lib/components/{part}/{part}.css").read_text()) for part in COMPONENTS]
        (TARGET / "hds.min.css").write_text(f"/* {HDS}, MIT, City of Helsinki */\n" + rcssmin.cssmin("\n".join(parts)) + "\n")
        (TARGET / "source-sans-3-latin.woff2").write_bytes((font / "files/source-sans-3-latin-wght-normal.woff2").read_bytes())
        extended(font / "files/source-sans-3-latin-ext-wght-normal.woff2", TARGET / "source-sans-3-latin-ext.woff2")
    rows = [
        f"| {path.name} | {HDS if path.suffix == '.css' else FONT} | {'MIT' if path.suffix == '.css' else 'OFL-1.1'} | {hashlib.sha256(path.read_bytes()).hexdigest()} |"
        for path in sorted(TARGET.iterdir())
        if path.suffix != ".md"
    ]
    (TARGET / "VENDORED.md").write_text(
        "# Vendored files\n\nRemade by `uv run scripts/refresh_vendor.py`; never edited by hand.\n\n"
        "`hds.min.css` holds the sizes, the neutral colours and these components of HDS core: " + ", ".join(COMPONENTS) + ".\n"
        "Helsinki's colours, typeface and waves are left out; `css/klash.css` sets the project's own in their place.\n"
        "`source-sans-3-latin-ext.woff2` is cut down to the letters that the latin file lacks and that people here use, and renamed inside.\n"
        "htmx comes from the django-htmx package and is not vendored.\n\n"
        "| file | package | licence | SHA-256 |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


if __name__ == "__main__":
    main()
