"""What is made here is narrow, and what is brought is taken only if it can seal."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.verification import PolicyBuilder, Store
from tests.foundation.seals.conftest import AT

from gongkai.foundation.seals import certificates
from gongkai.foundation.seals.certificates import Sealer, Unfit


def brought(sealer, password=b"", key=None):
    """As a certificate authority would send it: PKCS#12."""
    secret = key or load_pem_private_key(sealer.key.encode(), None)
    above = [certificates.read(each) for each in sealer.chain]
    locked = BestAvailableEncryption(password) if password else pkcs12.serialization.NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"x", secret, sealer.facts, above, locked)


def reason(call, *given):
    with pytest.raises(Unfit) as unfit:
        call(*given)
    return unfit.value.reason


def test_a_leaf_may_seal_and_nothing_else(sealer):
    leaf, authority = sealer.facts, certificates.read(sealer.chain[0])
    leaf.verify_directly_issued_by(authority)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment) == (True, True)
    assert (usage.key_cert_sign, usage.key_encipherment) == (False, False)
    assert leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    above = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (above.ca, above.path_length) == (True, 0)
    assert leaf.subject.rfc4514_string() == "CN=中共青溪镇委员会,O=中共青溪镇委员会,C=CN"
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == timedelta(days=3 * 365)


def test_the_chain_verifies_by_itself(sealer):
    store = Store([certificates.read(each) for each in sealer.chain])
    verifier = PolicyBuilder().store(store).time(AT)
    with pytest.raises(x509.verification.VerificationError):  # it is for papers, not for the web
        verifier.build_server_verifier(x509.DNSName("gongkai.invalid")).verify(sealer.facts, [])


@pytest.mark.filterwarnings("ignore:Attribute.s length")
def test_a_long_name_is_cut_where_the_standard_ends():
    key = certificates.new_key()
    authority = Sealer(certificates.authority("中" * 100, key, AT), (), key)
    made = certificates.read(certificates.leaf("国" * 100, key, authority, AT))
    assert made.subject.rfc4514_string() == f"CN={'国' * 64},O={'国' * 64},C=CN"


def test_a_fingerprint_reads_as_other_programs_show_it(sealer):
    shown = certificates.spoken(certificates.fingerprint(sealer.certificate))
    assert (len(shown), shown) == (64 + 15, shown.upper())


@pytest.mark.parametrize("password", [b"", "口令 1".encode()])
def test_pkcs12_brings_key_and_chain(sealer, password):
    assert certificates.imported(brought(sealer, password), b"", password.decode()) == sealer


def test_pem_brings_the_chain_in_its_order(sealer, stranger):
    mixed = stranger.chain[0] + sealer.certificate + sealer.chain[0]
    text = (sealer.certificate + mixed.replace(sealer.certificate, "")).encode()
    assert certificates.imported(text, sealer.key.encode(), "") == sealer
    assert certificates.imported(text + sealer.key.encode(), b"", "") == sealer


def test_what_cannot_seal_is_named(sealer, stranger):
    pem, key = sealer.certificate.encode(), sealer.key.encode()
    for_one = load_pem_private_key(key, None)
    locked = for_one.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
    )
    assert reason(certificates.imported, b"nothing", b"", "") == "unreadable"
    assert reason(certificates.imported, b"", b"", "") == "unreadable"
    assert reason(certificates.imported, brought(sealer, b"right"), b"", "wrong") == "password"
    assert reason(certificates.imported, brought(sealer)[:300], b"", "") == "password"
    assert reason(certificates.imported, pem, b"", "") == "none"
    assert reason(certificates.imported, pem, locked, "") == "password"
    assert reason(certificates.imported, pem, locked, "wrong") == "password"
    assert reason(certificates.imported, pem, stranger.key.encode(), "") == "pair"
    assert reason(certificates.imported, sealer.chain[0].encode(), key, "") == "usage"
    assert certificates.imported(pem, locked, "secret").key == sealer.key


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "weak"),
        (lambda: ec.generate_private_key(ec.SECP256K1()), "key"),
        (ed25519.Ed25519PrivateKey.generate, "key"),
    ],
    ids=["rsa", "curve", "edwards"],
)
def test_keys_that_readers_do_not_know_are_refused(made, expected):
    key = made()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, AT, AT + timedelta(days=1))
    how = None if expected == "key" and isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    found = built.sign(key, how)
    assert reason(certificates.fit, found, [], "") == expected


def test_a_key_in_a_token_needs_the_certificate_only(sealer):
    text = (sealer.certificate + sealer.chain[0]).encode()
    assert certificates.in_token(text) == Sealer(sealer.certificate, sealer.chain)
