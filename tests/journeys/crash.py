"""kill -9 at every step: nothing that was acknowledged is lost, and the logs verify.

    python -m tests.journeys.crash --kills 1000 [--seed 7] [--seconds 200]

A home of its own (and, where ``TEST_DATABASE_URL`` is set, a database of its own). Publishers plan,
withdraw and file, a reader speaks through the web application, a neighbour's log is witnessed and
the neighbour witnesses ours; each writes down what it was told was done. A keeper runs beside them.
Again and again one of them is killed without warning: at a named step of the pipeline or of
witnessing, at one of its writes to disk, or after a random time. After each death what stands
exposed is kept, as an outsider would keep it.

The processes that die are forks of this one, which has loaded the program and has opened nothing:
no connection, no file, no socket, no lock, no thread (``alone`` looks before each fork). So a life
begins within a moment, and whatever dies with a process was its own.
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
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from gongkai.foundation.core.process import die_with

PUBLISHERS = 3
LONGEST_LIFE = 0.6
PAUSE = 1.5
LIVES = (1, 1, 1, 2)
"""At which pass a keeper dies at a step."""
WRITES = 60
"""At which of its writes it dies at most: about as many as a pass has."""
BUILDS = 3


@dataclass
class Outcome:
    """What a run ended in: what was told was done, what outsiders kept, every broken promise."""

    planned: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    filed: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    deaths: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    office_notes: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Town:
    """The living processes of one home, and the neighbour."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        from tests.journeys.crash_witness import Neighbourhood

        self.home, self.chance, self.told = home, chance, home / "told"
        self.neighbour = Neighbourhood(home / "neighbour")
        self.server = fork(self.neighbour.serve)
        self.people = dict.fromkeys([*(f"publisher {n}" for n in range(PUBLISHERS)), "reader"], 0)

    def live(self) -> None:
        """Have everybody alive. One that ended by itself has failed."""
        from tests.journeys import crash_parts as parts

        for name, process in self.people.items():
            if process and alive(process):
                continue
            pace = random.Random(self.chance.random())
            work = parts.speak if name == "reader" else parts.publish
            self.people[name] = fork(partial(work, self.told, pace, PAUSE))

    def kill(self, death: str) -> None:
        """Let one process die the way ``death`` says."""
        from tests.journeys import crash_parts as parts

        if death.startswith("witness"):
            self.neighbour.grow()
            self.neighbour.cosign(self.home / "board/log/checkpoint")
            lie = self.chance.random() < 0.3
            died(fork(partial(self.neighbour.meet, death, lie=lie)), death)
            return
        pace = self.chance.choice(LIVES) if death in parts.STEPS else self.chance.randint(1, WRITES)
        keeper = fork(partial(parts.keep, death, pace, self.home / "faults"))
        if death not in {"anywhere", "publisher", "reader"}:
            died(keeper, death)
            return
        time.sleep(self.chance.random() * LONGEST_LIFE)
        if death != "anywhere":
            name = self.chance.choice([each for each in self.people if each.startswith(death)])
            self.end(name)
        os.kill(keeper, signal.SIGKILL)
        died(keeper, death)

    def end(self, name: str) -> None:
        """Kill one of the people, where it has not failed before."""
        process, self.people[name] = self.people[name], 0
        os.kill(process, signal.SIGKILL)
        died(process, name)

    def close(self) -> None:
        """Everybody goes who is not dead already; the neighbour too.

        Whose number is 0 was the last to die: a signal to 0 would kill us, and who started us.
        """
        for name in [name for name, process in self.people.items() if process]:
            self.end(name)
        os.kill(self.server, signal.SIGKILL)
        os.waitpid(self.server, 0)


def run(home: Path, kills: int, seed: int, seconds: float) -> Outcome:
    """Do it all in ``home``; ``faults`` is empty when every promise was kept.

    After ``seconds`` nobody more is killed, and what was promised is looked at.
    """
    from tests.journeys import crash_parts as parts

    chance, outcome, faults = random.Random(seed), Outcome(), home / "faults"
    finished(fork(parts.prepare))
    parts.warm()
    finished(fork(lambda: parts.begin(home / "told")))
    town = Town(home, chance)
    finished(fork(town.neighbour.settle_in))
    until = time.monotonic() + seconds
    for death in every_death(parts.DEATHS, kills, chance):
        if time.monotonic() > until:
            break
        town.live()
        town.kill(death)
        outcome.deaths[death] += 1
        look_around(home, outcome)
    town.close()
    hear(town.told, outcome)
    finished(fork(lambda: parts.settle(faults)))
    for _ in range(BUILDS):
        kill_a_build(chance)
    finished(fork(lambda: parts.audit(outcome, town.neighbour, faults)))
    outcome.faults = faults.read_text("utf-8").splitlines()
    return outcome


def every_death(kinds: tuple[str, ...], kills: int, chance: random.Random) -> Iterator[str]:
    """The deaths in chance's order, each as often as the others."""
    waiting: list[str] = []
    for _ in range(kills):
        waiting = waiting or chance.sample(kinds, len(kinds))
        yield waiting.pop()


def kill_a_build(chance: random.Random) -> None:
    """Lose some pages, start a build over two processes, and kill it without warning."""
    from tests.journeys import crash_parts as parts

    builder = fork(lambda: parts.build_anew(chance.random()))
    time.sleep(chance.random() * LONGEST_LIFE)
    os.kill(builder, signal.SIGKILL)
    os.waitpid(builder, 0)


def look_around(home: Path, outcome: Outcome) -> None:
    """What an outsider does: remember what is newly exposed."""
    ours = os.environ["LOG_ORIGIN"]
    witnessed = sha256(f"{ours}/neighbour".encode()).hexdigest()
    for place, kept in (
        ("board/log/checkpoint", outcome.notes),
        ("audit/checkpoint", outcome.office_notes),
        (f"board/log/witness/{witnessed}/checkpoint", outcome.given),
        ("board/log/cosigned/checkpoint", outcome.heard),
    ):
        file = home / place
        if file.exists() and (note := file.read_text("utf-8")) not in kept[-1:]:
            kept.append(note)


def hear(told: Path, outcome: Outcome) -> None:
    """Take down what people were told; a line cut off by a death says nothing."""
    lists = {
        "planned": outcome.planned,
        "withdrawn": outcome.withdrawn,
        "filed": outcome.filed,
        "spoken": outcome.spoken,
    }
    for line in told.read_text("utf-8").splitlines():
        match line.split():
            case [done, name, "."]:
                lists[done].add(name)


# -- processes -------------------------------------------------------------------------------------


def fork(work: Callable[[], object]) -> int:
    """A child that does ``work`` and ends, with this process at the latest; its number."""
    alone()
    parent, child = os.getpid(), os.fork()
    if child:
        return child
    status = 1
    try:
        die_with(parent)
        work()
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


def alone() -> None:
    """Make sure that a fork would share nothing with this process: no thread, no open file.

    Writing the neighbour's log syncs in threads, which are over and may take a moment to be gone.
    """
    until = time.monotonic() + 5
    while len(threads := os.listdir("/proc/self/task")) > 1 and time.monotonic() < until:
        time.sleep(0.001)
    opened = set(os.listdir("/proc/self/fd"))
    shared = [where for each in opened - {"0", "1", "2"} if (where := _opened(each))]
    if len(threads) > 1 or shared:
        raise RuntimeError(f"{len(threads) - 1} threads and {shared} would be shared")


def _opened(handle: str) -> str:
    """What an open file is; empty for the listing of them, which is closed by now."""
    try:
        return os.readlink(f"/proc/self/fd/{handle}")
    except FileNotFoundError:
        return ""


def finished(child: int) -> None:
    """Wait for a child that must succeed."""
    if status := os.waitpid(child, 0)[1]:
        raise RuntimeError(f"a part of the harness ended with {status}")


def died(child: int, how: str) -> None:
    """Wait for a child that must be killed."""
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
        raise RuntimeError(f"nobody died at {how}: the process ended with {status}")


def alive(child: int) -> bool:
    """Whether the child still runs, as it must until it is killed."""
    done, status = os.waitpid(child, os.WNOHANG)
    if done:
        raise RuntimeError(f"somebody gave up with {status}")
    return True


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
    asked.add_argument("--seconds", type=float, default=float("inf"))
    given = asked.parse_args()
    os.closerange(3, 1024)  # whatever our starter left open is not ours to hand on
    print(f"seed {given.seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gongkai-crash-") as folder:
        home = Path(folder)
        with surroundings(home):
            outcome = run(home, given.kills, given.seed, given.seconds)
    print(f"deaths {sum(outcome.deaths.values())} {dict(sorted(outcome.deaths.items()))}")
    print(f"checkpoints kept {len(outcome.notes)}, of the office {len(outcome.office_notes)}")
    print(f"cosigned for others {len(outcome.given)}, by others {len(outcome.heard)}")
    print(
        f"planned {len(outcome.planned)}, withdrawn {len(outcome.withdrawn)},"
        f" filed {len(outcome.filed)}, spoken {len(outcome.spoken)}"
    )
    print(f"faults {len(outcome.faults)}, seconds {time.monotonic() - begun:.0f}")
    for fault in outcome.faults:
        print(fault)
    return 1 if outcome.faults or not outcome.planned else 0


if __name__ == "__main__":
    sys.exit(main())
