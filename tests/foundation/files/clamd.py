"""A small clamd: the far edge of the network, speaking INSTREAM as the real one does."""

import socketserver
import struct
import threading
from contextlib import contextmanager

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Clamd(socketserver.StreamRequestHandler):
    def handle(self):
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        data = b""
        while (size := struct.unpack(">I", self.rfile.read(4))[0]) > 0:
            data += self.rfile.read(size)
            if len(data) > self.server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(data)
        found = b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
        self.wfile.write(self.server.answer or found)


@contextmanager
def clamd(path, limit=1_000_000, answer=b""):
    """The scanner at a socket, until the block ends; ``answer`` instead of what it would say."""
    with socketserver.UnixStreamServer(str(path), _Clamd) as server:
        server.limit, server.answer, server.seen = limit, answer, []
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
