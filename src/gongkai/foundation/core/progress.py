"""A bar on the terminal, moved by code that knows of no terminal. Loads before Django."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Progress = Callable[[int, int], None]
"""``progress(done, total)``."""


@contextmanager
def bar(label: str, *, counts: bool = False) -> Iterator[Progress]:
    """A bar named ``label``, and how to move it; ``counts`` shows numbers and the time left."""
    with click.progressbar(length=1, label=label, show_pos=counts, show_eta=True) as shown:

        def progress(done: int, total: int) -> None:
            shown.length = total
            shown.update(done - shown.pos)

        yield progress
