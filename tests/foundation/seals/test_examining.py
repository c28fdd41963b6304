"""Whatever is done to a sealed paper is told as what it is."""

import dataclasses
from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from tests.foundation.seals.conftest import AT, WORDS
from tests.foundation.seals.test_signing import encrypted

from gongkai.foundation.seals import certificates, signing
from gongkai.foundation.seals.examining import Known, State, examine

NOBODY = Known(frozenset())


@pytest.fixture
def look(tmp_path, known):
    """What is found in these bytes."""
    file = tmp_path / "paper.pdf"

    def look(data, known=known):
        file.write_bytes(data)
        return examine(file, known)

    return look


def test_a_sealed_paper_is_whole(look, sealed, sealer):
    found = look(sealed)
    assert found.state == State.WHOLE
    assert found.certificate == certificates.fingerprint(sealer.certificate)
    assert (found.at, found.stamped, found.added) == ("2026-11-26T01:02:03Z", "", 0)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@example(place=0.0, bit=0)
@example(place=0.999999, bit=3)
def test_a_flipped_bit_anywhere_is_a_change(look, sealed, place, bit):
    """All but what no signature covers and no reader shows: of that the register knows
    (``test_papers``).
    """
    changed = bytearray(sealed)
    at = int(place * len(sealed))
    changed[at] ^= 1 << bit
    start, end = sealed.rindex(b"/Contents <"), sealed.rindex(b"/ByteRange")
    allowed = {State.CHANGED, State.WHOLE} if start < at < end else {State.CHANGED}
    assert look(bytes(changed)).state in (allowed | ({State.NOT_PDF} if at < 8 else set()))


@pytest.mark.parametrize("mark", [b"/ByteRange", b"/DocMDP", b"/M ", b"startxref", b"/Contents <"])
def test_a_flip_in_the_seals_own_words_is_a_change(look, sealed, mark):
    at = sealed.rindex(mark) + 2
    assert look(sealed[:at] + b"z" + sealed[at + 1 :]).state == State.CHANGED


def test_digits_of_another_case_or_behind_the_signature_are_a_change(look, sealed):
    start = sealed.rindex(b"/Contents <") + 11
    stop = sealed.index(b">", start)
    digits = sealed[start:stop]
    assert look(sealed[:start] + digits.lower() + sealed[stop:]).state == State.CHANGED
    assert look(sealed[: stop - 1] + b"1" + sealed[stop:]).state == State.CHANGED


def test_an_update_by_the_library_itself_is_an_addition(look, sealed, known):
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.root["/Lang"] = generic.TextStringObject("en")
    writer.update_root()
    made = BytesIO()
    writer.write(made)
    found = look(made.getvalue())
    assert (found.state, found.added) == (State.EXTENDED, len(made.getvalue()) - len(sealed))
    assert found.certificate in known.sealing


@pytest.mark.parametrize("more", [b"\n", b"\0" * 9, b"%%EOF\n"])
def test_even_a_blank_behind_the_end_is_an_addition(look, sealed, more):
    assert look(sealed + more).state == State.EXTENDED


def test_a_paper_saved_anew_has_lost_its_seal(look, sealed):
    writer = copy_into_new_writer(PdfFileReader(BytesIO(sealed)))
    made = BytesIO()
    writer.write(made)
    assert look(made.getvalue()).state == State.CHANGED


def test_a_strangers_seal_of_the_same_name_is_foreign(look, paper, stranger, sealed):
    made = signing.sealed(paper, stranger, at=AT, words=WORDS).data
    found = look(made)
    assert (found.state, found.subject) == (State.FOREIGN, "中共青溪镇委员会")
    assert look(sealed, NOBODY).state == State.FOREIGN


def test_a_certificate_beside_ours_that_is_not_ours_is_a_change(look, sealed, known):
    assert look(sealed, dataclasses.replace(known, above=frozenset())).state == State.CHANGED


def test_our_signature_inside_another_paper_is_a_change(look, paper, sealed):
    """The whole sealed file, wrapped: its range no longer begins where the file does."""
    assert look(b"%PDF-1.7\n" + sealed).state == State.CHANGED


def test_two_signatures_are_none(look, sealed, paper, stranger):
    """A foreign range written where no reader looks: the readers disagree."""
    range_ = sealed[sealed.rindex(b"/ByteRange") :].split(b"]")[0] + b"]"
    comment = b"%" + range_ + b"\n"
    assert look(paper[:9] + comment + sealed[9:]).state == State.CHANGED


def test_what_has_no_seal_is_said_apart(look, paper):
    assert look(paper).state == State.NONE
    assert look(encrypted(paper)).state == State.LOCKED
    assert look(b"").state == State.EMPTY
    assert look(b"PK\x03\x04 no paper").state == State.NOT_PDF
    assert look(paper[:2000]).state == State.NONE


def test_a_large_file_is_looked_at_to_its_end(tmp_path, known, sealed):
    file = tmp_path / "large.pdf"
    with file.open("wb") as target:
        target.write(sealed)
        target.truncate(20_000_000)
    found = examine(file, known)
    assert (found.state, found.added) == (State.EXTENDED, 20_000_000 - len(sealed))
