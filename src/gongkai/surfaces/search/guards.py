"""How often one network may ask. In memory: a search must not cost a write in the database."""

from gongkai.foundation.core.pace import Pace

ASKING = Pace(steady=4.0, at_once=240.0)
"""Questions a second in the long run, and how many at once: a village behind one address, each
looking for something as they type, gets through; a robot that copies the index does not."""
ALIKE = Pace(steady=2.0, at_once=120.0)
"""The same for what is like a voice while it is written: one question for each pause in typing."""


def too_many(network: str) -> bool:
    """Whether this network has asked too often; if not, this question is counted."""
    return bool(ASKING.wait(network))
