"""Where each key of a TOML text stands: ``tomllib`` gives values, an author needs line numbers."""

import re

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_ESCAPES = re.compile(r"\\(?:\r?\n|.)", re.DOTALL)


def lines_of(source: str) -> dict[Path, int]:
    """The line of every header, key and list item of ``source``, which ``tomllib`` has accepted."""
    return _Scanner(source).lines


class _Scanner:
    """One walk through a valid text. ``place`` is the table whose keys come next."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        place: Path = ()
        self._skip(_BLANK)
        while self.at < len(source):
            place = self._header() if source[self.at] == "[" else self._pair(place)
            self._skip(_BLANK)

    def _header(self) -> Path:
        many = self.source.startswith("[[", self.at)
        line = self._line()
        self.at += 2 if many else 1
        names = self._key()
        self.at += 2 if many else 1
        path: Path = ()
        for name in names[:-1]:
            path = self._inside((*path, name))
        path = (*path, names[-1])
        if many:
            self.lines.setdefault(path, line)
            self.counts[path] = self.counts.get(path, -1) + 1
            path = self._inside(path)
        self.lines.setdefault(path, line)
        return path

    def _inside(self, path: Path) -> Path:
        """The last item of a list of tables, or the table itself."""
        return (*path, self.counts[path]) if path in self.counts else path

    def _pair(self, place: Path) -> Path:
        line = self._line()
        path = place
        for name in self._key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)
        return place

    def _key(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            if self.source[self.at] in "\"'":
                names.append(self._string())
            else:
                names.append(self._skip(_BARE))
            self._skip(_SPACE)
            if self.source[self.at] != ".":
                return names
            self.at += 1

    def _value(self, path: Path) -> None:
        match self.source[self.at]:
            case "[":
                self._list(path)
            case "{":
                self._table(path)
            case '"' | "'":
                self._string()
            case _:
                self._skip(_SCALAR)

    def _list(self, path: Path) -> None:
        self.at += 1
        number = 0
        while not self._ends("]"):
            self.lines[(*path, number)] = self._line()
            self._value((*path, number))
            number += 1

    def _table(self, path: Path) -> None:
        self.at += 1
        while not self._ends("}"):
            self._pair(path)

    def _ends(self, close: str) -> bool:
        """Whether the list or table ends here; steps over what stands before the next item."""
        self._skip(_BLANK)
        if self.source[self.at] == ",":
            self.at += 1
            self._skip(_BLANK)
        ends = self.source[self.at] == close
        self.at += ends
        return ends

    def _string(self) -> str:
        quote = self.source[self.at]
        mark = quote * 3 if self.source.startswith(quote * 3, self.at) else quote
        start = self.at = self.at + len(mark)
        while not self.source.startswith(mark, self.at):
            escape = _ESCAPES.match(self.source, self.at) if quote == '"' else None
            self.at = escape.end() if escape else self.at + 1
        if len(mark) == 3:  # up to two quotes may stand right before the closing three
            while self.source.startswith(quote, self.at + 3):
                self.at += 1
        text = self.source[start : self.at]
        self.at += len(mark)
        return text

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        assert found is not None
        self.at = found.end()
        return found.group()

    def _line(self) -> int:
        return self.source.count("\n", 0, self.at) + 1
