"""The web process is killed under many voices at once: each receipt that was shown finds its case.

A real server, real connections, a real SIGKILL of the whole process group, on the database under
test. Whoever was cut off sends their confirmation page again, and has one case, not two,
and one letter to come.
"""

import os
import random
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from tests.config.served import free_port, running
from tests.journeys.speaking import Voice, speak, without_end

from gongkai.config.keys import make_keys
from gongkai.foundation.ledger.models import Act
from gongkai.procedure.feedback import queries
from gongkai.procedure.feedback.models import Case, Contact, Tiding

RESIDENTS, ENOUGH = 12, 30
LONGEST = 30.0
ASSETS = "gongkai.foundation.ui.assets.Assets"
"""What the real server asks for the names of its assets; the suite's own storage keeps no list."""


@pytest.fixture
def web(home, transactional_db, settings):
    """``web(port)``: the web process of this home, on the database under test."""
    make_keys(home, settings.LOG_ORIGIN)
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": ASSETS}}):
        call_command("collectstatic", interactive=False, verbosity=0)
    name, server = str(connection.settings_dict["NAME"]), os.environ["DATABASE_URL"]
    if server:
        server = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    else:
        home.database.unlink()
        home.database.symlink_to(name)

    @contextmanager
    def started(port):
        command = ["setsid", sys.executable, "-m", "gongkai.config.web", "127.0.0.1", str(port)]
        around = {
            "GONGKAI_HOME": str(home.path),
            "SECRET_KEY": settings.SECRET_KEY,
            "MAIL_URL": "smtp://mail.invalid",
        }
        with running(port, command, DATABASE_URL=server, **around) as process:
            yield process

    return started


def killed_under_voices(web, port, chance) -> list[Voice]:
    """Everybody speaks as fast as it goes, until the server dies; what each of them holds."""
    until, said = time.monotonic() + LONGEST, []

    def resident(_number):
        said.extend(without_end(port, until))

    with web(port) as server, ThreadPoolExecutor(RESIDENTS) as residents:
        busy = [residents.submit(resident, number) for number in range(RESIDENTS)]
        while sum(bool(voice.code) for voice in list(said)) < ENOUGH:
            assert time.monotonic() < until, said
            time.sleep(0.005)
        time.sleep(chance.random() / 5)
        os.killpg(server.pid, signal.SIGKILL)
        for each in busy:
            each.result()
        assert server.wait() == -signal.SIGKILL
    return said


def test_every_receipt_that_was_shown_finds_its_case(web, qingxi):
    chance, port = random.Random(int(os.environ["CRASH_SEED"])), free_port()
    said = killed_under_voices(web, port, chance)
    shown = [voice.code for voice in said if voice.code]
    cut_off = [voice for voice in said if voice.token and not voice.code]
    assert len(shown) >= ENOUGH
    assert cut_off != []
    with web(port):
        again = [speak(port, voice) for voice in cut_off]
    codes = [*shown, *(voice.code for voice in again)]
    found = {queries.by_receipt(code) for code in codes}
    assert None not in found
    assert len(found) == len(set(codes)) == len(codes)
    cases = Case.objects.filter(organisation=qingxi)
    assert found == set(cases)
    numbers = sorted(
        int(number.partition("-")[2]) for number in cases.values_list("number", flat=True)
    )
    assert numbers == list(range(1, len(codes) + 1))
    assert {case.promised is None for case in cases} == {False}
    for rows in (Act.objects.filter(verb="case.receive"), Contact.objects, Tiding.objects):
        assert rows.count() == len(codes)
