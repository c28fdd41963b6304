"""Proofs in one text: made, read back, verified, and against every flipped bit."""

import pytest

from gongkai.foundation.translog.checkpoint import Checkpoint
from gongkai.foundation.translog.merkle import leaf_hash, subtree_root, tree_root
from gongkai.foundation.translog.note import BadNote, Signer
from gongkai.foundation.translog.proof import BadProof, Proof

SIGNER = Signer("demo.invalid/log", bytes(32))
ENTRIES = [b"entry %d" % n for n in range(11)]


def reader(height, index):
    return subtree_root([*map(leaf_hash, ENTRIES)][index << height : (index + 1) << height])


def note(size=11):
    return SIGNER.sign(Checkpoint("demo.invalid/log", size, tree_root(size, reader)).text())


def proof(index, *, extra=None):
    return Proof.make(index, note(), reader, extra=extra)


@pytest.mark.parametrize("index", range(len(ENTRIES)))
@pytest.mark.parametrize("extra", [None, b"", b"salt"])
def test_a_proof_survives_its_text_and_holds_for_its_entry_only(index, extra):
    made = proof(index, extra=extra)
    again = Proof.parse(made.text())
    assert again == made
    assert again.verify(ENTRIES[index], SIGNER.verifier).size == len(ENTRIES)
    for other in ENTRIES:
        if other != ENTRIES[index]:
            with pytest.raises(BadProof, match="not in the log"):
                again.verify(other, SIGNER.verifier)


def test_the_layout_is_that_of_the_specification():
    lines = proof(10, extra=b"salt").text().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra c2FsdA==", "index 10"]
    assert len(lines[3]) == 44
    assert lines[5:8] == ["", "demo.invalid/log", "11"]


def test_a_single_entry_needs_no_hashes():
    made = Proof.make(0, note(1), reader)
    assert made.text().startswith("c2sp.org/tlog-proof@v1\nindex 0\n\ndemo.invalid/log\n1\n")
    Proof.parse(made.text()).verify(ENTRIES[0], SIGNER.verifier)


def test_every_flipped_bit_of_a_proof_is_caught():
    data = proof(6).text().encode()
    for at in range(len(data) * 8):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises((BadNote, BadProof, UnicodeDecodeError)):
            Proof.parse(changed.decode()).verify(ENTRIES[6], SIGNER.verifier)


def test_a_proof_of_another_log_or_signer_is_refused():
    with pytest.raises(BadNote, match="another log"):
        proof(3).verify(ENTRIES[3], SIGNER.verifier, origin="demo.invalid/other")
    with pytest.raises(BadNote, match="no signature"):
        proof(3).verify(ENTRIES[3], Signer("demo.invalid/log", b"k" * 32).verifier)


def test_a_checkpoint_that_does_not_reach_the_entry_proves_nothing():
    with pytest.raises(ValueError, match="no leaf 5"):
        Proof.make(5, note(5), reader)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v1\nextra AA==\n\n",
        "c2sp.org/tlog-proof@v1\nindex 01\n\n",
        "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n",
        "c2sp.org/tlog-proof@v2\nindex 1\n\n",
        "c2sp.org/tlog-proof@v1\nindex 1\nextra AA==\n\n",
        "c2sp.org/tlog-proof@v1\nindex 1\n" + ("A" * 43 + "=\n") * 64 + "\n",
    ],
)
def test_what_is_no_proof(text):
    with pytest.raises(BadProof):
        Proof.parse(text)
