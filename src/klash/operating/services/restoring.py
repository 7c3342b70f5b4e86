"""Restore: prove the backup, build the installation beside, prove that, then put it in its place."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from klash.core import keys
from klash.operating import selectors
from klash.operating.engines import engine_of, opened, write_durably
from klash.operating.errors import Halted
from klash.operating.manifests import Database, Manifest
from klash.operating.places import SQLITE_FILES, Place, working
from klash.operating.telling import Meter, Say, in_words
from klash.operating.vaults import Vault, sync_folder

# What an installation makes at its first start, and the keys, which are kept apart from every backup.
STARTED = {"secret.key", "static", "keys"}
WHOLE = "restore.whole"
ORDER = ("reviewing", "default")


def restore(*, vault: Vault, place: Place, say: Say, with_faults: bool = False) -> Manifest:
    """Make an empty place the installation that was backed up; return the backup's manifest.

    Nothing is touched before every byte of the backup is proven, nothing appears in its place before the log's heads are those of the
    manifest and `verify` finds no fault (with_faults: or in spite of them). A failure leaves the place as it was. A restore that was
    killed while it put things in their place is finished by the next. Raises Halted.
    """
    if (place.home / WHOLE).exists():
        say("A restore that was proven and then broken off is finished first.")
        _put_in_place(place)
    manifest = Manifest.read(vault)
    _ensure_fits(manifest, place)
    say(f"The backup of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC: {len(manifest.files)} parts, {in_words(manifest.size_bytes)}.")
    _prove_bytes(vault, manifest, say)
    with working(place.home, "restore") as work:
        beside, loaded = place.within(work), list[str]()
        try:
            _write_files(vault, manifest, work, say)
            for alias in ORDER:
                engine_of(beside.databases[alias]).load(beside.databases[alias], vault.read(manifest.databases[alias].file))
                loaded.append(alias)
                say(f"Database {alias} is loaded.")
            _prove_place(manifest, beside, say, with_faults=with_faults)
            work.rename(place.home / WHOLE)
        except BaseException:
            for alias in loaded:
                engine_of(beside.databases[alias]).clear(beside.databases[alias])
            raise
        _put_in_place(place)
    say(f"Restored into {place.home}.")
    return manifest


def run_klash(place: Place, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a management command in a process of its own on an installation."""
    return subprocess.run([sys.executable, "-m", "klash", *words], env=place.environment(), capture_output=True, text=True, check=False)  # noqa: S603


def _ensure_fits(manifest: Manifest, place: Place) -> None:
    """Raise Halted if the place is not empty, or if the backup cannot be read by what runs here."""
    kept = STARTED | {keys.folder().name}
    if there := sorted(path.name for path in place.home.glob("*") if path.name not in kept and path.suffix not in (".lock", ".part")):
        raise Halted(f"{place.home} is not empty: {', '.join(there)}. Restore into an empty KLASH_HOME.")
    if not any(keys.folder().glob("*")):
        raise Halted(f"There are no keys in {keys.folder()}. They are in no backup: put them there first, for new ones open nothing of what is kept.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    for alias, row in manifest.databases.items():
        engine = engine_of(place.databases[alias])
        if engine.name != row.engine:
            raise Halted(f"Database {alias} was backed up from {row.engine}, here it is {engine.name}. Set KLASH_DATABASE and KLASH_REVIEWING_DATABASE.")
        if engine.name == "sqlite" and Path(place.databases[alias]["NAME"]) != place.home / SQLITE_FILES[alias]:
            raise Halted(f"Restore puts {SQLITE_FILES[alias]} into KLASH_HOME. Leave KLASH_DATABASE and KLASH_REVIEWING_DATABASE out.")
        if not engine.is_empty(place.databases[alias]):
            raise Halted(f"Database {alias} holds tables. Restore into an empty one.")
        if unknown := sorted(set(row.migrations) - known):
            raise Halted(f"The backup was made by a newer Klash: {unknown[0]} is not known here. Update first.")


def _prove_bytes(vault: Vault, manifest: Manifest, say: Say) -> None:
    """Raise Halted, naming each, if parts are missing or are not what was written."""
    meter, broken = Meter(say, "bytes proven", manifest.size_bytes), list[str]()
    for name, written in manifest.files.items():
        try:
            if vault.measure(name) != written:
                broken.append(f"{name} was changed")
        except Halted as error:
            broken.append(str(error))
        meter.add(written.size_bytes)
    if broken:
        raise Halted("The backup is broken; nothing was restored.\n" + "\n".join(broken))
    say("Every part has the size and hash that the manifest says.")


def _write_files(vault: Vault, manifest: Manifest, work: Path, say: Say) -> None:
    (work / "files").mkdir()
    names = [name for name in manifest.files if not name.startswith("databases/")]
    meter = Meter(say, "files written", sum(manifest.files[name].size_bytes for name in names))
    for name in names:
        kind, _, own = name.partition("/")
        write_durably(work / "files" / own if kind == "files" else work / own, vault.read(name))
        meter.add(manifest.files[name].size_bytes)
    sync_folder(work / "files")
    say(f"Files: {len(list((work / 'files').iterdir()))} are written.")


def _prove_place(manifest: Manifest, place: Place, say: Say, *, with_faults: bool) -> None:
    """Raise Halted unless the logs are those of the manifest and, on today's tables, `verify` finds no fault."""
    if wrong := [fault for alias, row in manifest.databases.items() for fault in _faults_of_logs(alias, row, place)]:
        raise Halted("The logs are not those of the backup.\n" + "\n".join(wrong))
    say("The head of every log is the one that the manifest says.")
    for alias in place.databases:
        done = run_klash(place, "migrate", "--database", alias, "--verbosity", "0")
        if done.returncode:
            raise Halted(f"The tables of database {alias} could not be brought to this version: {done.stderr.strip()}")
    done = run_klash(place, "verify")
    for line in done.stdout.splitlines():
        say(f"  {line}")
    if done.returncode and not with_faults:
        raise Halted(f"{done.stderr.strip()}\nTo restore in spite of that: --with-faults.")
    say("Verified: logs, rows, receipts and their files hold." if not done.returncode else f"Restored in spite of this: {done.stderr.strip()}")


def _faults_of_logs(alias: str, row: Database, place: Place) -> Iterator[str]:
    with opened(place.databases[alias], f"{alias}.restored") as using:
        found = {log.competition: log for log in selectors.logs(using)}
    expected = {log.competition: log for log in row.logs}
    for competition in sorted(found | expected):
        if found.get(competition) != expected.get(competition):
            yield f"{alias} {competition}: expected {expected.get(competition)}, found {found.get(competition)}"


def _put_in_place(place: Place) -> None:
    """Move what was proven into the home, the database of accounts last. Goes on where an earlier call was broken off."""
    whole = place.home / WHOLE
    for path in sorted(whole.iterdir(), key=lambda path: (path.name == SQLITE_FILES["default"], path.name)):
        if (place.home / path.name).exists():
            raise Halted(f"{place.home / path.name} appeared while the backup was restored. Move it away and call restore again.")
        path.rename(place.home / path.name)
    whole.rmdir()
    sync_folder(place.home)
