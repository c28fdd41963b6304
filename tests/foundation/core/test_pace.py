"""So many at once, then so many a second, for each name apart."""

import pytest

from gongkai.foundation.core import pace
from gongkai.foundation.core.pace import Pace


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    return now


def test_so_many_at_once_and_then_at_their_pace(clock):
    own = Pace(steady=0.5, at_once=2.0)
    assert [own.wait("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    assert own.wait("b") == 0.0
    clock[0] += 1.5
    assert own.wait("a") == 0.5
    clock[0] += 0.5
    assert [own.wait("a"), own.wait("a")] == [0.0, 2.0]
    own.forget()
    assert own.wait("a") == 0.0


def test_a_clock_set_back_takes_nothing_away(clock):
    own = Pace(steady=1.0, at_once=2.0)
    assert own.wait("a") == 0.0
    clock[0] -= 1_000_000
    assert own.wait("a") == 0.0
    assert own.wait("a") == 1.0


def test_so_many_names_are_remembered_and_no_more(clock, monkeypatch):
    monkeypatch.setattr(pace, "REMEMBERED", 2)
    own = Pace(steady=0.0, at_once=1.0)
    assert [own.wait(name) for name in "aba"] == [0.0, 0.0, float("inf")]
    assert [own.wait(name) for name in "ca"] == [0.0, 0.0]
