"""What is filled in where a text is written: its files, its readers, its words 写稿的表单."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gongkai.foundation.core import clock
from gongkai.foundation.files.pages.sheets import WHOLE
from gongkai.foundation.ui.fields import offer
from gongkai.procedure.catalogue.charter import Charter, EntryRule, Scope
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.sanitise import clean
from gongkai.procedure.proposals.states import DocumentKind, RedactionReason
from gongkai.procedure.proposals.texts import TITLE_LIMIT
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import readers, typed
from gongkai.surfaces.desk.forms import civil, instant, moment_field


class ManyFilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; cleaned to the list of them."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The uploads; an empty one is named by the store, not here."""
        return [each for each in (data or []) if each]


# -- covering a place in an attachment -------------------------------------------------------------


def _percent(label: Any) -> forms.DecimalField:
    """A part of the page's width or height."""
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=forms.NumberInput({"step": "0.01", "inputmode": "decimal"}),
    )


class PlaceForm(forms.Form):
    """A place on a page: drawn with the pointer, or typed in hundredths of the page."""

    page = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=gettext_lazy("遮盖的理由"), choices=RedactionReason.choices)
    left = _percent(gettext_lazy("离左边"))
    top = _percent(gettext_lazy("离上边"))
    width = _percent(gettext_lazy("宽"))
    height = _percent(gettext_lazy("高"))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in ten-thousandths, never beyond the page."""
        told = self.cleaned_data
        left, top = (round(told[name] * 100) for name in ("left", "top"))
        right = min(left + round(told["width"] * 100), WHOLE)
        return left, top, right, min(top + round(told["height"] * 100), WHOLE)


class FindForm(forms.Form):
    """Words that are covered wherever they stand."""

    page = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    words = forms.CharField(label=gettext_lazy("要遮盖的文字"), max_length=100)
    reason = forms.ChoiceField(label=gettext_lazy("遮盖的理由"), choices=RedactionReason.choices)


# -- writing ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ScopeFields:
    """The fields of one scope on the form (公开范围一栏)."""

    scope: Scope
    take: Any
    opens: Any
    groups: Any
    people: Any


class DraftForm(forms.Form):
    """A draft: its text, and for whom, from when and where it is meant.

    The browser demands nothing: a title may come out of the file that is sent along.
    """

    use_required_attribute = False

    title = forms.CharField(
        label=gettext_lazy("标题"),
        max_length=TITLE_LIMIT,
        error_messages={"required": gettext_lazy("请写标题")},
    )
    document_number = forms.CharField(
        label=gettext_lazy("文号"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("例如 青委发〔2026〕41号。没有就空着。"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("文种"), choices=DocumentKind.choices)
    form = forms.ChoiceField(label=pgettext_lazy("heading", "公开形式"))
    body = forms.CharField(
        label=gettext_lazy("正文"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 18, "class": "prose"}),
        help_text=gettext_lazy("一行是一段。一、（一）这样编号的短行会排成小标题。"),
    )
    html = forms.CharField(
        required=False,
        strip=False,
        # the editor takes it over; without one it is never sent
        widget=forms.Textarea({"hidden": True, "disabled": True}),
    )
    text_file = forms.FileField(
        label=gettext_lazy("从文件读入"),
        required=False,
        allow_empty_file=True,  # whoever reads it in says what is wrong with it
        widget=forms.FileInput({"accept": ".docx,.txt"}),
        help_text=gettext_lazy(".docx或.txt。标题用文件里的；已写的正文接在后面。存成草稿。"),
    )
    duty = forms.ChoiceField(
        label=gettext_lazy("完成哪一项公开任务"),
        required=False,
        help_text=gettext_lazy("公开以后，这项任务就算完成。另外多公开的，选“不为任何任务”。"),
        error_messages={
            "invalid_choice": gettext_lazy("这项任务刚有人办了，或者不再适用。请另选一项。")
        },
    )
    note = forms.CharField(
        label=gettext_lazy("更正说明"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("读者会看到这句话：改了什么，为什么改。"),
    )
    channels = forms.MultipleChoiceField(
        label=pgettext_lazy("heading", "公开渠道"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    attached = ManyFilesField(
        label=gettext_lazy("加附件"),
        required=False,
        help_text=gettext_lazy("可以一次选几个。文件名就是读者看到的附件名。"),
    )
    edits = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        charter: Charter,
        rule: EntryRule,
        people: readers.People,
        draft: Draft | None = None,
        before: str = "",
        answers: Sequence[tuple[str, str]] = (),
        **more: Any,
    ) -> None:
        """``people``: whom a scope that leaves the choice may name; ``draft``: what is edited;
        ``before``: the body that the typed lines came from; ``answers``: the duties it may meet.
        """
        super().__init__(*args, **more)
        self.charter, self.rule, self.people = charter, rule, people
        self.draft, self.before = draft, before
        self.zone = charter.organisation.zone
        offer(self, "form", [(form.key, named(form)) for form in charter.forms])
        offer(self, "channels", [(each.key, named(each)) for each in charter.channels])
        if typed.keeps_more(before):
            self.fields["body"].help_text = _(
                "一行是一段。一、（一）这样编号的短行会排成小标题。【表格1：…】这样的行代表原来的"
                "表格或者列表，不要改它；删掉它，就去掉那个表格。【图片1：…】里冒号后面是图片的文字"
                "说明，可以改。"
            )
        if answers or self.data.get("duty"):  # one that is gone meanwhile is said, not passed over
            offer(self, "duty", [*answers, ("", _("不为任何任务"))])
        else:
            del self.fields["duty"]
        if draft is None or not draft.corrects:
            del self.fields["note"]
        if draft is not None:
            del self.fields["text_file"]  # its text is to be seen before it replaces anything
        self.fields["form"].initial = charter.forms[0].key
        self.fields["channels"].initial = list(rule.channels)
        planned = {step["scope"]: step for step in draft.plan} if draft else {}
        for scope in self.scopes:
            self._add_scope(scope, planned.get(scope.code), fresh=draft is None)

    @property
    def scopes(self) -> list[Scope]:
        """The entry's scopes in the order in which they open: members first."""
        named = [self.charter.scope(code) for code in self.rule.scopes]
        return sorted(named, key=lambda scope: not scope.inner)

    def _add_scope(self, scope: Scope, step: Mapping[str, Any] | None, fresh: bool) -> None:
        take = forms.BooleanField(
            label=named(scope),
            required=False,
            initial=step is not None or (fresh and not scope.choose) or not self.rule.choice,
            disabled=not self.rule.choice,
        )
        self.fields[f"take_{scope.code}"] = take
        opens = clock.unstamp(step["opens"]) if step and step.get("opens") else None
        self.fields[f"opens_{scope.code}"] = moment_field(
            _("%(scope)s：最早什么时候") % {"scope": named(scope)},
            required=False,
            initial=civil(opens, self.zone),
            help_text=_("空着就是盖章以后再定。"),
        )
        if scope.choose:
            keys = list(step.get("keys", ())) if step else []
            self._add_readers(scope, keys)

    def _add_readers(self, scope: Scope, keys: Sequence[str]) -> None:
        known = dict(self.people.groups)
        self.fields[f"groups_{scope.code}"] = forms.MultipleChoiceField(
            label=_("向哪些小组和单位"),
            required=False,
            choices=self.people.groups,
            initial=[key for key in keys if key in known],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"people_{scope.code}"] = forms.CharField(
            label=_("向哪些人"),
            required=False,
            initial="\n".join(self.people.named(key) for key in keys if key not in known),
            widget=forms.Textarea({"rows": 3}),
            help_text=_("一行写一个人的姓名，要是本单位的成员。同名的写成：姓名（用户名）。"),
        )

    def scope_fields(self) -> list[ScopeFields]:
        """The fields of each scope together, for the page."""
        return [
            ScopeFields(
                scope,
                self[f"take_{scope.code}"],
                self[f"opens_{scope.code}"],
                self[f"groups_{scope.code}"] if scope.choose else None,
                self[f"people_{scope.code}"] if scope.choose else None,
            )
            for scope in self.scopes
        ]

    def clean_body(self) -> str:
        """What the editor sent, or the lines as a body; a line in 【】 that stands for nothing any
        more is named.
        """
        if "html" in self.data:
            return clean(str(self.data["html"]))
        text = str(self.cleaned_data["body"])
        if lost := typed.missing(text, self.before):
            wording = _("认不出“%(line)s”是原来的哪一处。请照原样写，或者删掉这一行。")
            raise forms.ValidationError([wording % {"line": line} for line in lost])
        return typed.body(text, self.before)

    def in_editor(self) -> str:
        """The text as the editor begins with it."""
        if "html" in self.data:
            return clean(str(self.data["html"]))
        return (
            typed.body(str(self.data.get("body", "")), self.before)
            if self.is_bound
            else self.before
        )

    def clean(self) -> dict[str, Any]:
        """The readers that were named, as audience keys."""
        data = super().clean() or self.cleaned_data
        for scope in self.scopes:
            if scope.choose and data.get(f"take_{scope.code}"):
                found, unknown = self.people.keys(data.get(f"people_{scope.code}", ""))
                for sentence in unknown:
                    self.add_error(f"people_{scope.code}", sentence)
                data[f"keys_{scope.code}"] = [*data.get(f"groups_{scope.code}", ()), *found]
        return data

    def plan(self) -> list[dict[str, Any]]:
        """The intended stages as a draft keeps them."""
        data = self.cleaned_data
        steps = []
        for scope in self.scopes:
            if not data.get(f"take_{scope.code}"):
                continue
            opens = instant(data.get(f"opens_{scope.code}"), self.zone)
            steps.append(
                {
                    "scope": scope.code,
                    "keys": data.get(f"keys_{scope.code}", []),
                    "opens": clock.stamp(opens) if opens else "",
                }
            )
        return steps

    def content(self) -> dict[str, Any]:
        """What is handed to ``begin`` and ``edit``."""
        data = self.cleaned_data
        kept = {name: data[name] for name in ("title", "document_number", "kind", "form", "body")}
        kept |= {"plan": self.plan(), "channels": data["channels"]}
        if "note" in self.fields:
            kept["note"] = data["note"]
        return kept


def draft_initial(draft: Draft) -> dict[str, Any]:
    """What the form shows of a draft."""
    return {
        "title": draft.title,
        "document_number": draft.document_number,
        "kind": draft.kind,
        "form": draft.form,
        "body": typed.text(draft.body),
        "note": draft.note,
        "channels": draft.channels,
        "edits": draft.edits,
    }


class SubmitForm(forms.Form):
    """The authenticity statement, confirmed."""

    stated = forms.BooleanField(
        label=gettext_lazy("我已读过上面的承诺，确认由我作出"),
        error_messages={"required": gettext_lazy("要勾选这一项才能送审")},
    )
