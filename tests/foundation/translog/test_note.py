"""Signed notes against the published examples, and against every flipped byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.translog.note import (
    BadNote,
    Signer,
    UnknownSigner,
    Verifier,
    WrongSignature,
    decode64,
    encode64,
    open_note,
    split_note,
)

# The example of the specification.
SPEC_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj"
    "OBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# The example of Go's sumdb note package.
GO_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_NOTE = (
    GO_TEXT + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
    "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = Signer("demo.invalid/log", bytes(range(32)))
OTHER = Signer("witness.invalid", bytes(32))
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]) | st.just("\n")).map(
    lambda text: text + "\n"
)


def test_the_example_of_the_specification_opens():
    verifier = Verifier.parse(SPEC_VKEY)
    assert open_note(SPEC_NOTE, [verifier]) == "This is an example message.\n"
    assert verifier.vkey == SPEC_VKEY


def test_the_example_of_go_signs_and_opens_alike():
    signer = Signer.parse(GO_SKEY)
    assert signer.sign(GO_TEXT) == GO_NOTE
    assert (signer.skey, signer.verifier.vkey) == (GO_SKEY, GO_VKEY)
    assert open_note(GO_NOTE, [Verifier.parse(GO_VKEY)]) == GO_TEXT


@given(TEXTS)
def test_a_note_opens_as_the_text_it_was_made_of(text):
    assert open_note(SIGNER.sign(text), [SIGNER.verifier]) == text


def test_a_new_key_survives_its_text():
    signer = Signer.generate("镇.invalid/日志")
    again = Signer.parse(signer.skey)
    assert again.sign("甲\n") == signer.sign("甲\n")
    assert Verifier.parse(signer.verifier.vkey) == signer.verifier


def test_every_flipped_bit_of_a_note_is_caught():
    data = SIGNER.sign("demo.invalid/log\n7\n乙\n").encode()
    for at in range(len(data) * 8):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises((BadNote, UnicodeDecodeError)):
            open_note(changed.decode(), [SIGNER.verifier])


def test_other_signatures_are_ignored_but_a_wrong_one_is_not():
    text = "text\n"
    mine, theirs = SIGNER.sign(text), OTHER.sign(text)
    both = mine + split_line(theirs)
    assert open_note(both, [SIGNER.verifier]) == text
    assert open_note(both, [OTHER.verifier]) == text
    forged = mine + split_line(OTHER.sign("another text\n"))
    assert open_note(forged, [SIGNER.verifier]) == text
    with pytest.raises(WrongSignature):
        open_note(forged, [SIGNER.verifier, OTHER.verifier])


def test_a_stranger_with_the_same_name_is_unknown():
    stranger = Signer(SIGNER.verifier.name, bytes(32))
    with pytest.raises(UnknownSigner):
        open_note(stranger.sign("text\n"), [SIGNER.verifier])


def split_line(note):
    return note.rpartition("\n\n")[2]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\nno signature\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— name AAAAAAB=\n",
        "text\n\n— name AAAAAAA=",
        "te\txt\n\n— name AAAAAAA=\n",
        "text\n\n" + "— name AAAAAAA=\n" * 101,
    ],
)
def test_what_is_no_note(note):
    with pytest.raises(BadNote):
        open_note(note, [SIGNER.verifier])


def test_the_text_ends_at_the_last_empty_line():
    assert split_note("one\n\ntwo\n\n— name AAAAAAA=\n")[0] == "one\n\ntwo\n"


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "return\r\n"])
def test_what_cannot_be_signed(text):
    with pytest.raises(ValueError, match="newline"):
        SIGNER.sign(text)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+00000000+",
        SPEC_VKEY.replace("530d903a", "530d903b"),
        SPEC_VKEY.replace("530d903a", "530D903A"),
        SPEC_VKEY.replace("foo", "fo o"),
        SPEC_VKEY.replace("+Ae", "+Be"),
        SPEC_VKEY[:-4],
    ],
)
def test_what_is_no_key(vkey):
    with pytest.raises(ValueError, match="key"):
        Verifier.parse(vkey)


@pytest.mark.parametrize("skey", ["", SPEC_VKEY, GO_SKEY.replace("c74f", "c74e"), GO_SKEY[:-4]])
def test_a_refused_signer_key_is_not_shown(skey):
    with pytest.raises(ValueError, match="key") as refusal:
        Signer.parse(skey)
    assert "AYEK" not in str(refusal.value)


@given(st.binary(max_size=70))
def test_base64_has_one_spelling(data):
    assert decode64(encode64(data)) == data


@pytest.mark.parametrize("text", ["AB==", "AA=", "A A=", "AA==\n", "_w==", "é"])
def test_other_spellings_are_refused(text):
    with pytest.raises(ValueError, match="base64"):
        decode64(text)
