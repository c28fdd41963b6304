"""A sealed paper: certified, closed to every change, still the PDF/A it was."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import read_certification_data, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from tests.foundation.seals.conftest import AT, WORDS

from gongkai.foundation.seals import signing
from gongkai.foundation.seals.certificates import Sealer
from gongkai.foundation.seals.signing import Token, Unsealable

PDFSIG = shutil.which("pdfsig")


def seal(paper, sealer, **more):
    return signing.sealed(paper, sealer, at=AT, words=WORDS, **more)


def validated(data, sealer):
    """What the library itself says of the one signature, trusting our authority alone."""
    roots = [x509.Certificate.load(pem.unarmor(each.encode())[2]) for each in sealer.chain]
    (embedded,) = PdfFileReader(BytesIO(data)).embedded_signatures
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=AT)
    with ThreadPoolExecutor(1) as thread:  # in ours the browser's loop may be running
        return thread.submit(validate_pdf_signature, embedded, context).result()


def test_the_paper_stays_as_it_was_under_the_seal(paper, sealed):
    assert sealed.startswith(paper)
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in sealed
    reader = PdfFileReader(BytesIO(sealed))
    assert reader.xrefs.total_revisions == 2
    assert reader.input_version == (1, 7)
    before, after = PdfFileReader(BytesIO(paper)).root, reader.root
    kept = ("/Metadata", "/OutputIntents", "/StructTreeRoot", "/MarkInfo", "/Lang")
    assert [before.raw_get(key) == after.raw_get(key) for key in kept] == [True] * 5
    assert sorted(after.keys() - before.keys()) == ["/AcroForm", "/Extensions", "/Perms"]
    assert list(after["/Extensions"]) == ["/ESIC"]
    assert "/NeedAppearances" not in after["/AcroForm"]


def test_the_field_is_one_that_the_standards_allow(sealed):
    """PDF/A: printed, never hidden; without a picture only where it has no size. PDF/UA: a field
    outside of the page needs no place in the reading order; the page says its order of tabs.
    """
    reader = PdfFileReader(BytesIO(sealed))
    page = reader.root["/Pages"]["/Kids"][0].get_object()
    (field,) = (each.get_object() for each in page["/Annots"])
    left, low, right, high = field["/Rect"]
    assert (left, low) == (right, high)
    assert (left < 0, low < 0, page["/Tabs"]) == (True, True, "/S")
    assert field["/F"] & 0b111111 == 0b100
    assert field["/TU"] == "数字签章"
    (reference,) = field["/V"]["/Reference"]
    assert set(reference) == {"/Type", "/TransformMethod", "/TransformParams"}


def test_it_is_certified_and_no_change_is_allowed(sealed, sealer):
    reader = PdfFileReader(BytesIO(sealed))
    assert read_certification_data(reader).permission == MDPPerm.NO_CHANGES
    (embedded,) = reader.embedded_signatures
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert embedded.self_reported_timestamp == AT
    status = validated(sealed, sealer)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert (status.bottom_line, status.docmdp_ok) == (True, True)


@pytest.mark.skipif(PDFSIG is None, reason="pdfsig (poppler-utils) is not installed")
def test_poppler_accepts_it(sealed, tmp_path):
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    told = subprocess.run([PDFSIG, file], capture_output=True, text=True, check=True).stdout
    assert "Signature Validation: Signature is Valid." in told
    assert "Total document signed" in told
    assert "中共青溪镇委员会" in told


def test_the_pages_look_the_same(paper, sealed):
    texts = []
    for data in (paper, sealed):
        document = pypdfium2.PdfDocument(data)
        texts.append([page.get_textpage().get_text_range() for page in document])
        document.close()
    assert texts[0] == texts[1]
    assert len(texts[0]) == 5


def test_the_same_moment_gives_the_same_bytes(paper, sealed, sealer):
    assert seal(paper, sealer).data == sealed
    later = signing.sealed(paper, sealer, at=AT + timedelta(seconds=1), words=WORDS).data
    assert later != sealed


def test_an_rsa_key_that_was_brought_seals_too(paper, brought):
    made = seal(paper, brought).data
    assert seal(paper, brought).data == made
    assert validated(made, brought).bottom_line


def encrypted(paper):
    """The paper with a password, as somebody might hand it in."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(paper)))
    writer.encrypt("owner", "user")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def test_what_is_no_paper_of_ours_is_refused(paper, sealed, sealer, monkeypatch):
    for wrong, reason in (
        (b"", "empty"),
        (b"no paper", "unreadable"),
        (paper[: len(paper) // 2], "unreadable"),
        (sealed, "signed"),
        (encrypted(paper), "locked"),
    ):
        with pytest.raises(Unsealable) as unsealable:
            seal(wrong, sealer)
        assert unsealable.value.reason == reason
    monkeypatch.setattr(signing, "LARGEST", len(paper) - 1)
    with pytest.raises(Unsealable, match="large"):
        seal(paper, sealer)


def test_a_token_that_is_not_there_is_said(paper, sealer):
    token = Token("/nowhere/module.so", "gongkai", "1234", "seal")
    with pytest.raises(Unsealable) as unsealable:
        seal(paper, Sealer(sealer.certificate, sealer.chain), token=token)
    assert unsealable.value.reason == "token"
