"""Check a whole log: every entry, every tile, the root and the signature, from the files alone.

Streams over the bundles, so memory stays the same at a thousand entries and at a billion. Meant
for anyone who holds a copy of the folder and the published key; needs no database.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.foundation.translog.checkpoint import Checkpoint, OtherOrigin, open_checkpoint
from gongkai.foundation.translog.merkle import HASH_SIZE, fold, leaf_hash, subtree_root
from gongkai.foundation.translog.note import UnknownSigner, Verifier, WrongSignature
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.tiles import WIDTH, Tile, split_tile, unpack_bundle

Translate = Callable[[str], str]
Progress = Callable[[int, int], None]
"""``progress(done, total)`` in entries, called after each bundle."""

_MOST_FAULTS = 100


@dataclass
class Report:
    """What was checked and what is wrong: each fault a sentence for the reader."""

    checkpoint: Checkpoint | None = None
    entries: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether all was checked and nothing is wrong."""
        return self.checkpoint is not None and not self.faults


def verify_log(
    folder: Path,
    *vkeys: str,
    origin: str = "",
    progress: Progress | None = None,
    gettext: Translate = str,
) -> Report:
    """Recompute the log in ``folder`` and compare it with the checkpoint signed by one of
    ``vkeys``: a log whose key was replaced has several.

    Entries are taken as they stand and all above is recomputed from them; where a bundle is
    unreadable the tile's hashes stand in, so that the rest is still checked. Stops at a hundred
    faults. ``ValueError`` when one is no key; everything else is in the report.
    """
    verifiers = list(map(Verifier.parse, vkeys))
    return _Check(TileStore(folder), gettext).run(verifiers, origin, progress)


class _Check:
    """One run over a log: the hashes of the last, still open tile of each level."""

    def __init__(self, store: TileStore, gettext: Translate) -> None:
        self._store = store
        self.gettext = gettext
        self._report = Report()
        self._open: list[list[bytes]] = []
        self._closed: list[int] = []

    def run(self, verifiers: Sequence[Verifier], origin: str, progress: Progress | None) -> Report:
        report, checkpoint = self._report, self._signed(verifiers, origin)
        if checkpoint is None:
            return report
        report.checkpoint = checkpoint
        for start in range(0, checkpoint.size, WIDTH):
            width = min(WIDTH, checkpoint.size - start)
            leaves = self._leaves(start // WIDTH, width)
            if leaves is None or len(report.faults) >= _MOST_FAULTS:
                self._fault(self.gettext("检查到此为止，后面的没有检查。"))
                return report
            self._add(0, leaves)
            report.entries += width
            if progress:
                progress(report.entries, checkpoint.size)
        for level, hashes in enumerate(self._open[1:], 1):
            if hashes:
                self._compare(level, hashes)
        if fold(self._edge()) != checkpoint.root:
            self._fault(self.gettext("由全部记录重新算出的根，与签名的检查点不一致。"))
        return report

    def _signed(self, verifiers: Sequence[Verifier], origin: str) -> Checkpoint | None:
        """The checkpoint, or None and a fault: without it nothing can be compared."""
        _ = self.gettext
        try:
            note = self._store.read_checkpoint()
            if note is not None:
                return open_checkpoint(note, *verifiers, origin=origin)
            self._fault(_("缺少文件checkpoint，没有签名的检查点。"))
        except UnknownSigner:
            self._fault(_("检查点上没有%(name)s用这把公钥所作的签名。"), name=verifiers[0].name)
        except WrongSignature:
            self._fault(_("检查点的签名与内容不符，内容或签名被改动过。"))
        except OtherOrigin as error:
            self._fault(_("检查点属于另一个日志：%(origin)s。"), origin=error.origin)
        except ValueError:
            self._fault(_("文件checkpoint不是签名的检查点。"))
        return None

    def _leaves(self, index: int, width: int) -> list[bytes] | None:
        """The leaf hashes of one bundle, from its entries or else its tile; None without both."""
        entries = self._entries(Tile(None, index, width))
        tile = Tile(0, index, width)
        written = self._hashes(tile)
        if entries is None:
            return written
        leaves = list(map(leaf_hash, entries))
        if written is not None and written != leaves:
            place = next(at for at in range(width) if written[at] != leaves[at])
            self._fault(
                self.gettext("序号%(index)d的记录与文件%(path)s里的哈希不一致。"),
                index=index * WIDTH + place,
                path=tile.path,
            )
        return leaves

    def _add(self, level: int, hashes: list[bytes]) -> None:
        """Put hashes at the right of a level; a tile that becomes full is one hash further up."""
        if level == len(self._open):
            self._open.append([])
            self._closed.append(0)
        self._open[level] += hashes
        if len(self._open[level]) == WIDTH:
            full = self._open[level]
            if level:
                self._compare(level, full)
            self._open[level] = []
            self._closed[level] += 1
            self._add(level + 1, [subtree_root(full)])

    def _compare(self, level: int, hashes: list[bytes]) -> None:
        tile = Tile(level, self._closed[level], len(hashes))
        written = self._hashes(tile)
        if written is not None and written != hashes:
            self._fault(self.gettext("文件%(path)s与由记录重新算出的哈希不一致。"), path=tile.path)

    def _edge(self) -> Iterator[bytes]:
        """The complete subtrees that make up the tree, from the right to the left."""
        for hashes in self._open:
            count = len(hashes)
            while count:
                step = count & -count
                yield subtree_root(hashes[count - step : count])
                count -= step

    def _entries(self, bundle: Tile) -> list[bytes] | None:
        found = self._found(bundle)
        if found is None:
            return None
        place, data = found
        try:
            entries = unpack_bundle(data)
        except ValueError:
            self._fault(self.gettext("文件%(path)s不完整，最后一条记录被截断。"), path=place.path)
            return None
        if len(entries) != place.width:
            self._fault(
                self.gettext("文件%(path)s有%(found)d条记录，应当有%(wanted)d条。"),
                path=place.path,
                found=len(entries),
                wanted=place.width,
            )
            return None
        return entries[: bundle.width]

    def _hashes(self, tile: Tile) -> list[bytes] | None:
        found = self._found(tile)
        if found is None:
            return None
        place, data = found
        if len(data) != place.width * HASH_SIZE:
            self._fault(
                self.gettext("文件%(path)s有%(found)d字节，应当有%(wanted)d字节。"),
                path=place.path,
                found=len(data),
                wanted=place.width * HASH_SIZE,
            )
            return None
        return split_tile(data)[: tile.width]

    def _found(self, tile: Tile) -> tuple[Tile, bytes] | None:
        found = self._store.find(tile)
        if found is None:
            self._fault(self.gettext("缺少文件%(path)s。"), path=tile.path)
        return found

    def _fault(self, wording: str, **values: object) -> None:
        self._report.faults.append(wording % values)
