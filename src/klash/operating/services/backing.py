"""Back up: one moment of both databases and the files, then the manifest that makes it a backup."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from klash.operating import moments, selectors
from klash.operating.engines import chunks_of, engine_of
from klash.operating.errors import Halted
from klash.operating.manifests import Database, Manifest
from klash.operating.places import Place, working
from klash.operating.telling import Meter, Say, in_words
from klash.operating.vaults import Vault, Written

# Small files of the home that no secret is in: where the demo's clock stands, and how far a rehearsal has come.
NOTES = ("clock.json", "replay.json")


@dataclass(frozen=True)
class Made:
    """lost: files that rows name and that were not on the disk; the backup is whole without them, the installation is not."""

    manifest: Manifest
    lost: list[str]


def back_up(*, vault: Vault, say: Say) -> Made:
    """Write a whole backup of the present moment into a new or empty folder. Keys are never part of it.

    While the moment is fixed, writers wait; for how long is said. Killed at any point before its last step it leaves a folder that no
    restore takes for a backup. Raises Halted.
    """
    place = Place.running()
    vault.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(vault.folder.iterdir()):
        raise Halted(f"{vault.folder} is not empty. Name a new folder for each backup.")
    with working(place.home, "backup") as work, moments.held(work / "files") as moment:
        say(f"The moment is {moment.at:%Y-%m-%d %H:%M:%S} UTC; writers waited {1000 * moment.paused_s:.0f} ms.")
        files: dict[str, Written] = {}
        databases = {}
        for alias, using in moment.readers.items():
            databases[alias] = _database(place, alias, using)
            files[databases[alias].file] = vault.write(databases[alias].file, engine_of(place.databases[alias]).dump(using, work))
            say(f"Database {alias}: {in_words(files[databases[alias].file].size_bytes)}, {len(databases[alias].logs)} logs.")
        files |= _write_files(vault, moment, say)
        files |= {f"notes/{name}": vault.write(f"notes/{name}", _bytes_of(place.home / name)) for name in NOTES if (place.home / name).exists()}
        lost = sorted(selectors.named_files(moment.readers["default"]) - set(moment.files))
        manifest = Manifest(moment.at, databases, files)
    manifest.write(vault)
    say(f"Backed up: {len(files)} parts, {in_words(manifest.size_bytes)}, in {vault.folder}.")
    return Made(manifest, lost)


def _database(place: Place, alias: str, using: str) -> Database:
    engine = engine_of(place.databases[alias])
    return Database(engine.name, f"databases/{alias}.{engine.suffix}", selectors.migrations(using), selectors.logs(using))


def _write_files(vault: Vault, moment: moments.Moment, say: Say) -> dict[str, Written]:
    sizes = {name: (moment.folder / name).stat().st_size for name in moment.files}
    meter, written = Meter(say, "files copied", sum(sizes.values())), {}
    for name in moment.files:
        written[f"files/{name}"] = vault.write(f"files/{name}", _bytes_of(moment.folder / name))
        meter.add(sizes[name])
    say(f"Files: {len(written)}, {in_words(sum(sizes.values()))}.")
    return written


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from chunks_of(file)
