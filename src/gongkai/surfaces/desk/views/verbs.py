"""What may be done with a paper of the office: a table of verbs, and the one small page of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from gongkai.foundation.organisations.forms import attempt
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui.parts import Act, Link
from gongkai.surfaces.desk.views.common import posted


@dataclass(frozen=True)
class Verb:
    """One thing that may be done (一种办法): its words, its form, and what does it."""

    label: Any
    lead: Any
    done: Any
    form: Callable[..., forms.Form]
    run: Callable[..., object]

    def act(self, href: str, obstacles: Sequence[str], *, quiet: bool = False) -> Act:
        """The way to its page."""
        return Act(str(self.label), href, obstacles, quiet=quiet)


@dataclass(frozen=True)
class Place:
    """Where a verb is asked for (所在): of what, where one goes back to, and where on to."""

    about: str
    back: str
    after: str
    crumbs: Sequence[Link]


def perform(
    request: Seated,
    verb: Verb,
    place: Place,
    obstacles: Callable[[], Sequence[str]],
    *,
    form: Mapping[str, Any] | None = None,
    seen: Callable[[], str] | None = None,
    changes: Sequence[str] = (),
    **subject: Any,
) -> HttpResponse:
    """Do ``verb`` on its ``subject`` with the words it asks for; else the page that asks for them,
    or says why it cannot be done.

    ``form`` is what the form is made with besides; ``seen`` gives the digest of what the page
    shows, for a verb that is done only on what was read.
    """
    asking = verb.form(posted(request), **(form or {}))
    if request.method == "POST" and asking.is_valid():
        asked = {name: asking.cleaned_data[name] for name in asking.fields if name != "sure"}
        if seen is not None:
            asked["seen"] = request.POST.get("seen", "")
        if attempt(asking, verb.run, officer=request.acting, **subject, **asked) is not None:
            messages.success(request, str(verb.done))
            return redirect(place.after)
    return page(
        request,
        place,
        heading=str(verb.label),
        lead=str(verb.lead),
        form=asking,
        obstacles=() if asking.errors else obstacles(),
        seen=seen() if seen else "",
        changes=changes,
    )


def page(
    request: Seated,
    place: Place,
    *,
    heading: str,
    lead: str,
    form: forms.Form,
    obstacles: Sequence[str],
    seen: str = "",
    changes: Sequence[str] = (),
) -> HttpResponse:
    """The small page of one act that is not about an item."""
    context = {
        "heading": heading,
        "about": place.about,
        "lead": lead,
        "form": form,
        "act": Act(heading, obstacles=obstacles),
        "back": place.back,
        "crumbs": place.crumbs,
        "seen": seen,
        "changes": changes,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/revision_act.html", context, status=status)
