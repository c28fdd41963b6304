"""What forms of several apps do with their fields."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _


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


class Trapped:
    """A form for strangers with a trap (留给机器人的一栏): people do not see ``website``."""

    cleaned_data: dict[str, Any]

    def clean_website(self) -> str:
        """Somebody's browser may have filled the trap: they are told, and lose nothing."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("有一栏是给机器人准备的，已经清空。请再送一次。"))
        return ""
