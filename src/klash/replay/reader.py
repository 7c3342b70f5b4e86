"""Read a competition file, or refuse it with line and reason before anything is written."""

from pathlib import Path

from django.utils.translation import override

from klash.core.yaml_file import Faulty
from klash.core.yaml_file import read as read_yaml
from klash.replay.checks import faults
from klash.replay.facts import BrokenFile, File


def read(path: Path) -> File:
    """Return the file's facts. Raises BrokenFile with a line for each fault: where it stands and why."""
    try:
        with override("en"):
            return read_yaml(path.read_text(encoding="utf-8"), File, faults)
    except OSError as error:
        raise BrokenFile(f"{path} cannot be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}. Save it as UTF-8.") from error
    except Faulty as error:
        lines = [f"{path}, line {line}: {reason}" for line, reason in error.faults]
        raise BrokenFile("\n".join([*lines, "Nothing was written. Mend the file and run again."])) from error
