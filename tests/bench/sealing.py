"""Sealing a paper of five pages, and checking it, as the worker and the office do.

Setting the paper is what sealing is compared with: both happen before it is filed. The first seal
of a process also loads the library.
"""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.measure import Series, passed, series
from tests.foundation.seals.conftest import PAPER, WORDS, sealer_of

from gongkai.foundation.paper.composing import compose
from gongkai.foundation.seals import certificates, signing
from gongkai.foundation.seals.examining import Known, examine

ROUNDS, SIGNS = 15, 2700
AT = datetime.now(UTC)


def run() -> list[Series]:
    """Setting, the first seal, the next ones, looking at one."""
    text = {"title": "通知", "text": "正文。" * (SIGNS // 3)}
    made = [compose(PAPER, text, at=AT)]
    setting = [passed(lambda: made.append(compose(PAPER, text, at=AT))) for _ in range(3)]
    sealer = sealer_of("中共青溪镇委员会")
    sealed: list[bytes] = []

    def seal() -> None:
        sealed.append(signing.sealed(made[0], sealer, at=AT, words=WORDS).data)

    first, times = passed(seal), [passed(seal) for _ in range(ROUNDS)]
    marks = [certificates.fingerprint(each) for each in (sealer.certificate, *sealer.chain)]
    known = Known(frozenset(marks[:1]), frozenset(marks[1:]))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sealed.pdf"
        file.write_bytes(sealed[0])
        looked = [passed(lambda: examine(file, known)) for _ in range(ROUNDS)]
    base = series("setting five pages", "ms", setting)
    return [
        Series("bytes of the sealed paper", "", (len(sealed[0]),)),
        base,
        series("the first seal of a process", "ms", [first], base),
        series("a seal", "ms", times, base),
        series("looking at one", "ms", looked, base),
    ]
