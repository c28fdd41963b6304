"""The press: from values to the two pages, Chinese and English, at one address.

A page is a function of the open public records alone; only the home page knows the day. What
stands on each kind of page is told in ``pages/``.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from markupsafe import Markup, escape

from gongkai.foundation.ui import spoken
from gongkai.foundation.ui.jinja import environment, fragment
from gongkai.foundation.ui.parts import Frame
from gongkai.surfaces.board import addresses, frame, shelves, words
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.moulds import Gaps, Mould, gap, mould
from gongkai.surfaces.board.shelves import Cut
from gongkai.surfaces.board.site import Site

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Around:
    """What stands around the pages of one house in one language, under one entry of the menu."""

    frame: Frame
    masthead: Markup
    footer: Markup


_arounds: dict[tuple[str, ...], Around] = {}
_HERE = "/\0"
"""Stands for the page's address in a masthead that serves many pages."""
_KEPT = 2000


class Press:
    """Renders pages of one town into one folder.

    ``kept`` holds what several pages of the same portion show, such as the line of an item.
    """

    def __init__(self, site: Site, town: Town) -> None:
        self.site = site
        self.town = town
        self.kept: dict[tuple[str, ...], Any] = {}

    def pages(
        self,
        address: str,
        template: str,
        house: House,
        values: Callable[[str], Values],
        here: str = "",
    ) -> None:
        """Render a page in both languages and write it."""
        for language, root in addresses.LANGUAGES:
            with spoken.speaking(language):
                html = self._html(address, template, house, language, root, values(root), here)
            self.site.write(addresses.path(f"{root}{address}"), html)

    def moulded(
        self,
        address: str,
        template: str,
        house: House,
        look: Hashable | None,
        values: Callable[[str], Values],
        gaps: Callable[[], Gaps],
        here: str = "",
    ) -> None:
        """Render a page whose ``values`` follow from its ``look`` alone, and fill its ``gaps``.

        With ``look`` None the page is one of its kind, and its mould is not kept.
        """
        for language, root in addresses.LANGUAGES:
            with spoken.speaking(language):

                def draw(language: str = language, root: str = root) -> str:
                    return self._html(
                        gap("here"), template, house, language, root, values(root), here
                    )

                key = (template, look, *self._frame_of(house, language, here))
                cast = Mould(draw()) if look is None else mould(key, draw)
                html = cast.filled({**gaps(), "here": address})
            self.site.write(addresses.path(f"{root}{address}"), html)

    def proof(
        self, address: str, template: str, house: House, values: Values, gaps: Gaps, here: str
    ) -> str:
        """One page of its kind in the active language, for somebody to look at; nothing is written.

        ``values`` and ``gaps`` as for ``moulded``, with the root of that language.
        """
        language, root = proof_language()
        html = self._html(gap("here"), template, house, language, root, values, here)
        return Mould(html).filled({**gaps, "here": address})

    def _html(
        self,
        address: str,
        template: str,
        house: House,
        language: str,
        root: str,
        values: Values,
        here: str,
    ) -> str:
        html: str = _template(template, language).render(
            {
                "zone": house.zone,
                "root": root,
                "at": f"{root}{house.root}",
                "own": house.root,
                "here": address,
                "board": settings.BOARD_URL,
                "words": words,
                **self._around(house, language, root, here, address),
                **_framed(values, address),
            }
        )
        return html

    def _frame_of(self, house: House, language: str, here: str) -> tuple[str, ...]:
        """What the surroundings of a page follow from."""
        return self.town.fingerprint, house.slug, language, here, *_addresses()

    def _around(
        self, house: House, language: str, root: str, here: str, address: str
    ) -> dict[str, Any]:
        """Frame, masthead and footer, which are the same for many pages but for one link."""
        key = self._frame_of(house, language, here)
        around = _arounds.get(key)
        if around is None:
            if len(_arounds) >= _KEPT:
                _arounds.clear()
            around = _arounds[key] = _drawn(frame.frame(self.town, house, root, here))
        masthead = Markup(str(around.masthead).replace(_HERE, str(escape(address))))
        return {"frame": around.frame, "masthead": masthead, "footer": around.footer}

    def cut(
        self,
        cut: Cut,
        size: int,
        template: str,
        house: House,
        values: Callable[[str], Values],
        here: str,
    ) -> None:
        """Render one page of a list of ``size`` places, with the way to its neighbours."""
        pages = shelves.pages(size)
        newest = addresses.shelf(self.town, cut.shelf)

        def build(root: str) -> Values:
            # An old page must not know how many there are: then it would never be finished.
            last = min(pages, cut.page + 1)
            return {
                **values(root),
                "page": cut.page,
                "pages": last,
                "pager_href": f"{root}{newest}/{{n}}",
                "pager_newest": f"{root}{newest}" if last == pages else "",
            }

        self.pages(addresses.cut(self.town, cut, pages), template, house, build, here)


def proof_language() -> tuple[str, str]:
    """The active language among the board's, and its root."""
    return next(each for each in addresses.LANGUAGES if each[0] == spoken.language())


def _framed(values: Values, address: str) -> Values:
    """Values that bring a frame of their own are drawn with it."""
    if "frame" not in values:
        return values
    own = _drawn(values["frame"], front=True)
    masthead = Markup(str(own.masthead).replace(_HERE, str(escape(address))))
    return {**values, "masthead": masthead, "footer": own.footer}


def _drawn(own: Frame, *, front: bool = False) -> Around:
    whole = frame.in_languages(own, _HERE)
    return Around(
        own, fragment("masthead", frame=whole, front=front), fragment("footer", frame=whole)
    )


def _addresses() -> tuple[str, ...]:
    return settings.OFFICE_URL, settings.BOARD_URL, str(settings.DEMONSTRATION)


@lru_cache(maxsize=256)
def _template(name: str, _language: str) -> Any:
    return environment().get_template(f"board/{name}.jinja")
