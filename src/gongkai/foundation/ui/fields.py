"""What forms of several apps do with their fields."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms


def offer(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    """Let the field ``name`` choose among ``choices``, as they are at this moment."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


def offer_rows(form: forms.Form, name: str, rows: Any) -> None:
    """Let the field ``name`` choose among these rows of the database."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


def uploaded(form: forms.Form, name: str, largest: int) -> bytes:
    """The bytes of an uploaded file; one byte more than ``largest`` of one that is too large, so
    that whoever reads them can say so.
    """
    return bytes(form.cleaned_data[name].read(largest + 1))
