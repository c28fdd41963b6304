"""Certificates 证书: who seals papers here, vouched for by the installation's own small authority.

    authority 本站签发机构 ──signs──► one leaf per organisation ──seals──► papers

The authority vouches for nobody outside this installation: a reader trusts it by comparing its
fingerprint. Elliptic curve P-256, since every reader of PDF knows it and a key is made at once.
Without Django.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate, CertificateBuilder, KeyUsage, Name

AUTHORITY_DAYS, LEAF_DAYS = 20 * 365, 3 * 365
NAME_LIMIT = 64
"""RFC 5280 allows so many characters in the name of an organisation."""
TOKEN_CURVES = frozenset(("secp256r1", "secp384r1", "secp521r1"))
RSA_BITS = 2048
"""An imported RSA key has at least so many."""


_PRIVATE = re.compile(
    rb"-----BEGIN (?P<kind>[A-Z ]*PRIVATE KEY)-----.+?-----END (?P=kind)-----", re.S
)


class Unfit(Exception):
    """A certificate or a key that cannot seal papers; the message is the name of a reason.

    ``reason`` is one of: unreadable, password, none (no key or no certificate), key (of a kind
    that readers of PDF do not know), weak, usage, pair (not the certificate's own key).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Sealer:
    """A certificate (证书) with those that vouch for it, in PEM, and the key where it is at hand.

    ``key`` is empty where the key stays in a token.
    """

    certificate: str
    chain: tuple[str, ...]
    key: str = ""

    @cached_property
    def facts(self) -> "Certificate":
        """The certificate, read."""
        return read(self.certificate)


def read(pem: str) -> "Certificate":
    """The certificate in ``pem``. ``Unfit`` when there is none."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise Unfit("unreadable") from error


def fingerprint(pem: str) -> str:
    """The SHA-256 of the certificate, as other programs show it, in 64 hexadecimal digits."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return hashlib.sha256(read(pem).public_bytes(Encoding.DER)).hexdigest()


def spoken(digits: str) -> str:
    """A fingerprint the way people compare it: in groups of four."""
    return " ".join(digits[at : at + 4].upper() for at in range(0, len(digits), 4))


def new_key() -> str:
    """A new private key in PEM."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return _pem(ec.generate_private_key(ec.SECP256R1()))


def authority(name: str, key: str, at: datetime) -> str:
    """The installation's own authority under ``name``, in PEM: it vouches for itself."""
    from cryptography import x509

    secret = _key(key)
    named = _name(name, f"{name[: NAME_LIMIT - 6]} 签章根证书")
    made = (
        _begun(named, named, secret, at, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    )
    return _signed(made, secret)


def leaf(name: str, key: str, authority: Sealer, at: datetime) -> str:
    """A certificate for the organisation called ``name``, in PEM, that may seal papers only."""
    from cryptography import x509

    secret, above = _key(key), _key(authority.key)
    issuer = authority.facts
    named = _name(name, name)
    made = (
        _begun(named, issuer.subject, secret, at, LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")]),  # RFC 9336
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False
        )
    )
    return _signed(made, above)


def imported(data: bytes, key: bytes, password: str) -> Sealer:
    """What somebody brought: PKCS#12, or a certificate with its chain and a ``key``, both in PEM.

    ``Unfit`` when it cannot seal papers. Whether it is in force is not looked at here.
    """
    secret = password.encode() or None
    if data.lstrip().startswith(b"-----BEGIN"):
        return _of_pem(data, key, secret)
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        found = pkcs12.load_pkcs12(data, secret)
    except ValueError as error:
        # A wrong password looks like a damaged file; a file of this kind begins so.
        raise Unfit("password" if data[:1] == b"\x30" else "unreadable") from error
    if found.key is None or found.cert is None:
        raise Unfit("none")
    if not isinstance(found.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Unfit("key")
    others = [each.certificate for each in found.additional_certs]
    return fit(found.cert.certificate, others, _pem(found.key))


def in_token(data: bytes) -> Sealer:
    """A certificate and its chain in PEM whose key stays in a token. ``Unfit`` as above."""
    first, *others = _certificates(data)
    return fit(first, others, "")


def fit(first: "Certificate", others: Iterable["Certificate"], key: str) -> Sealer:
    """The sealer of these; ``Unfit`` unless the certificate may sign and the ``key`` is its own."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    public = first.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < RSA_BITS:
            raise Unfit("weak")
    elif not (isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in TOKEN_CURVES):
        raise Unfit("key")
    try:
        usage = first.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            raise Unfit("usage")
    except x509.ExtensionNotFound:
        pass
    if key and public_of(key) != _spki(first):
        raise Unfit("pair")
    return Sealer(_text(first), tuple(_text(each) for each in _chain(first, others)), key)


def public_of(key: str) -> bytes:
    """What a private key signs as, to compare it with a certificate."""
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )

    return (
        load_pem_private_key(key.encode(), None)
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )


def belongs(key: str, certificate: str) -> bool:
    """Whether ``key`` is the private key of ``certificate``."""
    return public_of(key) == _spki(read(certificate))


# -- parts -----------------------------------------------------------------------------------------


def _of_pem(data: bytes, key: bytes, secret: bytes | None) -> Sealer:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    first, *others = _certificates(data)
    source = key or data
    try:
        loaded = load_pem_private_key(_only_key(source), secret)
    except TypeError as error:  # encrypted without a password, or the other way round
        raise Unfit("password") from error
    except ValueError as error:
        raise Unfit("password" if b"ENCRYPTED" in source else "unreadable") from error
    return fit(first, others, _pem(loaded))


def _only_key(data: bytes) -> bytes:
    """The private key among the blocks of a PEM file. ``Unfit`` without one."""
    found = _PRIVATE.search(data)
    if found is None:
        raise Unfit("none")
    return found[0] + b"\n"


def _certificates(data: bytes) -> list["Certificate"]:
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise Unfit("unreadable") from error


def _chain(first: "Certificate", others: Iterable["Certificate"]) -> Sequence["Certificate"]:
    """Those of ``others`` that lead upwards from ``first``, in order."""
    left = list(others)
    found: list[Certificate] = []
    last = first
    while above := next((each for each in left if _vouches(each, last)), None):
        left.remove(above)
        found.append(above)
        last = above
    return found


def _vouches(above: "Certificate", below: "Certificate") -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):  # another name, or another key
        return False
    return above != below


def _begun(
    subject: "Name", issuer: "Name", key: "EllipticCurvePrivateKey", at: datetime, days: int
) -> "CertificateBuilder":
    from cryptography import x509

    begin = at.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signed(made: "CertificateBuilder", key: "EllipticCurvePrivateKey") -> str:
    from cryptography.hazmat.primitives import hashes

    return _text(made.sign(key, hashes.SHA256()))


def _name(organisation: str, common: str) -> "Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    said = (
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.COMMON_NAME, common),
    )
    # The library counts bytes where the standard counts characters: 21 Chinese ones were the most.
    return x509.Name(
        [x509.NameAttribute(kind, text[:NAME_LIMIT], _validate=False) for kind, text in said]
    )


def _usage(**wanted: bool) -> "KeyUsage":
    from cryptography import x509

    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})


def _key(pem: str) -> "EllipticCurvePrivateKey":
    """One of our own keys."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    found = load_pem_private_key(pem.encode(), None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


def _pem(key: "PrivateKeyTypes") -> str:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _text(certificate: "Certificate") -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM).decode()


def _spki(certificate: "Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
