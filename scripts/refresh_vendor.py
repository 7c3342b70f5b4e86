"""Remake `static/vendor` from the npm registry: the used part of HDS core and the Source Sans 3 fonts."""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/klash/static/vendor"
HDS = "hds-core@5.2.2"
FONT = "@fontsource-variable/source-sans-3@5.3.0"
COMPONENTS = ("text-input", "checkbox", "radio-button", "notification", "table", "tag", "error-summary", "pagination")
FONT_FILES = ("latin", "latin-ext")


def fetch(package: str, folder: Path) -> Path:
    """Unpack an npm package below the folder and return where it lies."""
    name = subprocess.run(["npm", "pack", package], cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
    with tarfile.open(folder / name) as archive:
        archive.extractall(folder / name.removesuffix(".tgz"), filter="data")
    return folder / name.removesuffix(".tgz") / "package"


def main() -> None:
    """Write hds.min.css, the fonts and VENDORED.md."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hds, font = fetch(HDS, folder), fetch(FONT, folder)
        parts = [hds / "lib/base.min.css", *(hds / f"lib/components/{part}/{part}.min.css" for part in COMPONENTS)]
        css = "\n".join(re.sub(r"/\*#.*?\*/", "", part.read_text()).strip() for part in parts)
        (TARGET / "hds.min.css").write_text(css + "\n")
        for subset in FONT_FILES:
            (TARGET / f"source-sans-3-{subset}.woff2").write_bytes((font / f"files/source-sans-3-{subset}-wght-normal.woff2").read_bytes())
    rows = [
        f"| {path.name} | {HDS if path.suffix == '.css' else FONT} | {'MIT' if path.suffix == '.css' else 'OFL-1.1'} | {hashlib.sha256(path.read_bytes()).hexdigest()} |"
        for path in sorted(TARGET.iterdir())
        if path.suffix != ".md"
    ]
    head = "# Vendored files\n\nRemade by `scripts/refresh_vendor.py`. HDS core without its fonts, colours of Helsinki and waves.\n\n| file | package | licence | SHA-256 |\n|---|---|---|---|\n"
    (TARGET / "VENDORED.md").write_text(head + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
