"""The press: from values to the two pages, Chinese and English, at one address.

A page is a function of the open public records alone; only the home page knows the day. What
stands on each kind of page is told in ``pages/``.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.utils import translation

from gongkai.foundation.ui.jinja import environment
from gongkai.foundation.ui.parts import Frame
from gongkai.surfaces.board import addresses, frame, shelves, words
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.shelves import Cut
from gongkai.surfaces.board.site import Site

Values = Mapping[str, Any]


class Press:
    """Renders pages of one town into one folder."""

    def __init__(self, site: Site, town: Town) -> None:
        self.site = site
        self.town = town
        self._frames: dict[tuple[str, str, str], Frame] = {}

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
            with translation.override(language):
                around = self._frame(house, language, root, here)
                given = values(root)
                own: Frame = given.get("frame", around)
                html = _template(template).render(
                    **{
                        "zone": house.zone,
                        "root": root,
                        "at": f"{root}{house.root}",
                        "words": words,
                        **given,
                        "frame": frame.in_languages(own, address),
                    }
                )
            self.site.write(addresses.path(f"{root}{address}"), html)

    def _frame(self, house: House, language: str, root: str, here: str) -> Frame:
        key = (house.slug, language, here)
        if key not in self._frames:
            self._frames[key] = frame.frame(self.town, house, root, here)
        return self._frames[key]

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


@lru_cache
def _template(name: str) -> Any:
    return environment().get_template(f"board/{name}.jinja")
