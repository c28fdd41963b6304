"""How often each of many may come, counted in this process's memory: it costs no write."""

import threading
import time

REMEMBERED = 10_000
"""Names that are remembered; when there are more, all begin anew."""


class Pace:
    """So many at once, then so many a second (节奏), for each name apart."""

    def __init__(self, steady: float, at_once: float) -> None:
        self.steady, self.at_once = steady, at_once
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, name: str) -> float:
        """Seconds until ``name`` may come again; 0 when it may now, which is then counted."""
        now = time.monotonic()
        with self._lock:
            if name not in self._left and len(self._left) >= REMEMBERED:
                self._left.clear()
            left, at = self._left.get(name, (self.at_once, now))
            left = min(self.at_once, left + max(0.0, now - at) * self.steady)
            comes = left >= 1
            self._left[name] = (left - comes, now)
        if comes:
            return 0.0
        return (1 - left) / self.steady if self.steady else float("inf")

    def forget(self) -> None:
        """Let everybody begin anew."""
        with self._lock:
            self._left.clear()
