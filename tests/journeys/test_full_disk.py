"""A full and a read-only disk at every step, on a file system of its own."""

import subprocess
import sys

import pytest


def test_a_full_or_closed_disk_loses_nothing_and_says_so():
    command = [sys.executable, "-m", "tests.journeys.full_disk"]
    run = subprocess.run(command, text=True, capture_output=True, check=False)
    if run.returncode == 77:
        pytest.skip("no right to mount a small file system")
    assert run.returncode == 0, run.stdout + run.stderr
    for words in (
        "full at tiles: OSError",
        "full at pages: OSError",
        "read-only at tiles: OSError",
    ):
        assert words in run.stdout
