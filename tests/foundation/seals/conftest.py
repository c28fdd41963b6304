"""A paper, an authority and certificates, made once: they are only read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.paper.composing import compose
from gongkai.foundation.seals import certificates, signing
from gongkai.foundation.seals.certificates import Sealer
from gongkai.foundation.seals.examining import Known
from gongkai.foundation.seals.signing import Words

PAPER = Path(__file__).parents[1] / "paper" / "plain.typ"
AT = datetime(2026, 11, 26, 1, 2, 3, tzinfo=UTC)
WORDS = Words("数字签章", "公开审核", "中共青溪镇委员会")


@pytest.fixture(scope="session")
def paper() -> bytes:
    """A PDF/A as the office makes them, of five pages."""
    data = {"title": "通知", "text": "正文。" * 900}
    return compose(PAPER, data, at=AT)


def sealer_of(name: str) -> Sealer:
    """An authority and one certificate by it."""
    above = certificates.new_key()
    authority = certificates.authority(name, above, AT - timedelta(days=1))
    key = certificates.new_key()
    made = certificates.leaf(name, key, Sealer(authority, (), above), AT - timedelta(days=1))
    return Sealer(made, (authority,), key)


@pytest.fixture(scope="session")
def sealer() -> Sealer:
    """Ours."""
    return sealer_of("中共青溪镇委员会")


@pytest.fixture(scope="session")
def stranger() -> Sealer:
    """Somebody who calls themselves the same."""
    return sealer_of("中共青溪镇委员会")


@pytest.fixture(scope="session")
def brought() -> Sealer:
    """A certificate that an authority elsewhere gave for an RSA key, which may seal and stamp."""
    above = certificates.new_key()
    authority = certificates.authority("某证书机构", above, AT - timedelta(days=1))
    key = rsa.generate_private_key(65537, 2048)
    name, issuer = certificates._name("某镇", "某镇"), certificates.read(authority).subject
    begun = certificates._begun(name, issuer, key, AT - timedelta(days=1), 9)
    usage = certificates._usage(digital_signature=True, content_commitment=True)
    made = certificates._signed(begun.add_extension(usage, critical=True), certificates._key(above))
    return Sealer(made, (authority,), certificates._pem(key))


@pytest.fixture(scope="session")
def known(sealer) -> Known:
    """What is known of ours."""
    marks = [
        frozenset([certificates.fingerprint(each)]) for each in (sealer.certificate, *sealer.chain)
    ]
    return Known(*marks)


@pytest.fixture(scope="session")
def sealed(paper, sealer) -> bytes:
    """The paper under our seal."""
    return signing.sealed(paper, sealer, at=AT, words=WORDS).data


@pytest.fixture
def qingxi(db, home) -> Organisation:
    """An organisation that seals papers, in a home of its own."""
    return Organisation.objects.create(slug="qingxi", name="中共青溪镇委员会")
