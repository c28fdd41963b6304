"""Fifty voices a second for a minute, against the real web process: what became of each of them.

Each comes from a network of its own, through form and confirmation, at its own moment, whether the
one before has been answered or not. ``--items`` voices in all (3,000: a minute). Lost is a receipt
that was shown and finds no case, or a voice that got no answer at all; both are to be none.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from tests import cast
from tests.bench.measure import Series, series
from tests.config.served import free_port, running
from tests.journeys.speaking import Voice, speak

from gongkai.procedure.feedback import queries
from gongkai.procedure.feedback.models import Case

ITEMS, A_SECOND, LINES = 3000, 50, 600


def run(items: int = ITEMS) -> list[Series]:
    """How many were accepted, refused politely, lost; and how long a resident waited."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    cast.township()
    port = free_port()
    command = [sys.executable, "-m", "gongkai.config.web", "127.0.0.1", str(port)]
    around: dict[str, Any] = {"SECRET_KEY": settings.SECRET_KEY}
    with running(port, command, **around) as server:
        speak(port, Voice())  # what is loaded once does not count
        before = Case.objects.count()
        begun = time.monotonic()
        with ThreadPoolExecutor(LINES) as residents:
            said = list(residents.map(lambda n: _at(port, begun + n / A_SECOND), range(items)))
        took = time.monotonic() - begun
        memory = _most_memory(server.pid)
    shown = [voice for voice in said if voice.code]
    lost = sum(queries.by_receipt(voice.code) is None for voice in shown)
    assert Case.objects.count() - before >= len(shown) - lost
    refused = sum(voice.refused for voice in said if not voice.code)
    return [
        Series("sent a second", "", (items / took,)),
        Series("accepted", "", (len(shown),)),
        Series("refused politely", "", (refused,)),
        Series("without an answer", "", (items - len(shown) - refused,)),
        Series("receipts shown whose case is lost", "", (lost,)),
        Series("memory of the web process at its highest", "MB", (memory,)),
        series("from the form to the receipt", "ms", [voice.seconds for voice in shown]),
    ]


def _most_memory(pid: int) -> float:
    """The most that a process and its children have ever held, in megabytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = Path(f"/proc/{pid}/status").read_text()
    own = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(own) / 1024 + sum(_most_memory(int(child)) for child in children)


def _at(port: int, moment: float) -> Voice:
    """A voice that comes at its moment."""
    time.sleep(max(0.0, moment - time.monotonic()))
    return speak(port, Voice())
