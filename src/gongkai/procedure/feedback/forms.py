"""What a reader fills in. Field names stand on printed and static pages: they do not change."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.notices import addresses, gateway
from gongkai.foundation.notices.queries import mail_works
from gongkai.foundation.ui.fields import Trapped, offer
from gongkai.procedure.feedback import masking, rules
from gongkai.procedure.feedback.states import CaseKind, Ground

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of a file that comes with a voice."""

VOICES = (
    (CaseKind.OPINION, gettext_lazy("提意见或者反映一件事")),
    (CaseKind.TOPIC, gettext_lazy("点题：请把一件事公开")),
)


WISHES = ("tell_mail", "tell_text")
REACHED = ("name", "tel", "mail", *WISHES)
"""How to reach somebody, in the order of every form."""


def only_what_goes_out(form: forms.Form) -> None:
    """Ask ``form`` for no address where no letters leave this machine, nor offer short messages
    without a gateway.
    """
    gone = () if mail_works() else ("mail", "tell_mail")
    for name in (*gone, *(() if gateway.installed() else ("tell_text",))):
        del form.fields[name]


def reached(form: forms.Form, told: dict[str, Any]) -> dict[str, Any]:
    """What was filled in, addresses in one spelling; ``form`` says what is missing or wrong."""
    if told.get("mail"):
        told["mail"] = _tidied(form, "mail", told["mail"], addresses.tidied)
    elif told.get("tell_mail"):
        form.add_error("mail", _("要寄信告诉您，请写邮箱。不写就不要勾。"))
    if told.get("tell_text"):
        told["tel"] = _tidied(form, "tel", told.get("tel", ""), addresses.mobile)
    return told


def _tidied(form: forms.Form, name: str, typed: str, tidy: Callable[[str], str]) -> str:
    try:
        return tidy(typed)
    except Refused as refusal:
        for obstacle in refusal.obstacles:
            form.add_error(name, obstacle)
        return ""


class VoiceForm(Trapped, forms.Form):
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
    mail = forms.CharField(
        label=gettext_lazy("电子邮箱"),
        required=False,
        max_length=addresses.LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    tell_mail = forms.BooleanField(
        label=gettext_lazy("有进展时寄信告诉我"),
        help_text=gettext_lazy(
            "信里只有编号和日期，不写您说了什么、怎么答复，也没有查询码。看得到您邮箱的人会知道您说过一件事。"
        ),
        required=False,
    )
    tell_text = forms.BooleanField(
        label=gettext_lazy("有进展时发短信告诉我"),
        help_text=gettext_lazy(
            "短信里只有编号和日期。短信要经过短信公司，看得到您手机的人会知道您说过一件事。"
        ),
        required=False,
    )
    website = forms.CharField(label=gettext_lazy("请留空"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offers to tell the sender only by what really goes out; says where the words would go."""
        super().__init__(*args, **more)
        only_what_goes_out(self)
        wall = {"wall": f"{settings.BOARD_URL}/wall"}
        told = _("回音壁在%(wall)s，谁都能看，也会被搜到、转走。另一个人看过文字才上墙。")
        self.fields["show"].help_text = told % wall

    def clean(self) -> dict[str, Any]:
        """Whoever wishes to be told has said where."""
        return reached(self, super().clean() or {})

    def clean_say(self) -> str:
        """The text as it will be kept; every objection of the rule at once."""
        text = masking.tidied(str(self.cleaned_data["say"]))
        if obstacles := rules.receive_obstacles(text):
            raise forms.ValidationError(obstacles)
        return text

    def written(self) -> dict[str, str]:
        """What the confirmation page shows and signs."""
        told = self.cleaned_data
        kept = {name: told[name].strip() for name in ("say", "show", "name", "tel")}
        kind = told.get("kind", self.of_kind.value)
        own = {name: told.get(name, "") for name in ("ground", "asked", "mail")}
        wishes = {name: "yes" if told.get(name) else "" for name in WISHES}
        return {**kept, "kind": kind, **own, **wishes}


class ThingForm(VoiceForm):
    """A voice about anything 说一件事: an opinion, or a topic to be made public."""

    kind = forms.ChoiceField(
        label=gettext_lazy("您想"), choices=VOICES, widget=forms.RadioSelect, initial="opinion"
    )
    field_order = ("kind", "say", "show", *REACHED, "website")


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
    field_order = ("ground", "say", "show", *REACHED, "website")


class QuestionForm(VoiceForm):
    """Questioning a post in public 公开质询: it answers over its own name."""

    of_kind = CaseKind.QUESTION
    asked = forms.ChoiceField(
        label=gettext_lazy("质询哪个岗位"),
        help_text=gettext_lazy("由这个岗位署名答复。答复以后可以追问一次。"),
        error_messages={
            "required": gettext_lazy("请选一个岗位"),
            "invalid_choice": gettext_lazy("没有这个岗位，请另选一个"),
        },
    )
    field_order = ("asked", "say", "show", *REACHED, "website")

    def __init__(self, *args: Any, posts: Sequence[tuple[str, str]], **more: Any) -> None:
        """``posts``: those that may be questioned, by key and name."""
        super().__init__(*args, **more)
        offer(self, "asked", [("", _("请选一个岗位")), *posts])


class AgainForm(forms.Form):
    """Why the answer is not enough 要求重办、追问."""

    text = forms.CharField(
        label=gettext_lazy("哪里不满意"),
        help_text=gettext_lazy("写明还缺什么、希望怎么办。"),
        max_length=rules.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写明对答复哪里不满意")},
    )


class ReachForm(forms.Form):
    """Where news go from now on 另给邮箱."""

    mail = forms.CharField(
        label=gettext_lazy("电子邮箱"),
        max_length=addresses.LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("请写邮箱")},
    )

    def clean_mail(self) -> str:
        """In one spelling, or what is wrong with it."""
        try:
            return addresses.tidied(self.cleaned_data["mail"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.obstacles) from None


class AddFileForm(forms.Form):
    """A photograph or a document that goes with the voice 补充附件."""

    file = forms.FileField(
        label=gettext_lazy("照片或者文件"),
        help_text=gettext_lazy("照片、PDF、Word、Excel、文本，每个最大10MB。只有经办人看得到。"),
        error_messages={
            "required": gettext_lazy("请选一个文件"),
            "empty": gettext_lazy("这个文件是空的，请另选一个"),
        },
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Not larger than a few photographs: anybody may send one."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST_FILE:
            raise forms.ValidationError(_("文件太大，最大10MB。请缩小或者分几个传。"))
        return file


class SecondForm(forms.Form):
    """Seconding a topic 附议; a receipt code of one's own counts beside one's neighbours'."""

    topic = forms.CharField(max_length=16, widget=forms.HiddenInput)
    code = forms.CharField(
        label=gettext_lazy("查询码"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ReceiptForm(forms.Form):
    """Where a voice asks what became of it 查进展."""

    code = forms.CharField(
        label=gettext_lazy("查询码"),
        help_text=gettext_lazy("送出意见时给您的16位字母和数字，横线和大小写都不要紧。"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("请输入查询码")},
    )
