"""Cosignatures as C2SP tlog-cosignature has them, and as public witnesses made them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.cosignature import Cosigner, Witness, cosignatures
from gongkai.foundation.translog.note import Signer, WrongSignature, open_note

# A log's checkpoint as public witnesses cosigned it in May 2026, and the keys that two publish.
PUBLIC = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""  # noqa: E501, to the letter
REMORA = Witness.parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2")
GARDEN = Witness.parse(
    "transparency.dev/DEV:witness-little-garden+d8042a87+"
    "BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM"
)

LOG, WITNESS = Signer("log.test", b"1" * 32), Cosigner("witness.test/w", b"2" * 32)
TEXT = Checkpoint("log.test", 7, bytes(32)).text()
NOTE = LOG.sign(TEXT) + WITNESS.cosign(TEXT, 1_700_000_000)


def test_what_public_witnesses_signed_is_read_as_they_meant_it():
    found = cosignatures(PUBLIC, [REMORA, GARDEN])
    assert [(each.witness, each.at) for each in found] == [
        (GARDEN.name, 0x6A122120),
        (REMORA.name, 0x6A122120),
    ]
    with pytest.raises(WrongSignature):
        cosignatures(PUBLIC.replace("\n1432088532\n", "\n1432088533\n"), [REMORA])


def test_a_cosigned_note_is_still_the_log_s_note():
    assert open_note(NOTE, [LOG.verifier]) == TEXT
    assert open_note(NOTE, [LOG.verifier, WITNESS.witness]) == TEXT


def test_the_keys_survive_their_text():
    assert Witness.parse(WITNESS.witness.vkey) == WITNESS.witness
    assert Cosigner.parse(WITNESS.skey).witness == WITNESS.witness


def test_a_log_s_key_is_no_witness_s_key():
    with pytest.raises(ValueError, match="no Ed25519 key"):
        Witness.parse(LOG.verifier.vkey)


def test_a_witness_signs_nothing_of_its_own():
    with pytest.raises(TypeError):
        WITNESS.sign(TEXT)


@given(st.integers(0, len(TEXT.encode()) - 2), st.integers(1, 255))
def test_no_changed_byte_of_the_checkpoint_is_believed(at, flip):
    data = bytearray(NOTE.encode())
    data[at] ^= flip
    try:
        assert cosignatures(bytes(data).decode(), [WITNESS.witness]) == []
    except ValueError:
        return


@given(st.integers(0, 75), st.integers(1, 255))
def test_no_changed_byte_of_the_cosignature_is_believed(at, flip):
    from gongkai.foundation.translog.note import decode64, encode64

    head, _, encoded = NOTE[:-1].rpartition(" ")
    data = bytearray(decode64(encoded))
    data[at] ^= flip
    try:
        assert cosignatures(f"{head} {encode64(bytes(data))}\n", [WITNESS.witness]) == []
    except WrongSignature:
        return
