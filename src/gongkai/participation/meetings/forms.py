"""What a visitor fills in to book a time. Field names stand on static pages: they do not change."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.ui.fields import Trapped, offer
from gongkai.participation.meetings import booking_rules
from gongkai.procedure.catalogue.receiving import Reception
from gongkai.procedure.feedback import masking
from gongkai.procedure.feedback.forms import ReceiptForm

Choices = Sequence[tuple[str, str]]

ANY = "0"
"""The choice of the first time that is free."""


class BookForm(Trapped, forms.Form):
    """A time with a leader 预约接访. ``website`` is a trap for robots; people do not see it."""

    slot = forms.ChoiceField(
        label=gettext_lazy("哪个时段"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请选一个时段"),
            "invalid_choice": gettext_lazy("这个时段刚刚没有了。请另选一个"),
        },
    )
    persons = forms.IntegerField(
        label=gettext_lazy("一共来几个人"),
        initial=1,
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("请写来几个人"),
            "invalid": gettext_lazy("请写数字"),
            "min_value": gettext_lazy("最少一个人"),
        },
    )
    about = forms.CharField(
        label=gettext_lazy("想谈什么事"),
        help_text=gettext_lazy("一两句话就够，好请管这件事的人也在。请不要写身份证号。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写几个字，想谈什么事")},
    )
    name = forms.CharField(
        label=gettext_lazy("怎么称呼您"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    tel = forms.CharField(
        label=gettext_lazy("电话"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    mail = forms.EmailField(
        label=gettext_lazy("电子邮箱"),
        help_text=gettext_lazy("留了，前一天寄信提醒您，时间有变也马上寄信。"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": gettext_lazy("邮箱写得不完整，请看一遍")},
    )
    website = forms.CharField(label=gettext_lazy("请留空"), required=False)

    def __init__(self, *args: Any, rule: Reception, times: Choices, **kwargs: Any) -> None:
        """``times``: the free ones with their words; without any, a place on the waiting list."""
        super().__init__(*args, **kwargs)
        self.rule = rule
        if times:
            offer(self, "slot", [(ANY, _("随便哪个，最早的就行")), *times])
        else:
            del self.fields["slot"]
        self.fields["persons"].help_text = _("最多%(most)s个人。") % {"most": rule.group}

    def clean_persons(self) -> int:
        """How many, if so many may come."""
        persons = int(self.cleaned_data["persons"])
        if obstacles := booking_rules.group_obstacles(persons, self.rule):
            raise forms.ValidationError(obstacles)
        return persons

    def clean_about(self) -> str:
        """The words as they will be kept."""
        about = masking.tidied(str(self.cleaned_data["about"]))
        if obstacles := booking_rules.about_obstacles(about):
            raise forms.ValidationError(obstacles)
        return about

    def written(self) -> dict[str, str]:
        """What the confirmation page shows and signs."""
        return {
            name: str(self.cleaned_data.get(name, "") or "").strip()
            for name in ("slot", "persons", "about", "name", "tel", "mail")
        }


def slot_of(fields: Mapping[str, str]) -> int | None:
    """The time that was chosen; none for whichever is free, or for the waiting list."""
    return int(fields["slot"] or ANY) or None


class BookingCodeForm(ReceiptForm):
    """Where who booked sees how it stands 查预约."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("约好时给您的16位字母和数字，横线和大小写都不要紧。")
        self.fields["code"].help_text = said


class MoveForm(forms.Form):
    """Another time in place of one's own 改约."""

    to = forms.ChoiceField(
        label=gettext_lazy("改到"),
        error_messages={
            "required": gettext_lazy("请选一个时段"),
            "invalid_choice": gettext_lazy("这个时段刚刚没有了。请另选一个"),
        },
    )

    def __init__(self, *args: Any, times: Sequence[tuple[str, Choices]], **kwargs: Any) -> None:
        """``times``: the free ones of each day, under the day's words."""
        super().__init__(*args, **kwargs)
        offer(self, "to", times)

    @property
    def wanted(self) -> tuple[str, int | None]:
        """The day's key and the time; no time for its waiting list."""
        key, _colon, slot = self.cleaned_data["to"].partition(":")
        return key, int(slot) if slot else None
