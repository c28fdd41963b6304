"""The interface's tags and filters, built in: no ``{% load %}`` needed.

How to make a page
==================
A desk page extends ``ui/desk.html`` (blocks ``title``, ``who``, ``main``; context ``rail``: a list
of ``(href, label, count, current)``, and ``(None, heading, None, False)`` between groups). A page
for the public or for members extends ``ui/reader.html`` (blocks ``title``, ``main``; context
``frame``, a ``parts.Frame``, when the view has a better one than the context processor's). A board
page extends ``ui/board/frame.jinja`` with ``frame`` given, and imports ``ui/board/macros.jinja``.
Values that components take (``Step Event Act Link``) are in ``gongkai.foundation.ui.parts``.

Marks (the same names are globals, or filters where marked |, in Jinja2; there ``due`` and ``days``
take ``today`` as an argument)::

    {% icon "check" %}                   check clock bang dash lock pen back shield cross down
    {% due date %}                       还有3个工作日; done=date said=_("已公开"),
                                         ends=_("今天公开") on the last day,
                                         calendar=True counts days, today=date for another day
    {% days start end first=True %}      the day ruler 日格; first: the start day counts
    {% bar parts total %}                parts: [("done", 31), ("late", 1), ("wait", 4)]
    {% qr text %}                        a QR code
    {{ title|keep }}                     breaks between words; inside class="keep"
    {{ date|day }} {{ date|day:False }}  2026年11月23日, without the year
    {{ date|weekday }}                   星期一
    {{ at|moment }} {{ at|moment:zone }} 2026年11月23日9:40
    {{ yuan|money }} {{ n|thousands }} {{ bytes|size }}

Components (Jinja2: macros of the same name and arguments)::

    {% steps steps wide=True %}          parts.Step list
    {% badge "members" words %}          members fixed gone ok plain
    {% act act %}                        parts.Act: link, submit button (no href), or own form
                                         (post=True); name= value= for a submit button; with
                                         obstacles a dashed button and the reasons
    {% acts list %}                      the panel 您可以, id "acts"
    {% actbar list %}                    phones: the line that leads to it; stands between the two
                                         children of <div class="cols">: text, {% actbar %}, aside
    {% story events %}                   parts.Event list; zone= year=True
    {% facts rows %}                     (name, value) pairs
    {% tabs links label=… %} {% crumbs links here %} parts.Link lists
    {% pager page pages "?page={n}" %}   pages count from the oldest
    {% empty title body links %} {% problem title body lines=… links=… %}
    {% okbox title body receipt=code %}
    {% aloud %}                          朗读: under the title of a page that holds a text

Forms::

    <form class="form" method="post">{% csrf_token %}
    {% errors form %}                    the summary with links to the fields; nothing when valid
    {% fields form %} or {% field form.name %}
    <div class="form__end"><button class="btn">送出意见</button></div></form>

A wide form part stands in ``<div class="form__pair">``; upload forms: ``enctype`` and
``{% field form.file %}`` as any other. ``class="section"`` with ``class="section__head"`` around a
heading, ``class="cols"`` with a second child ``class="aside"``, ``class="panel__title"`` in it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.middleware.csrf import get_token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from gongkai.foundation.ui import context as page_context
from gongkai.foundation.ui import jinja, marks
from gongkai.foundation.ui.parts import Act, Event, Link, Step

register = template.Library()

# -- marks -----------------------------------------------------------------------------------------

register.filter("keep", marks.keep)
register.filter("money", marks.money)
register.filter("thousands", marks.thousands)
register.filter("size", marks.size)
register.filter("weekday", marks.weekday)
register.filter("weekday_short", marks.weekday_short)
register.simple_tag(marks.asset, name="asset")
register.simple_tag(marks.lang, name="lang")
register.simple_tag(marks.icon, name="icon")
register.simple_tag(marks.bar, name="bar")
register.simple_tag(marks.qr, name="qr")


@register.filter
def day(value: date | None, year: bool = True) -> str:
    """A date in words; nothing for none."""
    return marks.day(value, year) if value else ""


@register.filter
def month(value: date) -> str:
    """The month of a date, in words."""
    return marks.month(value.year, value.month)


@register.filter
def moment(value: datetime | None, zone: str = "") -> str:
    """An instant in civil time; nothing for none."""
    return marks.moment(value, zone) if value else ""


@register.simple_tag(takes_context=True)
def due(context: Context, when: date, today: date | None = None, **said: Any) -> Markup:
    """When it is due, seen from the page's day."""
    return marks.due(when, today or context["today"], **said)


@register.simple_tag(takes_context=True)
def days(
    context: Context, start: date, end: date, today: date | None = None, first: bool = False
) -> Markup:
    """The day ruler, seen from the page's day."""
    return marks.days(start, end, today or context["today"], first=first)


# -- frame -----------------------------------------------------------------------------------------


@register.simple_tag
def document_head(desk: bool = False) -> Markup:
    """Style sheets, icon, script of modes."""
    return jinja.fragment("head", desk=desk)


@register.simple_tag(takes_context=True)
def masthead(context: Context, front: bool = False) -> Markup:
    """Util bar, name, red rule, categories: the board's own fragment."""
    return jinja.fragment("masthead", frame=_frame(context), front=front)


@register.simple_tag(takes_context=True)
def page_footer(context: Context) -> Markup:
    """The board's own footer."""
    return jinja.fragment("footer", frame=_frame(context))


@register.simple_tag
def modes() -> Markup:
    """The boxes 大字 and 高对比 of the desk."""
    return jinja.component("modes", simple=False)


@register.simple_tag
def aloud() -> Markup:
    """The controls that read the page's text aloud, with their script."""
    return jinja.component("aloud")


def _frame(context: Context) -> Any:
    # the page for a failure of the server is rendered without request and context processors
    return context.get("frame") or page_context.frame(None)


# -- components ------------------------------------------------------------------------------------


@register.simple_tag
def steps(steps: Sequence[Step], wide: bool = False) -> Markup:
    """The five steps 五步."""
    return jinja.component("steps", steps, wide)


@register.simple_tag
def badge(kind: str, words: str) -> Markup:
    """A state in a word, with its shape."""
    return jinja.component("badge", kind, words)


@register.simple_tag(takes_context=True)
def act(context: Context, act: Act, id: str = "", name: str = "", value: str = "") -> Markup:
    """One act, or why not."""
    return jinja.component("act", act, id, _token(context), name, value)


@register.simple_tag(takes_context=True)
def acts(context: Context, acts: Sequence[Act], title: str = "") -> Markup:
    """The panel of everything a person may do here."""
    body = Markup("").join(
        jinja.component("act", act, f"act-{n}", _token(context)) for n, act in enumerate(acts)
    )
    return Markup(
        '<section class="acts" id="acts" aria-labelledby="h-acts" tabindex="-1">'
        '<h2 class="panel__title" id="h-acts">{}</h2><div class="panel__body">{}</div></section>'
    ).format(title or _("您可以"), body)


@register.simple_tag
def actbar(acts: Sequence[Act], target: str = "acts") -> Markup:
    """On phones, the way to the acts from anywhere in the text."""
    return jinja.component("actbar", acts, target)


@register.simple_tag
def story(events: Iterable[Event], zone: str = "", year: bool = False) -> Markup:
    """The history in sentences 经过."""
    return jinja.component("story", events, zone, year)


@register.simple_tag
def facts(rows: Iterable[tuple[str, Any]], side: bool = True) -> Markup:
    """Names and values."""
    return jinja.component("facts", rows, side)


@register.simple_tag
def tabs(links: Sequence[Link], label: str = "") -> Markup:
    """Ways to narrow a list."""
    return jinja.component("tabs", links, label)


@register.simple_tag
def crumbs(links: Sequence[Link], here: str = "") -> Markup:
    """Where this page stands."""
    return jinja.component("crumbs", links, here)


@register.simple_tag
def pager(page: int, pages: int, href: str, newest: str = "") -> Markup:
    """Pages, counted from the oldest."""
    return jinja.component("pager", page, pages, href, newest)


@register.simple_tag
def empty(title: str, body: str = "", links: Sequence[Link] = ()) -> Markup:
    """Nothing here, and what to do instead."""
    return jinja.component("empty", title, body, links)


@register.simple_tag
def problem(
    title: str, body: str = "", lines: Sequence[str] = (), links: Sequence[Link] = ()
) -> Markup:
    """What went wrong, and what to do."""
    return jinja.component("problem", title, body, lines, links)


@register.simple_tag
def okbox(title: str, body: str = "", receipt: str = "") -> Markup:
    """It is done; with a receipt code when there is one."""
    return jinja.component("okbox", title, body, receipt)


def _token(context: Context) -> str:
    request = context.get("request")
    if request is None:
        return ""
    hidden = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    return format_html(hidden, get_token(request))


# -- forms -----------------------------------------------------------------------------------------


@register.simple_tag
def errors(form: forms.BaseForm) -> Markup:
    """What is wrong with the form, each line leading to its field."""
    if not form.errors:
        return Markup("")
    lines = [Markup("{}").format(error) for error in form.non_field_errors()]
    lines += [
        Markup('<a href="#{}">{}</a>').format(
            field.id_for_label or f"{field.auto_id}_0",
            _("%(field)s：%(error)s") % {"field": field.label, "error": error},
        )
        for field in form
        for error in field.errors
    ]
    title = ngettext("还差%(n)s处，没有送出", "还差%(n)s处，没有送出", len(lines))
    return jinja.component("problem", title % {"n": len(lines)}, "", lines)


@register.inclusion_tag("ui/field.html")
def field(field: forms.BoundField) -> dict[str, Any]:
    """Label, hint, message above the control, and the control; wired for screen readers."""
    widget = field.field.widget
    return {
        "field": field,
        "choices": isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple),
        "single": isinstance(widget, forms.CheckboxInput),
        "mark_optional": any(f.required for f in field.form.fields.values()),
        "optional": _("（可不填）"),
    }


@register.inclusion_tag("ui/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every field of the form, in its order."""
    return {"form": form}
