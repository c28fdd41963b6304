"""The transparency log 透明日志: an append-only Merkle log as plain files.

Conforms to the C2SP specifications tlog-tiles, signed-note, tlog-checkpoint and tlog-proof, so
that verifiers written by others can check it. Pure Python; knows neither Django nor what an entry
means. ``merkle`` computes, ``tiles`` names and packs, ``note`` signs, ``checkpoint`` and ``proof``
are the two signed texts, ``store`` is the folder on disk, ``verify`` checks a whole folder.
"""
