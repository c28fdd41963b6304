"""Sealing a PDF 盖签章: a PAdES signature that certifies it, and allows no change.

    PDF/A ──► one appended revision: field, signature over every byte but its own ──► sealed PDF

The page already shows the review mark, so the field itself draws nothing; it stands outside of the
page, where neither PDF/A asks for a picture of it nor PDF/UA for its place in the reading order.
What the paper says of itself stays byte for byte. The same paper, certificate and moment give the
same bytes, unless a time stamp comes in. Without Django.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gongkai.foundation.core.fetching import Unreachable
from gongkai.foundation.seals import stamping
from gongkai.foundation.seals.certificates import Sealer

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfSigner, Signer

FIELD = "GongkaiSeal"
LARGEST = 64 * 1024 * 1024
"""A paper has at most so many bytes: it is held in memory three times."""
_refused: set["Token"] = set()
"""Tokens with a PIN that was wrong: asked again and again, a token locks itself."""
_STAMP_ROOM = 2 * 16 * 1024
"""Hexadecimal digits kept free for the signature when a time stamp is to go into it."""


class Unsealable(Exception):
    """This cannot be sealed; ``reason``: empty, large, unreadable, locked, signed, token."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


@dataclass(frozen=True)
class Token:
    """A key in a token (密码设备): the PKCS#11 module, the token's label, PIN, key's label."""

    module: str
    label: str
    pin: str
    key: str


@dataclass(frozen=True)
class Sealed:
    """A sealed paper. ``stamped`` says whether a time stamp is in it, ``trouble`` why none came."""

    data: bytes
    stamped: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class Words:
    """What stands in the signature for people to read: the field's name, why, and where."""

    field: str
    reason: str
    place: str


def sealed(
    paper: bytes,
    sealer: Sealer,
    *,
    at: datetime,
    words: Words,
    token: Token | None = None,
    stamper: str = "",
) -> Sealed:
    """``paper`` under the certificate of ``sealer``, at the moment ``at``.

    ``stamper`` is the address of a time stamping authority. When it does not answer as it should,
    the paper is sealed without: a seal never waits for others. ``Unsealable`` for what is no paper
    of ours: no PDF, one with a password, one that somebody has signed.
    """
    if not paper:
        raise Unsealable("empty")
    if len(paper) > LARGEST:
        raise Unsealable("large")
    with _signer(sealer, token) as signer:
        if stamper:
            try:
                made = _signed(paper, signer, at, words, stamper)
                return Sealed(made, stamped=True)
            except (Unreachable, stamping.Unstamped) as error:
                return Sealed(_signed(paper, signer, at, words, ""), trouble=str(error))
        return Sealed(_signed(paper, signer, at, words, ""))


def _signed(paper: bytes, signer: "Signer", at: datetime, words: Words, stamper: str) -> bytes:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError

    try:
        return _certified(paper, signer, at, words, stamper)
    except SigningError as error:
        raise Unsealable("signed", str(error)) from error
    except PdfError as error:
        raise Unsealable("unreadable", str(error)) from error


def _certified(paper: bytes, signer: "Signer", at: datetime, words: Words, stamper: str) -> bytes:
    from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata

    told = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=words.reason,
        location=words.place,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    field = SigFieldSpec(
        FIELD,
        readable_field_name=words.field,
        invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
    )
    made = _pdf_signer(at)(
        told, signer, new_field_spec=field, timestamper=stamping.at(stamper) if stamper else None
    )
    room = _STAMP_ROOM if stamper else None
    with ThreadPoolExecutor(1) as thread:  # the library begins a loop, and here one may be running
        data: bytes = (
            thread.submit(made.sign_pdf, _revision(paper, at), bytes_reserved=room)
            .result()
            .getvalue()
        )
    return data


def _revision(paper: bytes, at: datetime) -> "IncrementalPdfFileWriter":
    """What is appended to ``paper``: it takes its number from the paper and the moment, and leaves
    version and metadata as they are, for they say what standard the paper keeps.
    """
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.extensions import DeveloperExtension
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Revision(IncrementalPdfFileWriter):
        def ensure_output_version(self, version: Any) -> None:
            least = min(version, (1, 7))
            super().ensure_output_version(least)  # type: ignore[no-untyped-call]  # theirs

        def register_extension(self, ext: DeveloperExtension) -> None:
            if ext.base_version != "/2.0":  # of PDF 2.0, where PDF/A-2 is of 1.7
                super().register_extension(ext)

        def _update_meta(self) -> None:
            pass

    made = Revision(BytesIO(paper))
    if made.prev.encrypted:
        raise Unsealable("locked")
    number = hashlib.sha256(paper + at.isoformat().encode()).digest()[:16]
    first = made.document_id[0]
    made._document_id = generic.ArrayObject(
        [generic.ByteStringObject(each) for each in (first, number)]
    )
    return made


def _pdf_signer(at: datetime) -> "type[PdfSigner]":
    """A signer of PDF whose clock shows ``at``."""
    from pyhanko.sign.signers import PdfSigner

    class AtItsTime(PdfSigner):
        def init_signing_session(self, *args: Any, **options: Any) -> Any:
            session = super().init_signing_session(*args, **options)
            session.system_time = at
            return session

    return AtItsTime


@contextmanager
def _signer(sealer: Sealer, token: Token | None) -> Iterator["Signer"]:
    from asn1crypto import keys, pem, x509
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def der(text: str) -> bytes:
        content: bytes = pem.unarmor(text.encode())[2]
        return content

    first, *above = (x509.Certificate.load(der(each)) for each in _all(sealer))
    if token is not None:
        with _from_token(token, first, above) as signer:
            yield signer
        return
    held = SimpleCertificateStore()
    held.register_multiple(above)

    class Steady(SimpleSigner):
        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            """As the library does, but the same signature each time where the curve draws lots."""
            from cryptography.hazmat.primitives import hashes
            from cryptography.hazmat.primitives.asymmetric import ec
            from cryptography.hazmat.primitives.serialization import load_pem_private_key

            key = load_pem_private_key(sealer.key.encode(), None)
            if isinstance(key, ec.EllipticCurvePrivateKey) and digest_algorithm == "sha256":
                how = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
                return key.sign(data, how)
            return bytes(super().sign_raw(data, digest_algorithm))

    yield Steady(first, keys.PrivateKeyInfo.load(der(sealer.key)), held)


def _all(sealer: Sealer) -> tuple[str, ...]:
    return (sealer.certificate, *sealer.chain)


@contextmanager
def _from_token(token: Token, first: Any, above: list[Any]) -> Iterator["Signer"]:
    """A signer whose key never leaves its token. ``Unsealable`` when that cannot be reached."""
    if token in _refused:
        raise Unsealable("token", "the PIN was refused; put the right one into SEAL_TOKEN_PIN_FILE")
    try:
        from pkcs11.exceptions import PinIncorrect, PKCS11Error
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as error:
        raise Unsealable("token", "gongkai[token]") from error
    try:
        session = open_pkcs11_session(
            token.module, token_criteria=TokenCriteria(label=token.label), user_pin=token.pin
        )
        with session:
            yield PKCS11Signer(
                session,
                signing_cert=first,
                ca_chain=above,
                key_label=token.key,
                # Every token that knows curves signs a digest; not every one makes it as well.
                use_raw_mechanism=first.public_key.algorithm == "ec",
            )
    except PinIncorrect as error:
        _refused.add(token)
        raise Unsealable("token", "PinIncorrect") from error
    except (PKCS11Error, RuntimeError) as error:
        raise Unsealable("token", str(error) or type(error).__name__) from error
