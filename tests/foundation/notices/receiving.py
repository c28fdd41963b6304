"""A receiver on this machine, whose answers a test decides."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gongkai.foundation.core import outward


@dataclass
class Receiver:
    """What came, and the status that is answered next."""

    address: str = ""
    status: int = 200
    came: list = field(default_factory=list)

    def seqs(self) -> list[str]:
        """The names of what came since; then the tray is empty."""
        found = [headers["webhook-id"] for headers, _body in self.came]
        self.came.clear()
        return found


@pytest.fixture
def receiver(settings):
    settings.HOOKS_INSIDE = outward.networks("127.0.0.1")
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.came.append((dict(self.headers), body))
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        made.address = f"http://127.0.0.1:{server.server_port}/in?token=hush"
        yield made
        server.shutdown()
