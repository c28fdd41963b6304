"""What a reader fills in. Field names stand on printed and static pages: they do not change."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.procedure.feedback import masking, rules
from gongkai.procedure.feedback.states import CaseKind, Ground

VOICES = (
    (CaseKind.OPINION, gettext_lazy("提意见或者反映一件事")),
    (CaseKind.TOPIC, gettext_lazy("点题：请把一件事公开")),
)


class VoiceForm(forms.Form):
    """A voice about an item 提意见. ``website`` is a trap: people do not see it, robots fill it."""

    of_kind = CaseKind.OPINION

    say = forms.CharField(
        label=gettext_lazy("您的意见"),
        help_text=gettext_lazy("写清楚时间、地点和您希望怎么办。请不要写别人的身份证号、电话。"),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("请写几个字，写清楚是什么事")},
    )
    show = forms.ChoiceField(
        label=gettext_lazy("能不能公开"),
        choices=(
            ("yes", gettext_lazy("可以在回音壁公开意见和答复，不公开称呼和联系方式")),
            ("no", gettext_lazy("只让经办人看，凭查询码看答复")),
        ),
        widget=forms.RadioSelect,
        initial="yes",
        error_messages={"required": gettext_lazy("请选一项")},
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
    website = forms.CharField(label=gettext_lazy("请留空"), required=False)

    def clean_say(self) -> str:
        """The text as it will be kept; every objection of the rule at once."""
        text = masking.tidied(str(self.cleaned_data["say"]))
        if obstacles := rules.receive_obstacles(text):
            raise forms.ValidationError(obstacles)
        return text

    def clean_website(self) -> str:
        """Somebody's browser may have filled the trap: they are told, and lose nothing."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("有一栏是给机器人准备的，已经清空。请再送一次。"))
        return ""

    def written(self) -> dict[str, str]:
        """What the confirmation page shows and signs."""
        kept = {name: self.cleaned_data[name].strip() for name in ("say", "show", "name", "tel")}
        kind = self.cleaned_data.get("kind", self.of_kind.value)
        return {**kept, "kind": kind, "ground": self.cleaned_data.get("ground", "")}


class ThingForm(VoiceForm):
    """A voice about anything 说一件事: an opinion, or a topic to be made public."""

    kind = forms.ChoiceField(
        label=gettext_lazy("您想"), choices=VOICES, widget=forms.RadioSelect, initial="opinion"
    )
    field_order = ("kind", "say", "show", "name", "tel", "website")


class ProblemForm(VoiceForm):
    """Something is wrong with an item 这里有问题."""

    of_kind = CaseKind.PROBLEM
    ground = forms.ChoiceField(
        label=gettext_lazy("是什么问题"),
        help_text=gettext_lazy("泄露个人信息的，马上有人看，内容不上回音壁。"),
        choices=Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一项")},
    )
    say = forms.CharField(
        label=gettext_lazy("哪里有问题"),
        help_text=gettext_lazy("写清楚是哪一段、哪个附件、哪一页，应当怎样。"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("请写几个字，写清楚哪里有问题")},
    )
    field_order = ("ground", "say", "show", "name", "tel", "website")


class ReceiptForm(forms.Form):
    """Where a voice asks what became of it 查进展."""

    code = forms.CharField(
        label=gettext_lazy("查询码"),
        help_text=gettext_lazy("送出意见时给您的16位字母和数字，横线和大小写都不要紧。"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("请输入查询码")},
    )
