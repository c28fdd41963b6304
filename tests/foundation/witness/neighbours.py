"""Neighbours for a test: logs and witnesses as folders, served on a free port, or misbehaving."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from gongkai.foundation.core import canonical, entries
from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.cosignature import Cosigner
from gongkai.foundation.translog.keylist import COMPROMISED, LIST, LIST_FORMAT, ROTATED
from gongkai.foundation.translog.note import Signer, sign_note
from gongkai.foundation.translog.proof import Proof
from gongkai.foundation.translog.store import TileStore


class Neighbour:
    """Another installation's board: its log, and what it cosigned."""

    def __init__(self, folder: Path, origin: str = "other.test/log") -> None:
        self.folder = folder
        self.signer = Signer(origin, sha256(origin.encode()).digest())
        self.cosigner = Cosigner(f"{origin}/witness", sha256(f"w {origin}".encode()).digest())
        self.store = TileStore(folder / "log")
        self.size = 0

    @property
    def vkey(self) -> str:
        return self.signer.verifier.vkey

    def grow(self, *entries: bytes) -> Checkpoint:
        """Append and expose."""
        self.store.write(self.size, entries)
        self.size += len(entries)
        return self.expose(self.size)

    def expose(self, size: int, *, signer: Signer | None = None, root: bytes = b"") -> Checkpoint:
        """Put any checkpoint in place, however false."""
        root = root or self.store.root(size)
        made = Checkpoint(self.signer.verifier.name, size, root)
        self.store.folder.mkdir(parents=True, exist_ok=True)
        (self.store.folder / "checkpoint").write_text((signer or self.signer).sign(made.text()))
        return made

    def changes_key(self, change: str = ROTATED) -> Signer:
        """Announce another key in the log, and sign with it from then on; returns the one before.

        The list is as ``ledger/keyring.py`` writes it once the old key is retired, or was stolen.
        """
        old, stolen, before = self.signer, change == COMPROMISED, self.size
        new = Signer(old.verifier.name, sha256(old.skey.encode()).digest())
        said = {"change": change, "new": new.verifier.vkey, "old": old.verifier.vkey}
        body = canonical.encode({**said, "size": before if stolen else 0}).decode()
        facts = {
            "audience": ["public"],
            "digest": canonical.digest(body.encode()),
            "index": before,
            "kind": "key",
            "organisation": "other",
            "salt": "00" * 32,
            "subject": "log-key",
            "time": "2026-01-01T00:00:00Z",
            "version": 1,
        }
        made = self.grow(entries.entry(facts))
        note = sign_note(made.text(), [new] if stolen else [old, new])
        proof = Proof.make(before, note, self.store.hash_reader(self.size)).text()
        since, until = (before, before) if stolen else (before + 1, before + 1)
        link = {"body": body, "facts": facts, "proof": proof}
        keys = [
            {"bad": stolen, "link": None, "since": 0, "until": until, "vkey": old.verifier.vkey},
            {"bad": False, "link": link, "since": since, "until": None, "vkey": new.verifier.vkey},
        ]
        told = {"format": LIST_FORMAT, "keys": keys, "origin": old.verifier.name}
        (self.store.folder / LIST).write_bytes(canonical.encode(told))
        self.signer = new
        self.expose(self.size)
        return old

    def cosigns(self, note: str, at: float | None = None, *, by: Cosigner | None = None) -> str:
        """Sign a log's note, and put it where a witness does; returns it."""
        text = note.rpartition("\n\n")[0] + "\n"
        line = (by or self.cosigner).cosign(text, int(time.time() if at is None else at))
        place = sha256(text.partition("\n")[0].encode()).hexdigest()
        file = self.folder / "log/witness" / place / "checkpoint"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(note + line)
        return note + line


@contextmanager
def answering(answer) -> Iterator[str]:
    """A server that lets ``answer(handler)`` do to each question whatever it likes."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
