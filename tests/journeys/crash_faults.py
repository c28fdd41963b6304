"""What the crash harness looks for when all is over, and what a new keeper looks for before."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from tests.journeys.crash import Outcome

from gongkai.foundation.ledger import logs
from gongkai.foundation.ledger.audit import altered_acts
from gongkai.foundation.ledger.models import Act, PublicRecord
from gongkai.foundation.ledger.queries import exposed_records, head, unlogged
from gongkai.foundation.translog.checkpoint import open_checkpoint
from gongkai.foundation.translog.merkle import leaf_hash
from gongkai.foundation.translog.note import Verifier
from gongkai.foundation.translog.tiles import WIDTH, Tile
from gongkai.foundation.translog.verify import verify_log
from gongkai.procedure.archive import folders
from gongkai.procedure.archive.models import Filing
from gongkai.procedure.feedback import queries as feedback
from gongkai.procedure.publication.models import Withdrawal
from gongkai.surfaces.board import build as board
from gongkai.surfaces.board import check


def faults(outcome: Outcome, steps: int) -> Iterator[str]:
    """Every promise of the installation that was not kept; an item opens in ``steps``."""
    yield from log_faults(logs.PUBLIC, outcome.notes)
    yield from log_faults(logs.OFFICE, outcome.office_notes)
    yield from act_faults()
    yield from board_faults()
    for address in outcome.planned | outcome.withdrawn:
        yield from (f"{address} {fault}" for fault in item_faults(address, steps))
    kept = set(Withdrawal.objects.values_list("disclosure__address", flat=True))
    yield from (f"{address} the withdrawal was lost" for address in outcome.withdrawn - kept)
    yield from archive_faults(outcome.filed)
    yield from voice_faults(outcome.spoken)
    twice = PublicRecord.objects.filter(kind="release", version__gt=steps)
    yield from (f"{record.subject} opened twice" for record in twice)


def tiles_faults(log: logs.Log) -> Iterator[str]:
    """What is wrong where a keeper was killed: a checkpoint signed, or exposed, without its tiles.

    Looked at before anything is repaired. The last bundle's entries must be those of its tile.
    """
    notes = (head(log.name).note, log.store.read_checkpoint() or "")
    for note in filter(None, notes):
        signed = open_checkpoint(note, *log.verifiers)
        if log.store.root(signed.size) != signed.root:
            yield f"the {log.name} log signed {signed.size} without its tiles"
        number, width = divmod(signed.size - 1, WIDTH)
        entries = log.store.bundle(Tile(None, number, width + 1))
        if list(map(leaf_hash, entries)) != log.store.tile(Tile(0, number, width + 1)):
            yield f"the {log.name} log signed {signed.size} without its entries"


def log_faults(log: logs.Log, notes: list[str]) -> Iterator[str]:
    """What an outsider finds wrong: in the log itself, or against the checkpoints it kept."""
    vkey = (log.folder / "vkey").read_text().strip()
    yield from verify_log(log.folder, vkey).faults
    verifier, size = Verifier.parse(vkey), 0
    for note in notes:
        kept = open_checkpoint(note, verifier)
        if log.store.root(kept.size) != kept.root:
            yield f"the {log.name} log no longer extends the checkpoint of {kept.size}"
        if kept.size < size:
            yield f"the {log.name} log went back from {size} to {kept.size}"
        size = kept.size


def act_faults() -> Iterator[str]:
    """What the auditor finds wrong: acts that the office log lacks, or tells otherwise."""
    size = head(logs.OFFICE.name).exposed_size
    yield from (str(finding) for finding in altered_acts(size, size))
    if left := unlogged():
        yield f"{left} acts are not in the office log"


def left_behind() -> Iterator[str]:
    """What keepers left wrong on the board, but for what they wrote when they were killed."""
    wrong = (path for path in check.check().wrong if not path.endswith(".partial"))
    yield from (f"{path} is not what the records say after the last keeper" for path in wrong)


def board_faults() -> Iterator[str]:
    """What is wrong with the board after the killed builds, once one has come to its end."""
    board.build(hands=2)
    yield from (f"{path} is not what the records say" for path in check.check().wrong)


def archive_faults(filed: set[str]) -> Iterator[str]:
    """What is wrong with the 件: each acknowledged one stands, whole, with its list."""
    rows = Filing.objects.filter(disclosure__address__in=filed).select_related("disclosure")
    found = {filing.disclosure.address: filing for filing in rows}
    yield from (f"{address} the filing was lost" for address in sorted(filed - set(found)))
    for address, filing in found.items():
        if filing.written_at is None:
            yield f"{address} was filed and has no folder"
        else:
            wrong = folders.faults(folders.folder_of(filing))
            yield from (f"{path} is {what}" for path, what in wrong)


def voice_faults(spoken: set[str]) -> Iterator[str]:
    """What is wrong with the voices: each for which a code was shown is there, once."""
    received = Counter(Act.objects.filter(verb="case.receive").values_list("subject", flat=True))
    yield from (f"{subject} was received twice" for subject, n in received.items() if n > 1)
    for code in spoken:
        case = feedback.by_receipt(code)
        if case is None:
            yield f"the voice with the code {code} was lost"


def item_faults(address: str, steps: int) -> Iterator[str]:
    """What is wrong with one acknowledged item, looking at its records and its page."""
    kinds = sorted(exposed_records().filter(subject=address).values_list("kind", flat=True))
    taken_back = Withdrawal.objects.filter(disclosure__address=address).exists()
    filed = ["filing"] if Filing.objects.filter(disclosure__address=address).exists() else []
    if kinds != filed + (["withdrawal"] if taken_back else ["release"] * steps):
        yield f"has the open records {kinds}"
    page = Path(settings.HOME.board) / f"i/{address}.html"
    if not page.exists():
        yield "has no page"
        return
    if ("<!--sealed-->" in page.read_text("utf-8")) == taken_back:
        yield "has a page that shows the wrong thing"
    for twin in (page.with_name(f"{page.name}.br"), page.with_name(f"{page.name}.gz")):
        if twin.exists() and twin.stat().st_mtime_ns != page.stat().st_mtime_ns:
            yield f"has the stale twin {twin.name}"
