"""The crash harness, twenty deaths at a time. ``make crash`` does a thousand."""

import os
import subprocess
import sys

import pytest

KILLS = 20


@pytest.mark.long
def test_nothing_acknowledged_is_lost_to_kill_9():
    command = [sys.executable, "-m", "tests.journeys.crash", "--kills", str(KILLS)]
    command += ["--seed", os.environ["CRASH_SEED"]]
    # In a session of its own: whatever it kills, it is none of ours.
    run = subprocess.run(
        command, text=True, capture_output=True, check=False, start_new_session=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"deaths {KILLS} " in run.stdout
