"""The language that pages are being made in, without asking Django for every word.

A page of the board asks seventeen times for a translation and forty times which language it is.
Within :func:`speaking` both are looked up once; elsewhere Django's active language holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.utils import translation

_spoken: ContextVar[str] = ContextVar("_spoken", default="")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make pages in ``language``."""
    token = _spoken.set(language)
    try:
        with translation.override(language):
            yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """The language of the page being made; empty where none is active."""
    return _spoken.get() or translation.get_language() or ""


def gettext(text: str) -> str:
    """``text`` in the language of the page being made."""
    if spoken := _spoken.get():
        return _translated(text, spoken)
    return translation.gettext(text)


@lru_cache(maxsize=4096)
def _translated(text: str, _language: str) -> str:
    return translation.gettext(text)
