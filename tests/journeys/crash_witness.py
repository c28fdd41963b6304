"""The neighbour of the crash harness: a log that we witness, and a witness of ours.

It has two histories under one key. The true one is shown; the other one sometimes, and a witness
that a death made forgetful would sign both.
"""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.conf import settings
from tests.foundation.witness.neighbours import Neighbour

from gongkai.foundation.ledger.logs import PUBLIC
from gongkai.foundation.ledger.workflow import SYSTEM
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.cosignature import Cosigner, Witness, cosignatures
from gongkai.foundation.translog.cosigned import NEWEST, witness_place
from gongkai.foundation.translog.note import split_note
from gongkai.foundation.witness import asking, jobs, queries, workflow
from gongkai.foundation.witness import commands as cron
from gongkai.foundation.witness.models import WatchedLog
from gongkai.foundation.witness.states import Trouble

DEATHS = (
    "witness checked",
    "witness signed",
    "witness stored",
    "witness exposing",
    "witness heard",
)
"""What was just done when the witness dies: the log compared, the cosignature made, remembered, its
file written and not yet in place; and of the neighbour as our witness, its signature remembered."""


class Neighbourhood:
    """The neighbour's board: ``shown`` leads to one of two histories."""

    def __init__(self, folder: Path) -> None:
        origin = f"{settings.LOG_ORIGIN}/neighbour"
        self.folder = folder
        self.true = Neighbour(folder / "true", origin)
        self.false = Neighbour(folder / "false", origin)
        for history in (self.true, self.false):
            history.grow(b"a", b"b", b"c")
        self.show("true")

    def show(self, history: str) -> None:
        """From now on this history is what the server answers with."""
        link = self.folder / f"link{os.getpid()}"
        link.symlink_to(history)
        link.replace(self.folder / "shown")

    def grow(self) -> None:
        """Both go on, each in its own way."""
        self.true.grow(b"true %d" % self.true.size)
        self.false.grow(b"false %d" % self.false.size)

    def cosign(self, checkpoint: Path) -> None:
        """Sign our checkpoint, and show that beside both histories."""
        if checkpoint.exists():
            for history in (self.true, self.false):
                history.cosigns(checkpoint.read_text("utf-8"))

    def serve(self) -> None:
        """Answer until killed; say where."""
        handler = partial(_Quiet, directory=str(self.folder / "shown"))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            place = self.folder / "port.partial"
            place.write_text(str(server.server_port))
            place.rename(self.folder / "port")
            server.serve_forever()

    def settle_in(self) -> None:
        """Both installations name each other, and we cosign what is there."""
        while not (self.folder / "port").exists():
            os.sched_yield()
        url = f"http://127.0.0.1:{(self.folder / 'port').read_text()}"
        told = {"url": url, "by": SYSTEM, "organisation": "qingxi"}
        asking.look(workflow.watch(vkey=self.true.vkey, **told))
        key = self.true.cosigner.witness.vkey
        workflow.trust(vkey=key, own=queries.witness(), **told)
        self.grow()
        _ask()

    def meet(self, death: str, *, lie: bool) -> None:
        """Do a witness's round, and die at ``death``. A ``lie`` was told before."""
        _die_at(death)
        if lie:
            self.show("false")
            found = asking.look(queries.watched().get())
            self.show("true")
            if found.trouble != Trouble.FORKED:
                raise AssertionError(f"two histories were not told apart: {found.trouble}")
        _ask()
        cron._publish()

    def faults(self, given: list[str], heard: list[str]) -> Iterator[str]:
        """What is wrong with what we gave away, and with what we say the neighbour signed."""
        _ask()
        jobs.publish()
        row = queries.watched().get()
        yield from _not_one_history([*given, row.note], queries.witness(), self.true.store.root)
        if (Path(settings.HOME.log) / witness_place(row.origin)).read_text("utf-8") != row.note:
            yield "the cosigned checkpoint on the board is not the one that is remembered"
        newest = (Path(settings.HOME.log) / NEWEST).read_text("utf-8")
        signer = self.true.cosigner.witness
        yield from _not_one_history([*heard, newest], signer, PUBLIC.store.root)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _ask() -> tuple[WatchedLog, object]:
    return asking.look(queries.watched().get()), asking.hear(queries.trusted().get())


def _die_at(death: str) -> None:
    """From now on this process dies right after, or for the file right before, ``death``."""
    _after(asking, "extends", death == "witness checked")
    _after(Cosigner, "cosign", death == "witness signed")
    _after(workflow, "cosign", death == "witness stored")
    _after(workflow, "take", death == "witness heard")
    if death == "witness exposing":
        Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)


def _after(owner: Any, name: str, here: bool) -> None:
    done: Callable[..., Any] = getattr(owner, name)

    def then_die(*given: Any, **named: Any) -> Any:
        done(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    if here:
        setattr(owner, name, then_die)


def _not_one_history(notes: list[str], key: Witness, root: Callable[[int], bytes]) -> Iterator[str]:
    """What is wrong with the notes that ``key`` cosigned, as they stood there one after another."""
    size = at = 0
    for note in notes:
        checkpoint = Checkpoint.parse(split_note(note)[0])
        signed = cosignatures(note, [key])
        if not signed:
            yield f"the checkpoint of {checkpoint.size} stands there without {key.name}"
            continue
        if checkpoint.root != root(checkpoint.size):
            yield f"{key.name} signed another history at {checkpoint.size}"
        if checkpoint.size < size or signed[0].at < at:
            yield f"{key.name} went back from {size} to {checkpoint.size}"
        size, at = checkpoint.size, signed[0].at
