"""The files in which a log hands out what witnesses signed.

``cosigned/checkpoint`` is the newest checkpoint with a cosignature. The others keep, for ever, the
first moment at which each size was cosigned: file ``cosigned/x001/234`` holds the checkpoints of
the sizes that end in that bundle of 256 entries. So whoever has an entry finds the earliest
cosigned checkpoint that covers it, in a file whose name follows from the entry's index.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.note import split_note
from gongkai.foundation.translog.remote import Read
from gongkai.foundation.translog.tiles import WIDTH, bundle_path

CHECKPOINT = "/checkpoint"
NEWEST = f"cosigned{CHECKPOINT}"
FAR = 16
"""Files that are looked through; where no witness signed for so long, the newest has to do."""


def log_address(url: str) -> str:
    """Where a log begins: a board's ``/log``, or what stands before ``/checkpoint``."""
    url = url.rstrip("/")
    return url.removesuffix(CHECKPOINT) if url.endswith(CHECKPOINT) else f"{url}/log"


def witness_place(origin: str) -> str:
    """Where a witness puts what it cosigned of the log ``origin``, relative to its own log."""
    return f"witness/{sha256(origin.encode()).hexdigest()}{CHECKPOINT}"


def number(size: int) -> int:
    """The file that holds the cosigned checkpoints of ``size``."""
    return (size - 1) // WIDTH


def place(number: int) -> str:
    """Where a file stands, relative to the log."""
    return "cosigned/" + bundle_path(number).removeprefix("tile/entries/")


def packed(notes: Mapping[int, tuple[str, Iterable[str]]]) -> bytes:
    """The bytes of a file: by size, the log's own note and the witnesses' lines."""
    told = (note + "".join(lines) for _size, (note, lines) in sorted(notes.items()))
    return "\n".join(told).encode()


def unpacked(data: bytes) -> list[str]:
    """The notes in a file, smallest first, none verified. ``ValueError`` when it holds others."""
    parts = data.decode().removesuffix("\n").split("\n\n") if data else []
    if len(parts) % 2:
        raise ValueError("no file of cosigned checkpoints")
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [f"{text}\n\n{signatures}\n" for text, signatures in pairs]


def earliest(read: Read, index: int, size: int) -> str | None:
    """The first cosigned checkpoint that covers entry ``index`` of a log of ``size``, unverified.

    None where no witness has signed so far. ``ValueError`` when a file is none.
    """
    last = min(number(size), index // WIDTH + FAR)
    for each in range(index // WIDTH, last + 1):
        for note in unpacked(read(place(each)) or b""):
            if size_of(note) > index:
                return note
    newest = read(NEWEST)
    if newest is not None and size_of(note := newest.decode()) > index:
        return note
    return None


def size_of(note: str) -> int:
    """How many entries a checkpoint has that nobody has verified yet."""
    return Checkpoint.parse(split_note(note)[0]).size
