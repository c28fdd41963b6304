"""The web server as a process of its own, started by the supervisor."""

import sys

from gongkai.config import process
from gongkai.config.wsgi import THREADS


def serve(host: str, port: int) -> None:
    """Serve board and office until told to stop."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        "gongkai.config.wsgi:build",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,  # the default maps far too much memory
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=5,
    ).serve()


if __name__ == "__main__":
    process.follow_supervisor()
    serve(sys.argv[1], int(sys.argv[2]))
