"""A line for each thing done and a bar, on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from klash.replay.engine import Tell
from klash.replay.facts import File
from klash.replay.scene import Say


@contextmanager
def progress(facts: File) -> Iterator[tuple[Say, Tell]]:
    """Give a function that says a line and one that moves the bar, named by stage and share."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    titles = {phase.id: phase.title["en"] if "en" in phase.title else phase.title["fi"] for phase in facts.phases}
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(facts.competition.name, total=1.0)

        def tell(stage: str, share: float) -> None:
            bar.update(task, completed=share, description=titles.get(stage, facts.competition.name))

        yield console.print, tell
