"""One visit to the writing page: what came with it, and the page drawn again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import intake as files
from gongkai.foundation.files import storage
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Act, Link
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.imports import workflow as imports
from gongkai.procedure.proposals import blanks, pictures, queries, rules, workflow
from gongkai.procedure.proposals.models import Draft, Jotting
from gongkai.procedure.proposals.texts import TITLE_LIMIT, Text, from_stored
from gongkai.procedure.review import difference
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import (
    entries,
    jotted,
    meeting,
    originals,
    owed,
    readers,
    sheet,
    typed,
)
from gongkai.surfaces.desk.draft_forms import DraftForm, draft_initial
from gongkai.surfaces.desk.pointing import item_href
from gongkai.surfaces.desk.views.common import shown


def duty_asked(request: Seated) -> str:
    """The duty that the page was opened for, or that was chosen on it."""
    return str(request.POST.get("duty") or request.GET.get("duty", ""))


class WritingDesk:
    """One visit to the writing page: what came with it, and the page drawn again (写字台)."""

    def __init__(
        self,
        request: Seated,
        charter: Charter,
        rule: EntryRule,
        draft: Draft | None,
        duties: Sequence[Duty] = (),
        left: Jotting | None = None,
    ) -> None:
        self.request, self.charter, self.rule, self.draft = request, charter, rule, draft
        self.duties, self.left = duties, left
        choose = any(charter.scope(code).choose for code in rule.scopes)
        self.people = readers.people(request.acting.organisation, choose)
        self.problems: list[str] = []
        self.read: Text | None = None
        self.original: StoredFile | None = None
        self.brought = ""
        self.stored: list[tuple[StoredFile, str]] = []
        self.pictures: list[tuple[StoredFile, str]] = []

    def form(self, data: QueryDict | None = None) -> DraftForm:
        """The form, filled with what came, or with the draft."""
        if data is None:
            return DraftForm(
                initial=draft_initial(self.draft) if self.draft else self._fresh(),
                charter=self.charter,
                rule=self.rule,
                people=self.people,
                draft=self.draft,
                before=self.draft.body if self.draft else jotted.text(self.left),
                answers=self._choices(),
            )
        return DraftForm(
            data,
            self.request.FILES,
            charter=self.charter,
            rule=self.rule,
            people=self.people,
            draft=self.draft,
            before=self._before(data),
            answers=self._choices(),
        )

    def _before(self, data: QueryDict) -> str:
        """The text that the typed lines came from: of the save that the page was drawn after."""
        if self.read or self.draft is None:
            return self.read.html if self.read else ""
        edits = str(data.get("edits", ""))
        seen = queries.body_at(self.draft, int(edits)) if edits.isdecimal() else None
        return self.draft.body if seen is None else seen

    def _choices(self) -> list[tuple[str, str]]:
        """The duties that may be answered, as the form offers them."""
        wording = _("%(period)s，%(day)s截止")
        return [
            (str(each.pk), wording % {"period": owed.period(each), "day": marks.day(each.due_on)})
            for each in self.duties
        ]

    def answers(self, form: DraftForm) -> dict[str, Any]:
        """Which duty what is written shall meet, for ``begin``; what was offered and not taken
        makes it something extra.
        """
        chosen = form.cleaned_data.get("duty", "")
        duty = next((each for each in self.duties if str(each.pk) == chosen), None)
        return {"duty": duty, "extra": bool(self.duties) and duty is None}

    def _fresh(self) -> dict[str, Any]:
        plan = rules.default_plan(self.charter, self.rule)
        notice = bool(self.rule.notice_workdays)
        fresh = {
            "channels": rules.default_channels(self.charter, self.rule, plan),
            "kind": "notice" if notice else "document",
        }
        asked = duty_asked(self.request)
        if duty := next((each for each in self.duties if str(each.pk) == asked), None):
            fresh["title"] = owed.first_title(self.rule, duty)[:TITLE_LIMIT]
        elif self.duties:
            duty = self.duties[0]
        fresh |= {"duty": str(duty.pk)} if duty else {}
        return fresh | jotted.initial(self.left, self.charter, self.rule, self.people)

    @property
    def only_looks(self) -> bool:
        """Whether the text is only to be shown. A file that was read in is always kept."""
        return "preview" in self.request.POST and self.read is None

    def read_in(self) -> QueryDict:
        """What was posted, with title and text taken from the file when one was sent to be read.

        Only for what is new: a draft reads files in where their text is seen first. What was typed
        already stands behind the file's text.
        """
        data = self.request.POST.copy()
        if "html" in data:
            data["body"] = typed.text(str(data["html"]))
        upload = self.request.FILES.get("text_file")
        if upload is None or self.draft is not None:
            return data
        try:
            self.brought = name = upload.name or ""
            self.original = files.keep(upload, name, self.request.acting)
            path = storage.path(self.original.digest)
            text = from_stored(path, self.original.extension, name)
            taken = pictures.take(text.html, text.pictures, self.request.acting)
        except Refused as refused:
            self.problems += refused.obstacles
            return data
        text, self.pictures = replace(text, html=taken.html), taken.files
        data["title"] = text.title or data.get("title") or self.rule.title[:TITLE_LIMIT]
        data["document_number"] = text.document_number or data.get("document_number", "")
        if "html" in data:
            data["html"] = f"{text.html}\n{data['html']}"
            data["body"] = typed.text(str(data["html"]))
        else:
            said = data.get("body", "").strip()
            data["body"] = "\n".join(filter(None, (typed.text(text.html), said)))
        self.read = text
        return data

    def may_keep(self, form: DraftForm) -> bool:
        """Whether all that was typed and every file can be taken; otherwise the form says why, and
        nothing is saved.
        """
        form.is_valid()
        for sentence in self.problems:
            form.add_error("text_file", sentence)
        if self.problems:
            form.errors.pop("title", None)  # the file was to bring it
        if form.errors:
            return False
        for upload in form.cleaned_data.get("attached") or ():
            try:
                stored = files.keep(upload, upload.name or "", self.request.acting)
                self.stored.append((stored, upload.name or ""))
            except Refused as refused:
                for sentence in refused.obstacles:
                    form.add_error("attached", sentence)
        return not form.errors

    def kept(self, draft: Draft) -> HttpResponse:
        """After saving: attachments, what to look at in the text read in, and the next page."""
        request, text = self.request, self.read
        for sentence in self._attach(draft, [*self.pictures, *self.stored]):
            messages.warning(request, sentence)
        for note in text.notes if text else ():
            messages.warning(request, note)
        address = draft.disclosure.address
        if text is not None and self.original is not None:
            imports.keep_original(
                officer=request.acting, file=self.original, name=self.brought, draft=draft
            )
            messages.success(request, _("已从文件读入，存成草稿。请核对正文，再送审。"))
            return redirect("desk:edit", address)
        if "submit" in request.POST:
            return redirect("desk:submit", address)
        if "check" in request.POST:
            return redirect("desk:check", address)
        messages.success(request, _("已存草稿《%(title)s》。") % {"title": shown(draft.title)})
        return redirect("desk:edit" if "stay" in request.POST else "desk:item", address)

    def _attach(self, draft: Draft, stored: Iterable[tuple[StoredFile, str]]) -> list[str]:
        """The sentences of what could not be attached; the rest is."""
        refusals: list[str] = []
        for file, name in stored:
            try:
                workflow.attach(draft=draft, officer=self.request.acting, file=file, title=name)
            except Refused as refused:
                refusals += refused.obstacles
        return refusals

    def conflict(self, form: DraftForm, data: QueryDict) -> HttpResponse:
        """Somebody saved in between: both texts, and the next save goes over theirs knowingly."""
        assert self.draft is not None
        theirs = Draft.objects.select_related("disclosure__organisation").get(pk=self.draft.pk)
        mine = form.content()
        workflow.set_aside(draft=theirs, officer=self.request.acting, **mine)
        seen = form.cleaned_data["edits"] or 0
        if seen == theirs.edits:  # the words moved while somebody chose: the same two meet again
            said = str(data.get("seen", ""))
            seen = int(said) if said.isdecimal() else 0
        found = meeting.places(theirs, seen, mine["body"])
        data["edits"] = str(theirs.edits)
        again = self.form(data)
        again.is_valid()
        made = {
            "title": Markup(difference.words(masked(theirs.title), masked(mine["title"]))),
            "places": found,
            "seen": seen,
            "their_title": sheet.line(theirs.title),
            "their_body": sheet.flagged(theirs.body),
        }
        return self.page(again, conflict=made, status=409)

    def page(
        self,
        form: DraftForm,
        *,
        preview: bool = False,
        obstacles: Sequence[str] = (),
        conflict: dict[str, Any] | None = None,
        status: int = 0,
    ) -> HttpResponse:
        """The writing page."""
        draft, organisation = self.draft, self.request.acting.organisation
        bound = form.is_bound and not preview
        if bound and self.read and form.errors:
            form.add_error("text_file", _("没有存上。请改好上面说的，再选一次文件。"))
        context = {
            "form": form,
            "dirty": form.is_bound,
            "entry": self.rule,
            "title": entries.titled(self.rule),
            "elements": owed.elements(
                self.rule, *self._said(form), kind=str(form["kind"].value() or "")
            ),
            "duties": owed.of_item(draft.disclosure) if draft else [],
            "department": entries.department(self.charter, self.rule),
            "category": named(self.charter.category(self.rule.category)),
            "draft": draft,
            "left": self.left,
            "files": queries.attachments(draft) if draft else [],
            "originals": originals.of(draft.disclosure, draft.body) if draft else [],
            "address": draft.disclosure.address if draft else "",
            "blanks": [] if draft or form.is_bound or self.left else self._blanks(),
            "asked": str(form.initial.get("duty", "")),
            "preview": self._preview(form) if preview else None,
            "conflict": conflict,
            "save": Act(_("存草稿"), obstacles=obstacles),
            "crumbs": self._crumbs(),
            "zone": organisation.zone,
        }
        code = status or (422 if bound else 200)
        return render(self.request, "desk/write.html", context, status=code)

    def _blanks(self) -> list[tuple[str, str, bool]]:
        """The templates a new draft may begin with, the one that suits the entry first."""
        best = blanks.suggested(self.rule)
        known = blanks.all_of_them().values()
        found = [(each.key, _(each.name), each.key == best) for each in known]
        return sorted(found, key=lambda each: not each[2])

    def _said(self, form: DraftForm) -> tuple[str, str]:
        """Title and body as they stand on the page."""
        return str(form["title"].value() or ""), str(form["body"].value() or "")

    def _preview(self, form: DraftForm) -> dict[str, Any]:
        data = form.cleaned_data
        return {
            "title": sheet.line(data["title"]),
            "document_number": data["document_number"],
            "body": sheet.flagged(data["body"]),
        }

    def _crumbs(self) -> list[Link]:
        if self.draft is None:
            return [Link(_("公开目录"), reverse("desk:catalogue"))]
        return [Link(self.draft.title, item_href(self.draft.disclosure.address))]
