"""Seals on papers 数字签章: under which certificate our PDFs are sealed, and how one is checked.

A paper's seal proves that no byte of it was changed since, and who held the key. It is no legal
电子公章. Whoever makes papers calls ``papers.file``; whoever holds one asks ``judging.judged``.
"""
