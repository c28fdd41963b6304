"""What is filled in about the places of sheets."""

from django import forms
from django.utils.translation import gettext_lazy


class SpotForm(forms.Form):
    """The name of a place where sheets hang."""

    name = forms.CharField(
        label=gettext_lazy("张贴处的名称"),
        help_text=gettext_lazy("例如：镇政府大院公开栏、石桥村村口。"),
        max_length=60,
        error_messages={"required": gettext_lazy("请写张贴处的名称")},
    )
