"""How a job on a stranger's file may end, besides in success."""

LOCKED, BROKEN, LARGE = 3, 4, 5
"""Exit statuses: it has a lock; it cannot be opened; it is larger than we show."""


class Stop(Exception):
    """The job ends here, with this exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
