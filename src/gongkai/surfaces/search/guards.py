"""How often one network may ask. In memory: a search must not cost a write in the database."""

import threading
import time

STEADY, AT_ONCE = 4.0, 240.0
"""Questions a second in the long run, and how many at once: a village behind one address, each
looking for something as they type, gets through; a robot that copies the index does not."""
NETWORKS = 10_000
"""Networks that are remembered; when there are more, all begin anew."""

_left: dict[str, tuple[float, float]] = {}
_lock = threading.Lock()


def too_many(network: str) -> bool:
    """Whether this network has asked too often; if not, this question is counted."""
    now = time.monotonic()
    with _lock:
        if network not in _left and len(_left) >= NETWORKS:
            _left.clear()
        left, at = _left.get(network, (AT_ONCE, now))
        left = min(AT_ONCE, left + (now - at) * STEADY)
        if left < 1:
            _left[network] = (left, now)
            return True
        _left[network] = (left - 1, now)
        return False
