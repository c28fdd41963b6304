"""What is filled in to keep a list, and to put addresses on it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.notices import addresses
from gongkai.foundation.ui.fields import offer
from gongkai.surfaces.channels.lists.rules import AT_ONCE
from gongkai.surfaces.channels.states import Pace


class ListForm(forms.Form):
    """A list: what it is called, what it is for, how often, of what (邮件列表)."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=60,
        error_messages={"required": gettext_lazy("请写一个名称")},
    )
    purpose = forms.CharField(
        label=gettext_lazy("做什么用"),
        max_length=200,
        help_text=gettext_lazy("写在每封信里，让收信的人知道为什么收到。"),
        error_messages={"required": gettext_lazy("请写做什么用")},
    )
    pace = forms.ChoiceField(
        label=gettext_lazy("多久寄一次"),
        choices=Pace.choices,
        widget=forms.RadioSelect,
        initial=Pace.DAY,
        error_messages={"required": gettext_lazy("请选一项")},
    )

    def __init__(self, categories: Sequence[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["categories"] = forms.MultipleChoiceField(
            label=gettext_lazy("寄哪些类别"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy("一个都不选，就是全部。只寄向社会公开的。"),
        )
        offer(self, "categories", categories)

    def clean_name(self) -> str:
        """The name in one line."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_purpose(self) -> str:
        """The purpose in one line."""
        return " ".join(str(self.cleaned_data["purpose"]).split())


class AddressesForm(forms.Form):
    """Addresses to put on a list (加邮箱)."""

    use_required_attribute = False

    addresses = forms.CharField(
        label=gettext_lazy("邮箱，一行一个"),
        max_length=(addresses.LONGEST + 2) * AT_ONCE,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请写邮箱，一行一个")},
    )
    ours = forms.BooleanField(
        label=gettext_lazy("都是单位的公用邮箱，不用确认"),
        required=False,
        help_text=gettext_lazy("不选，就先寄一封确认信，本人按了按钮才开始寄。"),
    )

    def clean_addresses(self) -> list[str]:
        """The addresses as mail carries them; each line that is none is named by its number."""
        found, wrong = [], []
        for number, line in enumerate(str(self.cleaned_data["addresses"]).splitlines(), 1):
            try:
                if line.strip():
                    found.append(addresses.tidied(line))
            except Refused as refused:
                told = {"line": number, "why": "".join(refused.obstacles)}
                wrong.append(_("第%(line)s行：%(why)s") % told)
        if wrong:
            raise forms.ValidationError(wrong)
        return list(dict.fromkeys(found))
