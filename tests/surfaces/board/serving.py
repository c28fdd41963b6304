"""The board as its own handler serves it, on a free port of this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from gongkai.config.serving import Board


class Server(ThreadingMixIn, WSGIServer):
    """One thread a request: a browser asks for several things at once."""

    daemon_threads = True
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def served(folder) -> Iterator[str]:
    """The address at which ``folder`` is served."""
    with make_server("127.0.0.1", 0, Board(folder), server_class=Server, handler_class=Quiet) as it:
        Thread(target=it.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{it.server_port}"
        it.shutdown()


def dress(home) -> None:
    """Put the style sheets where pages look for them."""
    for package in ("gongkai.foundation.ui", "gongkai.surfaces.board"):
        shutil.copytree(str(files(package) / "static"), home.assets, dirs_exist_ok=True)
