"""What people at the desk fill in about voices. Field names are ours alone."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.notices import addresses
from gongkai.foundation.organisations.forms import day_field
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.rules import LONGEST_NOTE
from gongkai.foundation.ui.fields import offer
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.voices import Stop
from gongkai.procedure.feedback import handling_rules
from gongkai.procedure.feedback import rules as feedback
from gongkai.procedure.feedback.forms import only_what_goes_out, reached
from gongkai.procedure.feedback.states import TAKEN_DOWN, CaseKind, NoteKind, Outcome, outcomes_of
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk.entries import titled

Choices = Sequence[tuple[str, str]]
ROWS_OF_BOOK = 6
"""Entries of the opinions book that one form offers."""


class AssignForm(forms.Form):
    """The post that will answer."""

    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=gettext_lazy("分给"),
        empty_label=gettext_lazy("请选一个岗位"),
        error_messages={
            "required": gettext_lazy("请选一个岗位"),
            "invalid_choice": gettext_lazy("没有这个岗位，请另选一个"),
        },
    )

    def __init__(self, *args: Any, posts: Sequence[Post], **more: Any) -> None:
        """``posts``: those that may answer."""
        super().__init__(*args, **more)
        keys = [post.pk for post in posts]
        field: Any = self.fields["post"]
        field.queryset = Post.objects.filter(pk__in=keys).order_by("place", "pk")


class AnswerForm(forms.Form):
    """An answer, with its honest outcome."""

    text = forms.CharField(
        label=gettext_lazy("答复"),
        help_text=gettext_lazy("直接说办成了没有、怎么办、什么时候办好。不要写别人的个人信息。"),
        max_length=feedback.LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 7}),
        error_messages={"required": gettext_lazy("还没有写答复")},
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("办理结果"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("还没有选办理结果")},
    )

    passed_to = forms.CharField(
        label=gettext_lazy("转告了哪个单位"),
        help_text=gettext_lazy("结果是不归本单位的，写明单位名称。"),
        required=False,
        max_length=100,
    )

    def __init__(self, *args: Any, kind: str, **more: Any) -> None:
        """``kind``: of the case, which decides how it may end."""
        super().__init__(*args, **more)
        ways = outcomes_of(kind)
        offer(self, "outcome", [(each.value, each.label) for each in ways])
        if Outcome.ELSEWHERE not in ways:
            del self.fields["passed_to"]


# -- beside the answer -----------------------------------------------------------------------------


def _words(label: Any, ask: Any, hint: Any = "", *, most: int = LONGEST_NOTE) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": ask},
    )


class NoteForm(forms.Form):
    """What the office writes down for itself."""

    kind = forms.ChoiceField(
        label=gettext_lazy("记什么"), choices=NoteKind.choices, widget=forms.RadioSelect
    )
    text = _words(
        gettext_lazy("内容"),
        gettext_lazy("还没有写内容"),
        gettext_lazy("只有办公台上经办这一件的人看得到，不会送出，也不上墙。"),
        most=handling_rules.LONGEST_OF_OFFICE,
    )


class StopForm(forms.Form):
    """Why the clock stands still."""

    reason = forms.ChoiceField(
        label=gettext_lazy("实施办法写明的理由"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一个理由")},
    )
    text = _words(
        gettext_lazy("在等什么"),
        gettext_lazy("请写明在等什么"),
        gettext_lazy("来信的人会看到。"),
    )

    until = day_field(
        gettext_lazy("哪一天自己接着算"),
        required=False,
        help_text=gettext_lazy("空着就等人恢复计时；实施办法写了最多停几日的，到那天接着算。"),
    )

    def __init__(self, *args: Any, charter: Charter, **more: Any) -> None:
        """``charter``: which names the reasons."""
        super().__init__(*args, **more)
        offer(self, "reason", [(each.key, _reason(each)) for each in charter.voices.stops])


def _reason(stop: Stop) -> str:
    """A reason as the form offers it, with the most days that it allows."""
    if not stop.most_days:
        return named(stop)
    return _("%(reason)s（最多%(days)s日）") % {"reason": named(stop), "days": stop.most_days}


class ExtendForm(forms.Form):
    """Why it takes longer."""

    text = _words(
        gettext_lazy("为什么要延长"),
        gettext_lazy("请写明为什么要延长"),
        gettext_lazy("来信的人会看到。只能延长一次。"),
    )


class HelpForm(forms.Form):
    """The post that helps."""

    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=gettext_lazy("请哪个岗位协办"),
        empty_label=gettext_lazy("请选一个岗位"),
        error_messages={"required": gettext_lazy("请选一个岗位")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **more: Any) -> None:
        """``organisation``: whose posts may help."""
        super().__init__(*args, **more)
        field: Any = self.fields["post"]
        own = Post.objects.filter(organisation=organisation, retired=False)
        field.queryset = own.order_by("place", "pk")


class ReleaseForm(forms.Form):
    """The post that helps no longer."""

    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=gettext_lazy("哪个岗位不再协办"),
        empty_label=gettext_lazy("请选一个岗位"),
        error_messages={"required": gettext_lazy("请选一个岗位")},
    )

    def __init__(self, *args: Any, helpers: Sequence[Post], **more: Any) -> None:
        """``helpers``: those that help now."""
        super().__init__(*args, **more)
        field: Any = self.fields["post"]
        field.queryset = Post.objects.filter(pk__in=[each.pk for each in helpers])


class SeparateForm(forms.Form):
    """Why a merge is undone."""

    text = _words(
        gettext_lazy("为什么分开办"),
        gettext_lazy("请写明为什么分开办"),
        gettext_lazy("留在办公台的经过里。来信的人会看到已经分开办。"),
    )


class MergeForm(forms.Form):
    """The case that will be answered for both."""

    into = forms.CharField(
        label=gettext_lazy("并入哪一号"),
        help_text=gettext_lazy("写编号，例如2026-6。两张查询码都照用，答复一样。"),
        max_length=40,
        error_messages={"required": gettext_lazy("请写并入哪一号")},
    )


class HandOverForm(forms.Form):
    """The body that deals with it from now on, and why."""

    to = forms.ChoiceField(
        label=gettext_lazy("转交哪个单位"),
        error_messages={"required": gettext_lazy("请选一个单位")},
    )
    text = _words(
        gettext_lazy("为什么转交"),
        gettext_lazy("请写明为什么转交"),
        gettext_lazy("来信的人会看到。"),
    )

    def __init__(self, *args: Any, bodies: Sequence[Organisation], **more: Any) -> None:
        """``bodies``: above and below, that may take it."""
        super().__init__(*args, **more)
        known = [(each.slug, each.name) for each in bodies]
        offer(self, "to", [("", _("请选一个单位")), *known])


class TopicForm(forms.Form):
    """A topic in the words that others read."""

    wording = _words(
        gettext_lazy("给大家看的题目"),
        gettext_lazy("请写出给大家看的题目"),
        gettext_lazy("一句话，不要有人名、号码和住址。"),
        most=handling_rules.LONGEST_WORDING,
    )


class BecomeForm(forms.Form):
    """The line of the catalogue under which a draft is begun, and its title."""

    entry = forms.ChoiceField(
        label=gettext_lazy("目录事项"),
        error_messages={"required": gettext_lazy("请选一个目录事项")},
    )
    title = forms.CharField(
        label=gettext_lazy("标题"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写标题")},
    )

    def __init__(self, *args: Any, charter: Charter, **more: Any) -> None:
        """``charter``: whose catalogue it is."""
        super().__init__(*args, **more)
        offer(self, "entry", [("", _("请选一个目录事项")), *_lines(charter)])


def _lines(charter: Charter) -> Choices:
    """The lines of the catalogue."""
    return [(rule.code, f"{rule.code} {titled(rule)}") for rule in charter.entries]


# -- taking down -----------------------------------------------------------------------------------


class IntakeForm(forms.Form):
    """A call, a visit or a letter on one screen."""

    kind = forms.ChoiceField(
        label=gettext_lazy("怎么来的"),
        choices=[(kind.value, kind.label) for kind in TAKEN_DOWN if kind != CaseKind.BOOK],
        widget=forms.RadioSelect,
        initial=CaseKind.HOTLINE.value,
    )
    text = forms.CharField(
        label=gettext_lazy("说的什么事"),
        help_text=gettext_lazy("照他说的记，写清时间、地点和希望怎么办。"),
        max_length=feedback.LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("还没有写是什么事")},
    )
    show = forms.BooleanField(label=gettext_lazy("本人同意在回音壁公开意见和答复"), required=False)
    name = forms.CharField(label=gettext_lazy("怎么称呼"), required=False, max_length=40)
    tel = forms.CharField(
        label=gettext_lazy("电话"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"inputmode": "tel"}),
    )
    mail = forms.CharField(
        label=gettext_lazy("电子邮箱"), required=False, max_length=addresses.LONGEST
    )
    tell_mail = forms.BooleanField(
        label=gettext_lazy("本人要求有进展时寄信告诉他"),
        help_text=gettext_lazy(
            "信里只有编号和日期。看得到他邮箱的人会知道他说过一件事，请告诉他。"
        ),
        required=False,
    )
    tell_text = forms.BooleanField(
        label=gettext_lazy("本人要求有进展时发短信告诉他"),
        help_text=gettext_lazy("短信里只有编号和日期，要经过短信公司，请告诉他。"),
        required=False,
    )
    callback = forms.BooleanField(label=gettext_lazy("要回电话"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("急件"), required=False)
    received_on = day_field(
        gettext_lazy("哪天收到的"), required=False, help_text=gettext_lazy("空着就是今天。")
    )
    call = forms.CharField(
        label=gettext_lazy("通话记录"),
        help_text=gettext_lazy("只在办公台上看得到。"),
        required=False,
        max_length=handling_rules.LONGEST_OF_OFFICE,
        widget=forms.Textarea({"rows": 3}),
    )
    file = forms.FileField(label=gettext_lazy("来信的照片或者附件"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offers to tell the sender only by what really goes out."""
        super().__init__(*args, **more)
        only_what_goes_out(self)

    def clean(self) -> dict[str, Any]:
        """Whoever is to be called back has a number; whoever wishes to be told has said where."""
        told = reached(self, super().clean() or {})
        if told.get("callback") and not told.get("tel"):
            self.add_error("tel", _("要回电话，请写下号码"))
        return told


class BookForm(forms.Form):
    """A page of the opinions book: its photograph, and each entry on it."""

    photo = forms.FileField(
        label=gettext_lazy("这一页的照片"),
        error_messages={"required": gettext_lazy("请选这一页的照片")},
    )
    received_on = day_field(
        gettext_lazy("哪天写的"), required=False, help_text=gettext_lazy("空着就是今天。")
    )
    show = forms.BooleanField(label=gettext_lazy("意见簿写明了可以公开答复"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offers a row for each of a page's entries; empty ones are passed over."""
        super().__init__(*args, **more)
        for n in range(1, ROWS_OF_BOOK + 1):
            self.fields[f"entry{n}"] = forms.CharField(
                label=_("第%(n)s条") % {"n": n},
                required=False,
                max_length=feedback.LONGEST_TEXT,
                widget=forms.Textarea({"rows": 2}),
            )

    @property
    def entries(self) -> list[str]:
        """What was transcribed, in the order of the page."""
        told = [self.cleaned_data[f"entry{n}"] for n in range(1, ROWS_OF_BOOK + 1)]
        return [text for text in told if text.strip()]


# -- many at once ----------------------------------------------------------------------------------


class SuggestForm(forms.Form):
    """What several voices have in common, and which item is to be corrected, if any."""

    text = _words(
        gettext_lazy("要改什么、加什么"),
        gettext_lazy("请写明要改什么、加什么"),
        gettext_lazy("说话的人凭查询码会看到这句话。不要有人名、号码和住址。"),
    )
    item = forms.CharField(
        label=gettext_lazy("更正哪一件"),
        help_text=gettext_lazy(
            "写公开件的编号，就是网址里/i/后面的10位。空着就是建议公开目录增加一项。"
        ),
        required=False,
        max_length=20,
    )


class TakeForm(forms.Form):
    """The note of the correction; or the code that the line has in the officer's revision."""

    note = _words(
        gettext_lazy("更正说明"),
        gettext_lazy("请写明更正了什么"),
        gettext_lazy("读者会看到这句话。"),
    )
    code = forms.CharField(
        label=gettext_lazy("新一项的编号"),
        help_text=gettext_lazy("先在公开目录里起草修改，把这一项加进去，再写它的编号。"),
        max_length=20,
        error_messages={"required": gettext_lazy("请写新一项的编号")},
    )

    def __init__(self, *args: Any, correcting: bool, **more: Any) -> None:
        """``correcting``: whether an item is to be corrected."""
        super().__init__(*args, **more)
        del self.fields["code" if correcting else "note"]


class DeclineForm(forms.Form):
    """Why nothing comes of it."""

    reason = _words(
        gettext_lazy("为什么不采纳"),
        gettext_lazy("请写明为什么不采纳"),
        gettext_lazy("说话的人会看到。"),
    )


class CasesForm(forms.Form):
    """Ways to narrow the list of voices."""

    state = forms.ChoiceField(label=gettext_lazy("情况"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("哪一类"), required=False)
    post = forms.ChoiceField(label=gettext_lazy("岗位"), required=False)
    entry = forms.ChoiceField(label=gettext_lazy("目录事项"), required=False)
    words = forms.CharField(label=gettext_lazy("编号或者原话里的字"), required=False, max_length=40)

    def __init__(
        self,
        *args: Any,
        states: Choices,
        posts: Sequence[Post],
        charter: Charter,
        **more: Any,
    ) -> None:
        """``states``: what may be looked at, the usual one first; ``posts``: those that answer;
        ``charter``: whose catalogue it is.
        """
        super().__init__(*args, **more)
        offer(self, "state", states)
        offer(self, "kind", [("", _("全部类别")), *CaseKind.choices])
        known = [(str(post.pk), post.name) for post in posts]
        offer(self, "post", [("", _("全部岗位")), *known])
        offer(self, "entry", [("", _("全部目录事项")), *_lines(charter)])
