"""Work shared by several processes, its results in order, and nothing left running behind it."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from django.db import connections
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.process import die_with

AHEAD = 4
"""Units waiting for each process: enough to keep it busy, few enough to keep memory flat."""

Work = TypeVar("Work")
Result = TypeVar("Result")


def hands() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shared(
    perform: Callable[[Work], Result], work: Iterable[Work], count: int
) -> Iterator[tuple[Work, Result]]:
    """Each piece of work with what ``perform`` made of it, in the order of ``work``.

    With one hand it is done here. Otherwise each process is a fork with a database connection of
    its own, and ends with this one. ``Refused`` when one of them is killed.
    """
    if count <= 1:
        yield from ((each, perform(each)) for each in work)
        return
    connections.close_all()  # a connection must not be shared across a fork
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(count, fork, initializer=_begin, initargs=(os.getpid(),)) as pool:
        try:
            yield from _in_order(pool, perform, work, count * AHEAD)
        except BrokenProcessPool as error:
            raise Refused(
                [_("一个渲染进程被中止了。做好的都留着，请再运行一次，会接着做。")]
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor,
    perform: Callable[[Work], Result],
    work: Iterable[Work],
    ahead: int,
) -> Iterator[tuple[Work, Result]]:
    running: deque[tuple[Work, Future[Result]]] = deque()
    for each in work:
        running.append((each, pool.submit(perform, each)))
        if len(running) >= ahead:
            first, future = running.popleft()
            yield first, future.result()
    for each, future in running:
        yield each, future.result()


def _begin(parent: int) -> None:
    """In the new process: end with the one that started it, which alone hears Ctrl-C."""
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    own_connections()


def own_connections() -> None:
    """In a forked process: begin with no connection to the database.

    What was inherited is forgotten and not closed, since that would end the parent's own session.
    """
    for alias in connections:
        connections[alias]  # made where there was none, so that there is one to forget
        del connections[alias]
