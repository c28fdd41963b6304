"""A reader of the board: asks its handler in this process, without a network."""

from pathlib import Path

from gongkai.config.serving import Board

Answer = tuple[int, dict[str, str], bytes]


class Reader:
    """Asks the board in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.board = Board(folder)

    def get(self, address: str, **headers: str) -> Answer:
        """Status, headers and body of a page; headers are named as WSGI names them."""
        told: list[tuple[str, list[tuple[str, str]]]] = []
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": address, **headers}
        body = b"".join(self.board(environ, lambda *said: told.append(said)))
        return int(told[0][0][:3]), dict(told[0][1]), body
