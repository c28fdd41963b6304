"""What is filled in to set a hook up."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from gongkai.foundation.ui.fields import offer
from gongkai.surfaces.channels.hooks.rules import LONGEST
from gongkai.surfaces.channels.hooks.states import Service, Template

CATEGORIES = gettext_lazy("一个都不选，就是全部。")


class HookForm(forms.Form):
    """A name, and which categories are told (推送)."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=60,
        help_text=gettext_lazy("给自己人看的，比如“县数据平台”。"),
        error_messages={"required": gettext_lazy("请写一个名称")},
    )

    def __init__(self, categories: Sequence[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["categories"] = forms.MultipleChoiceField(
            label=gettext_lazy("送哪些类别"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=CATEGORIES,
        )
        offer(self, "categories", categories)

    def clean_name(self) -> str:
        """The name in one line."""
        return " ".join(str(self.cleaned_data["name"]).split())


class WebhookForm(HookForm):
    """A hook to a program (webhook)."""

    address = forms.CharField(
        label=gettext_lazy("对方给的地址"),
        max_length=LONGEST,
        help_text=gettext_lazy("https:// 开头。存下来以后只显示主机名。"),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
        error_messages={"required": gettext_lazy("请写对方给的地址")},
    )

    def written(self) -> dict[str, Any]:
        """The arguments of the verb."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "address": given["address"].strip(),
            "categories": given["categories"],
        }


class MessengerForm(HookForm):
    """A hook to a group (工作群)."""

    service = forms.ChoiceField(
        label=gettext_lazy("哪个平台"),
        choices=Service.choices,
        widget=forms.RadioSelect,
        initial=Service.WECOM,
        error_messages={"required": gettext_lazy("请选一项")},
    )
    pasted = forms.CharField(
        label=gettext_lazy("机器人的webhook地址"),
        max_length=LONGEST,
        help_text=gettext_lazy(
            "在群里打开机器人，整个复制过来。谁有它谁就能往群里发，存下来以后不再显示。"
        ),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
        error_messages={"required": gettext_lazy("请把机器人的地址贴在这里")},
    )
    signing_key = forms.CharField(
        label=gettext_lazy("加签密钥"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("钉钉机器人选了“加签”才有，SEC开头。"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    template = forms.ChoiceField(
        label=gettext_lazy("消息里写什么"),
        choices=Template.choices,
        widget=forms.RadioSelect,
        initial=Template.LINE,
        error_messages={"required": gettext_lazy("请选一项")},
    )

    def written(self) -> dict[str, Any]:
        """The arguments of the verb."""
        given = self.cleaned_data
        names = ("name", "service", "template", "categories")
        typed = {name: given[name].strip() for name in ("pasted", "signing_key")}
        return {**{name: given[name] for name in names}, **typed}
