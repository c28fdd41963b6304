"""A folded template says what Jinja2 itself would have it say."""

import pytest
from django.utils import translation
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from gongkai.foundation.ui.folding import FoldingEnvironment
from gongkai.foundation.ui.jinja import FIXED, environment
from gongkai.foundation.ui.marks import asset, icon, lang

TEMPLATE = """
{%- macro note(words) -%}<p title="{{ words }}">{{ words }}</p>{%- endmacro -%}
<html lang="{{ lang() }}"><link href="{{ asset('gongkai/base.css') }}">{{ icon("check") }}
{{ _("附件") }} {{ note(_("附件")) }} {{ _("第%(n)s版", n=number) }} {{ _(given) }}
{{ note(_("%(day)s更正（第%(n)s版）", day=hostile, n=number + 1)) }} {{ icon(shape) }}
{{ _("100%% of %(n)s", n=safe) }} {{ _("附件") if number > 1 else _("版本") }}
{% set words = _("看第%(n)s版", n=number) %}{{ words }}{{ words | upper }}
"""
VALUES = {
    "number": 3,
    "hostile": '<b>"&',
    "safe": Markup("<i>5</i>"),
    "given": "版本",
    "shape": "pen",
}


def rendered(kind, language):
    """The template in an environment of this kind."""
    with translation.override(language):
        env = kind(
            loader=DictLoader({"a": TEMPLATE}),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        env.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)
        env.globals.update(asset=asset, icon=icon, lang=lang)
        if kind is FoldingEnvironment:
            env.fixed = FIXED
        return env.get_template("a").render(**VALUES)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_folding_changes_no_byte(language):
    folded = rendered(FoldingEnvironment, language)
    assert folded == rendered(Environment, language)
    assert ("Attachment" in folded) == (language == "en")


def test_each_language_has_its_own_templates():
    with translation.override("en"):
        english = environment()
    with translation.override("zh-hans"):
        assert environment() is not english
        assert environment() is environment()
