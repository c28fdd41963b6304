"""What people at the desk fill in to bring a voice to the wall. Field names are ours alone."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.core.identifiers import normalised
from gongkai.foundation.organisations.rules import LONGEST_NOTE
from gongkai.foundation.ui.fields import offer
from gongkai.procedure.feedback import rules, wall_rules
from gongkai.procedure.feedback.states import TO_CHANGE, TO_KEEP_OFF, TO_TAKE_DOWN, WallReason
from gongkai.procedure.proposals.models import Disclosure


def _why() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("一句话写明理由"),
        help_text=gettext_lazy("大家会看到。不要写出不该公开的内容。"),
        required=False,
        max_length=wall_rules.LONGEST_WHY,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


def _reason() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("理由"), required=False)


def _offered(form: forms.Form, reasons: Collection[WallReason], none: str) -> None:
    offer(form, "reason", [("", none), *((each.value, each.label) for each in reasons)])


class WordingForm(forms.Form):
    """The words in which a voice is to hang, and why they are not its own."""

    text = forms.CharField(
        label=gettext_lazy("上墙的文字"),
        help_text=gettext_lazy("个人号码已经遮住。能用原话就用原话；改了字的，要选理由。"),
        max_length=rules.LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("还没有写上墙的文字")},
    )
    reason = _reason()
    why = _why()
    item = forms.CharField(
        label=gettext_lazy("答复链接到哪一件公开内容"),
        help_text=gettext_lazy("写那一件的网址或者地址码，例如7K3QX0M2ZD。可以空着。"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offers the reasons for which words may be changed."""
        super().__init__(*args, **more)
        _offered(self, TO_CHANGE, _("没有改字"))

    def clean_item(self) -> Disclosure | None:
        """The item whose address was given; none when it was left empty."""
        given = str(self.cleaned_data["item"]).strip().rstrip("/").rpartition("/")[2]
        if not given:
            return None
        found = Disclosure.objects.filter(address=normalised(given)).first()
        if found is None:
            raise forms.ValidationError(_("没有这一件公开内容。请照抄网址最后10位。"))
        return found


class KeepOffForm(forms.Form):
    """Why a voice is not to hang."""

    reason = _reason()
    why = _why()

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offers the reasons for which a voice may be kept off."""
        super().__init__(*args, **more)
        _offered(self, TO_KEEP_OFF, _("请选一个理由"))


class TakeDownForm(forms.Form):
    """Why a voice comes off the wall."""

    reason = _reason()
    why = _why()

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offers the reasons for which a voice may be taken down."""
        super().__init__(*args, **more)
        _offered(self, TO_TAKE_DOWN, _("请选一个理由"))


class ReturnWordingForm(forms.Form):
    """What is to be changed in a wording."""

    text = forms.CharField(
        label=gettext_lazy("哪里要改"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("请写明哪里要改")},
    )
