"""Looking at a PDF that somebody holds 核对: what its seal covers, and whether that is unchanged.

Two readers must agree before anything is called whole. The first looks at the bytes alone: one
signature, that covers the file from its first byte to its last, but for the hexadecimal digits of
the signature itself. The second reads the PDF as programs do, and must find that very signature,
certifying, with no change allowed. Whoever shows one thing to people and another to checkers fails
with one of them. Without Django; what strangers hand in is read in a process of its own (child).
"""

import hashlib
import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

HEAD = 1024
"""A PDF begins within so many bytes."""
SIGNATURES = 16
"""More are not looked at: a file that has so many is none of ours."""
LONGEST = 64 * 1024
"""Bytes of the largest signature that is looked at."""
_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_HEX = re.compile(rb"<[0-9A-F]+>")
_TRACES = (b"/ETSI.CAdES.detached", b"/Adobe.PPKLite", b"/DocMDP", b"/Type /Sig")
"""What is left where a signature was, when a byte of it was changed."""


class State(StrEnum):
    """What became of the seal in a file (签章状态)."""

    WHOLE = "whole"
    CHANGED = "changed"
    EXTENDED = "extended"
    FOREIGN = "foreign"
    NONE = "none"
    LOCKED = "locked"
    EMPTY = "empty"
    NOT_PDF = "not_pdf"


@dataclass(frozen=True)
class Found:
    """What was found in a file (核对所得). ``certificate`` is the fingerprint of the one that
    sealed, and ``subject`` its name, where one could be told; ``at`` is the moment the seal itself
    claims, ``stamped`` the one a time stamp claims and ``authority`` who gave it; ``added`` is how
    many bytes came after the seal.
    """

    state: State
    digest: str = ""
    certificate: str = ""
    subject: str = ""
    at: str = ""
    stamped: str = ""
    authority: str = ""
    added: int = 0

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True)
class _Candidate:
    """A signature by the bytes: where its digits stand, and where what it covers ends."""

    start: int
    stop: int
    end: int


@dataclass(frozen=True)
class Known:
    """The certificates of this installation by their fingerprints (本站证书): those that seal, and
    those above them, which may stand beside them in a signature.
    """

    sealing: frozenset[str]
    above: frozenset[str] = frozenset()


def examine(file: Path, known: Known) -> Found:
    """What is to be found in ``file``, of which ``known`` says what is ours.

    The file is mapped, never loaded: its size costs time only. ``OSError`` when it cannot be read.
    """
    if file.stat().st_size == 0:
        return Found(State.EMPTY)
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = _examined(data, file, known)
        digest = hashlib.sha256(data).hexdigest()
    return replace(found, digest=digest)


def _examined(data: mmap.mmap, file: Path, known: Known) -> Found:
    if b"%PDF-" not in data[:HEAD]:
        return Found(State.NOT_PDF)
    signatures = list(_signatures(data))
    seen = [(each, _opened(data, each, known)) for each in signatures]
    ours = [(each, found) for each, found in seen if found.certificate in known.sealing]
    if not ours and data.find(b"/Encrypt") >= 0:
        return Found(State.LOCKED)  # we never lock a paper
    if not seen:
        traces = any(data.find(trace) >= 0 for trace in _TRACES)
        return Found(State.CHANGED if traces else State.NONE)
    if not ours:
        return seen[0][1]
    candidate, found = ours[0]
    if found.state is not State.WHOLE:
        return found
    if candidate.end < len(data):
        return replace(found, state=State.EXTENDED, added=len(data) - candidate.end)
    if len(signatures) > 1 or not _agreed(file, candidate):
        return replace(found, state=State.CHANGED)
    return found


def _signatures(data: mmap.mmap) -> Iterator[_Candidate]:
    """What the bytes show as signatures; one whose range makes no sense is one that was changed."""
    for number, match in enumerate(_RANGE.finditer(data)):
        if number >= SIGNATURES:
            return
        first, start, second, length = (int(each) for each in match.groups())
        sane = first == 0 and start < second and second + length <= len(data)
        yield _Candidate(start, second, second + length) if sane else _Candidate(0, 0, 0)


def _opened(data: mmap.mmap, candidate: _Candidate, known: Known) -> Found:
    """The signature itself: who made it, and whether it fits what it covers."""
    digits = data[candidate.start : candidate.stop] if candidate.end else b""
    if len(digits) > 2 * LONGEST or not _HEX.fullmatch(digits):
        return Found(State.CHANGED)
    content = bytes.fromhex(digits[1:-1].decode())
    try:
        return _verified(data, candidate, content, known)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        return Found(State.CHANGED)  # of a structure that no signer leaves behind


def _verified(data: mmap.mmap, candidate: _Candidate, content: bytes, known: Known) -> Found:
    from asn1crypto import cms

    length = _der_length(content)
    signature = cms.ContentInfo.load(content[:length], strict=True)
    signed = signature["content"]
    (signer,) = signed["signer_infos"]
    certificate = _signer_of(signer, signed["certificates"])
    if certificate is None:
        return Found(State.CHANGED)
    mark = hashlib.sha256(certificate.dump()).hexdigest()
    stamped, authority = _stamp(signer)
    found = Found(
        State.CHANGED,
        certificate=mark,
        subject=str(certificate.subject.native.get("common_name", "")),
        at=_claimed(data),
        stamped=stamped,
        authority=authority,
    )
    ours = mark in known.sealing
    clean = _covers(data, candidate, signer, certificate)
    if clean and ours:
        clean = _bare(signed, content[length:], known)
    if not clean:
        return found
    return replace(found, state=State.WHOLE if ours else State.FOREIGN)


def _bare(signed: Any, rest: bytes, known: Known) -> bool:
    """Whether what no signature covers is as we leave it: our own certificates, and noughts."""
    beside = {hashlib.sha256(each.chosen.dump()).hexdigest() for each in signed["certificates"]}
    return not rest.strip(b"\0") and beside <= known.sealing | known.above


def _der_length(content: bytes) -> int:
    """How many bytes the first element takes. ``IndexError`` where there is none."""
    size, head = content[1], 2
    if size & 0x80:
        count = size & 0x7F
        size, head = int.from_bytes(content[2 : 2 + count], "big"), 2 + count
    return head + size


def _signer_of(signer: Any, certificates: Sequence[Any]) -> Any:
    for each in certificates:
        if each.name != "certificate":
            continue
        found = each.chosen
        named = signer["sid"].chosen
        if signer["sid"].name != "issuer_and_serial_number":
            return None
        if (named["issuer"], named["serial_number"].native) == (found.issuer, found.serial_number):
            return found
    return None


def _covers(data: mmap.mmap, candidate: _Candidate, signer: Any, certificate: Any) -> bool:
    """Whether the signature is the certificate's own, over these very bytes."""
    from pyhanko.sign.general import CMSExtractionError
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    covered = hashlib.sha256()
    for start, stop in ((0, candidate.start), (candidate.stop, candidate.end)):
        with memoryview(data) as view, view[start:stop] as part:
            covered.update(part)
    if signer["digest_algorithm"]["algorithm"].native != "sha256":
        return False
    try:
        return all(validate_sig_integrity(signer, certificate, "data", covered.digest()))
    except (SignatureValidationError, CMSExtractionError):
        return False


def _stamp(signer: Any) -> tuple[str, str]:
    """What the time stamp in a signature claims, and who gave it; empty where none fits it."""
    attributes = signer["unsigned_attrs"]
    for each in attributes if attributes.native else ():
        if each["type"].native != "signature_time_stamp_token":
            continue
        token = each["values"][0]["content"]
        info = token["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != "sha256":
            break
        fits = (
            imprint["hashed_message"].native == hashlib.sha256(signer["signature"].native).digest()
        )
        (witness,) = token["signer_infos"]
        authority = _signer_of(witness, token["certificates"])
        if fits and authority is not None and _stamped_by(token, witness, authority):
            said = info["gen_time"].native.astimezone(UTC)
            name = authority.subject.native.get("common_name", "")
            return _moment(said), str(name)
    return "", ""


def _stamped_by(token: Any, witness: Any, authority: Any) -> bool:
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    content = token["encap_content_info"]["content"].contents
    kind = witness["digest_algorithm"]["algorithm"].native
    try:
        digest = hashlib.new(kind, content).digest()
        return all(validate_sig_integrity(witness, authority, "tst_info", digest))
    except SignatureValidationError:
        return False


_CLAIM = re.compile(rb"/M\s*\(D(?::|\\072)(\d{14})(Z|[+-]\d\d|\\053\d\d|\\055\d\d)")


def _claimed(data: mmap.mmap) -> str:
    """The moment that the last signature claims, as the library writes it; empty if unreadable."""
    claims = list(_CLAIM.finditer(data))
    if not claims:
        return ""
    found = claims[-1]
    zone = found[2].decode().replace("\\053", "+").replace("\\055", "-").replace("Z", "+00")
    try:
        said = datetime.strptime(f"{found[1].decode()}{zone}00", "%Y%m%d%H%M%S%z")
    except ValueError:
        return ""
    return _moment(said.astimezone(UTC))


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _agreed(file: Path, candidate: _Candidate) -> bool:
    """Whether a program that reads PDF finds the same signature, and that no change is allowed."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import read_certification_data
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    try:
        with file.open("rb") as opened:
            reader = PdfFileReader(opened, strict=True)
            (embedded,) = reader.embedded_signatures
            bounds = [int(each) for each in embedded.byte_range]
            certified = read_certification_data(reader)
            return (
                bounds == [0, candidate.start, candidate.stop, candidate.end - candidate.stop]
                and embedded.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
                and certified is not None
                and certified.permission == MDPPerm.NO_CHANGES
                and certified.author_sig == embedded.sig_object
            )
    except (PdfError, SignatureValidationError, ValueError, TypeError, KeyError, RecursionError):
        return False
