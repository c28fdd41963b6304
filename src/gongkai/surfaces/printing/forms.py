"""What is filled in to have sheets printed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.ui.fields import offer
from gongkai.surfaces.channels.paper.notice import SIZES
from gongkai.surfaces.printing.choosing import Offer
from gongkai.surfaces.reach import marks
from gongkai.surfaces.reach import queries as reach


class RunForm(forms.Form):
    """Which sheets, on which paper, for which place."""

    way = forms.ChoiceField(
        label=gettext_lazy("印哪些"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选印哪些")},
    )
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("勾选"), required=False, widget=forms.CheckboxSelectMultiple
    )
    size = forms.ChoiceField(
        label=gettext_lazy("纸"), choices=[(each, each.upper()) for each in SIZES]
    )
    mark = forms.ChoiceField(
        label=gettext_lazy("贴在哪里"),
        help_text=gettext_lazy("二维码里写明张贴处，阅读量里就数得出哪里扫得多。"),
        required=False,
    )

    def __init__(self, *args: Any, given: Offer, organisation: Organisation, **more: Any) -> None:
        """``given``: what may be printed of ``organisation`` now."""
        super().__init__(*args, **more)
        offer(self, "way", given.ways())
        sheets = [(each.address, f"{each.number} {each.title}") for each in given.hanging]
        offer(self, "chosen", sheets)
        spots = [(each.mark, each.name) for each in reach.spots(organisation)]
        offer(self, "mark", [("", gettext_lazy("不写明")), *spots])
        self.fields["size"].initial = given.charter.wall.paper
        self.fields["way"].initial = given.ways()[0][0]

    def clean_mark(self) -> str:
        """The mark of the place, or that of sheets without one."""
        return self.cleaned_data["mark"] or marks.SHEET
