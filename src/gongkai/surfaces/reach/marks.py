"""The marks in printed QR codes 二维码记号: ``/i/7K3QX0M2ZD?s=w``. Pure, and knows no Django.

A mark names where a sheet hangs, never the sheet's reader. It stands in the query, since no server
is told what comes after ``#``; a file is found without it, so the permanent address stays what it
is, with or without a mark, and whatever the mark says.
"""

import re

SHEET, DOCUMENT, SCREEN, TELEVISION, BRIEF = "w", "d", "s", "t", "b"
"""A sheet for the wall that hangs at no place of its own, a document for the file box, and the
carriers of other kinds.
"""
SORTS = (SHEET, DOCUMENT, SCREEN, TELEVISION, BRIEF)
LENGTH = 3
"""Letters of a place's mark."""
MARK = re.compile("[0-9a-z]{1,4}")
_ASKED = re.compile("(?:^|&)s=([0-9a-z]{1,4})(?:&|$)")


def marked(address: str, mark: str) -> str:
    """The address of a page as a code on paper says it."""
    return f"{address}?s={mark}"


def read(query: str) -> str:
    """The mark in a query string; empty where there is none."""
    found = _ASKED.search(query) if query else None
    return found[1] if found else ""
