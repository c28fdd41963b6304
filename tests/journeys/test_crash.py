"""The crash harness, twenty deaths at a time. ``make crash`` does a thousand."""

import random
import subprocess
import sys

KILLS = 20


def test_nothing_acknowledged_is_lost_to_kill_9(capsys):
    seed = str(random.SystemRandom().randrange(10**6))
    with capsys.disabled():
        print(f" seed {seed} ", end="", flush=True)
    command = [sys.executable, "-m", "tests.journeys.crash", "--kills", str(KILLS), "--seed", seed]
    run = subprocess.run(command, text=True, capture_output=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"deaths {KILLS} " in run.stdout
