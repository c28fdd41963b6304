"""The Jinja2 environment of the board and the channels.

It finds ``templates/`` of every installed app, speaks the active language of Django through
``_()``, and knows the marks and the components. The office's pages take their
frame and components from here too (``templatetags/ui.py``), so the two cannot drift apart.
"""

from functools import cache
from pathlib import PurePath
from typing import Any

from django.template.utils import get_app_template_dirs
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from gongkai.foundation.ui import marks
from gongkai.foundation.ui.folding import TRANSLATION, FoldingEnvironment

GLOBALS = [
    "asset",
    "bar",
    "day",
    "days",
    "due",
    "english",
    "icon",
    "lang",
    "moment",
    "money",
    "qr",
    "size",
    "thousands",
    "weekday",
]
FILTERS = ["day", "keep", "moment", "money", "size", "thousands", "weekday"]


FIXED = {
    TRANSLATION: gettext,
    **{name: getattr(marks, name) for name in ("asset", "english", "icon", "lang")},
}
"""What, for fixed arguments, is the same on every page of one language."""


def environment() -> Environment:
    """The environment of the active language; its templates are compiled once."""
    return _environment(get_language() or "")


@cache
def _environment(_language: str) -> Environment:
    env = FoldingEnvironment(
        loader=FileSystemLoader([str(folder) for folder in get_app_template_dirs("templates")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    env.fixed = FIXED
    env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension brings it
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update({name: getattr(marks, name) for name in GLOBALS})
    env.globals["kind_of_page"] = kind_of_page
    env.filters.update({name: getattr(marks, name) for name in FILTERS})
    return env


@pass_context
def kind_of_page(context: Context) -> str:
    """The kind of the page being made: the name of its template, such as ``item``.

    It stands on ``<body>``, so that checks find one page of every kind without a list of kinds.
    """
    return PurePath(context.name or "").stem


def macro(template: str, name: str) -> Any:
    """The macro ``name`` of ``template``, to be called for one row after another."""
    return getattr(environment().get_template(template).module, name)


def fragment(name: str, **values: Any) -> Markup:
    """The rendered template ``ui/board/<name>.jinja``: head, masthead or footer."""
    return Markup(environment().get_template(f"ui/board/{name}.jinja").render(**values))


def component(name: str, *args: Any, **values: Any) -> Markup:
    """The macro ``name`` of ``ui/board/macros.jinja``, called."""
    return Markup(macro("ui/board/macros.jinja", name)(*args, **values))
