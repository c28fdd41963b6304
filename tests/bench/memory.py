"""What an installation's processes have for themselves alone, after some use."""

from collections.abc import Iterable
from pathlib import Path
from urllib.request import urlopen

PAGES = ("/", "/all", "/accounts/login/", "/readyz")
LOOKS = 25


def looked_at(port: int) -> None:
    """Let readers and the office ask for some pages, so that everything is loaded."""
    for _ in range(LOOKS):
        for page in PAGES:
            urlopen(f"http://127.0.0.1:{port}{page}", timeout=60).close()


def private_memory(processes: Iterable[int]) -> int:
    """The bytes that would be free if these processes and their children ended (USS)."""
    return sum(map(_private, _with_children(set(processes))))


def _private(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def _with_children(processes: set[int]) -> set[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(stat.parent.name)] = int(rest[1])
    found = set(processes)
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found
