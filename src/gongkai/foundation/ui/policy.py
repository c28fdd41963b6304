"""How a view asks for another content policy than that of every page.

The policy itself stands in one place for office and board, which the views cannot import; they name
the rules that differ, and the middleware that adds the header reads them.
"""

from collections.abc import Mapping
from typing import TypeVar

from django.http import HttpResponseBase

_ATTRIBUTE = "own_content_policy"

Response = TypeVar("Response", bound=HttpResponseBase)


def with_policy(response: Response, **rules: str) -> Response:
    """``response`` with these rules in place of the common ones, as ``frame_src="'self'"``."""
    setattr(response, _ATTRIBUTE, {name.replace("_", "-"): value for name, value in rules.items()})
    return response


def own_rules(response: HttpResponseBase) -> Mapping[str, str]:
    """The rules that a view has asked for."""
    found: Mapping[str, str] = getattr(response, _ATTRIBUTE, {})
    return found
