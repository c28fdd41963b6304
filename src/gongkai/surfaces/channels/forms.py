"""What a reader fills in to follow. Field names stand on static pages: they do not change."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.notices import addresses
from gongkai.foundation.ui.fields import Trapped, offer
from gongkai.surfaces.channels import matching
from gongkai.surfaces.channels.states import Pace

LONGEST_TERMS = 300


class FollowForm(Trapped, forms.Form):
    """What to follow, how often, and where to write 跟进. ``website`` is a trap for robots."""

    what = forms.ChoiceField(
        label=gettext_lazy("跟进什么"),
        error_messages={"invalid_choice": gettext_lazy("没有这一项。请再选一次。")},
    )
    words = forms.CharField(
        label=gettext_lazy("只要有这些字的"),
        help_text=gettext_lazy("比如“石桥村 低保”，要每个词都有才提醒。"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    pace = forms.ChoiceField(
        label=gettext_lazy("多久寄一次"),
        choices=Pace.choices,
        widget=forms.RadioSelect,
        initial=Pace.NOW,
        error_messages={"required": gettext_lazy("请选一项")},
    )
    mail = forms.CharField(
        label=gettext_lazy("您的邮箱"),
        max_length=addresses.LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("请写一个邮箱"),
            "max_length": gettext_lazy("邮箱太长了。请核对一遍。"),
        },
    )
    website = forms.CharField(label=gettext_lazy("请留空"), required=False)

    def __init__(self, choices: list[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "what", choices)

    def clean_words(self) -> str:
        """The words as typed, of which something must be left that can be looked for."""
        words = " ".join(str(self.cleaned_data["words"]).split())
        wanted = matching.terms(words) if words else []
        if words and not wanted:
            raise forms.ValidationError(_("只有标点，没有字。请写要找的字，或者留空。"))
        if len(" ".join(wanted)) > LONGEST_TERMS:
            raise forms.ValidationError(_("字太多了。请只写几个词。"))
        return words

    def clean_mail(self) -> str:
        """The address as mail carries it."""
        try:
            return addresses.tidied(str(self.cleaned_data["mail"]))
        except Refused as refusal:
            raise forms.ValidationError(refusal.obstacles) from None

    def written(self) -> dict[str, str]:
        """What the confirmation page shows and signs."""
        return {name: str(self.cleaned_data[name]) for name in ("what", "words", "pace", "mail")}


class AddressForm(forms.Form):
    """Where the office removes an address for somebody who asked 代为退订."""

    mail = forms.CharField(
        label=gettext_lazy("对方的邮箱"),
        max_length=addresses.LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请写一个邮箱")},
    )

    clean_mail = FollowForm.clean_mail
