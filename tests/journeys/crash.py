"""kill -9 at every step: nothing that was acknowledged is lost, and the log verifies.

    python -m tests.journeys.crash --kills 1000 [--seed 7]

A home of its own (and, where ``TEST_DATABASE_URL`` is set, a database of its own) with sealed
editions. A publisher plans and withdraws, saying what it was told was done. A keeper runs beside
it. Again and again one of the two is killed without warning: at a named step of the pipeline, at
one of its writes to disk, or after a random time. After each death the exposed checkpoint is
kept, as an outsider would keep it.

The processes that die are forks of this one, which itself never opens the database.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

STEPS = (
    *(
        "tick",
        "removals",
        "order",
        "tiles",
        "sign",
        "expose",
        "pages",
        "filing",
        "upkeep",
        "office",
    ),
    "rebuild",
)
DEATHS = (*STEPS, "fsync", "rename", "anywhere", "publisher")
EDITIONS_PER_KILL = 4
LONGEST_LIFE = 0.5
PAUSE = 0.5
BUILDS = 3


@dataclass
class Outcome:
    """What a run ended in: what the publisher was told was done, and every broken promise."""

    planned: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    filed: set[str] = field(default_factory=set)
    deaths: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    office_notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def run(home: Path, kills: int, seed: int) -> Outcome:
    """Do it all in ``home``; ``faults`` is empty when every promise was kept."""
    from tests.journeys import crash_parts as parts

    chance, outcome, told = random.Random(seed), Outcome(), home / "told"
    editions = max(20, kills * EDITIONS_PER_KILL)
    finished(fork(lambda: parts.prepare(editions)))
    parts.compile_templates()
    publisher = 0
    for death in every_death(kills, chance):
        if not (publisher and alive(publisher)):
            pace = random.Random(chance.random())
            publisher = fork(partial(parts.publish, told, pace, PAUSE))
        kill_one(death, publisher, chance)
        outcome.deaths[death] += 1
        keep_checkpoint(home / "board/log", outcome.notes)
        keep_checkpoint(home / "audit", outcome.office_notes)
    if alive(publisher):
        os.kill(publisher, signal.SIGKILL)
        os.waitpid(publisher, 0)
    hear(told, outcome)
    finished(fork(parts.settle))
    for _ in range(BUILDS):
        kill_a_build(chance)
    faults = home / "faults"
    finished(fork(lambda: parts.audit(outcome, faults)))
    outcome.faults = faults.read_text("utf-8").splitlines()
    return outcome


def every_death(kills: int, chance: random.Random) -> Iterator[str]:
    """The deaths in chance's order, each as often as the others: twenty kills miss none."""
    waiting: list[str] = []
    for _ in range(kills):
        waiting = waiting or chance.sample(DEATHS, len(DEATHS))
        yield waiting.pop()


def kill_one(death: str, publisher: int, chance: random.Random) -> None:
    """Start a keeper and let one process die the way ``death`` says."""
    from tests.journeys import crash_parts as parts

    pace = chance.randint(1, 4)
    keeper = fork(lambda: parts.keep(death, pace))
    if death in {"anywhere", "publisher"}:
        time.sleep(chance.random() * LONGEST_LIFE)
        os.kill(publisher if death == "publisher" else keeper, signal.SIGKILL)
        if death == "publisher":
            os.waitpid(publisher, 0)
            os.kill(keeper, signal.SIGKILL)
    status = os.waitpid(keeper, 0)[1]
    if not os.WIFSIGNALED(status):
        raise RuntimeError(f"the keeper did not die at {death} but ended with {status}")


def kill_a_build(chance: random.Random) -> None:
    """Lose some pages, start a build over two processes, and kill it without warning."""
    from tests.journeys import crash_parts as parts

    builder = fork(lambda: parts.build_anew(chance.random()))
    time.sleep(chance.random() * LONGEST_LIFE)
    os.kill(builder, signal.SIGKILL)
    os.waitpid(builder, 0)


def keep_checkpoint(folder: Path, notes: list[str]) -> None:
    """What an outsider does: remember the newest checkpoint."""
    checkpoint = folder / "checkpoint"
    if checkpoint.exists() and (note := checkpoint.read_text("utf-8")) not in notes:
        notes.append(note)


def hear(told: Path, outcome: Outcome) -> None:
    """Take down what the publisher was told; a line cut off by its death says nothing."""
    for line in told.read_text("utf-8").splitlines():
        match line.split():
            case ["planned", address, "."]:
                outcome.planned.add(address)
            case ["withdrawn", address, "."]:
                outcome.withdrawn.add(address)
            case ["filed", address, "."]:
                outcome.filed.add(address)


def fork(work: Callable[[], object]) -> int:
    """A child that does ``work`` and ends; its process number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


def finished(child: int) -> None:
    """Wait for a child that must succeed."""
    if status := os.waitpid(child, 0)[1]:
        raise RuntimeError(f"a part of the harness ended with {status}")


def alive(child: int) -> bool:
    """Whether the child still runs; one that has ended is collected."""
    try:
        return os.waitpid(child, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return False


@contextmanager
def surroundings(home: Path) -> Iterator[None]:
    """The environment of an installation in ``home``, on a database of its own."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    os.environ.update(
        GONGKAI_HOME=str(home),
        LOG_ORIGIN="test.invalid/crash",
        SECRET_KEY="only for this run of the crash harness",
        DJANGO_SETTINGS_MODULE="gongkai.config.settings",
        LOG_LEVEL="ERROR",
        DATABASE_URL="",
    )
    if not server:
        yield
        return
    import psycopg

    name = f"gongkai_crash_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    try:
        yield
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> int:
    """The command line: say the seed, the deaths, and every broken promise."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--kills", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = asked.parse_args()
    print(f"seed {given.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="gongkai-crash-") as folder:
        home = Path(folder)
        with surroundings(home):
            outcome = run(home, given.kills, given.seed)
    print(f"deaths {sum(outcome.deaths.values())} {dict(outcome.deaths)}")
    print(f"checkpoints kept {len(outcome.notes)}, of the office {len(outcome.office_notes)}")
    print(
        f"planned {len(outcome.planned)}, withdrawn {len(outcome.withdrawn)},"
        f" filed {len(outcome.filed)}"
    )
    print(f"faults {len(outcome.faults)}")
    for fault in outcome.faults:
        print(fault)
    return 1 if outcome.faults or not outcome.planned else 0


if __name__ == "__main__":
    sys.exit(main())
