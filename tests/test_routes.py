"""Every route says who may use it; the borrowed ones stand in a table of their own."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from gongkai.config.doors import BORROWED, door_of
from gongkai.config.wsgi import RESERVED


def routes(
    resolver: URLResolver, prefix: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, URLPattern]]:
    """Each route with its address and its full name."""
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from routes(entry, address, inner)
        else:
            yield address, ":".join((*spaces, entry.name or "")), entry


def every_route() -> list[tuple[str, str, URLPattern]]:
    return list(routes(get_resolver()))


def test_every_route_declares_its_door():
    undeclared = [
        address for address, name, route in every_route() if not door_of(route.callback, name)
    ]
    assert undeclared == []


def test_the_table_of_borrowed_routes_names_no_other():
    names = {name for _, name, route in every_route() if not hasattr(route.callback, "door")}
    spaces = {f"{name.partition(':')[0]}:*" for name in names if ":" in name}
    assert sorted(set(BORROWED) - names - spaces) == []


def test_every_route_lies_in_a_space_that_the_board_leaves_free():
    outside = [
        address for address, _, _ in every_route() if address.partition("/")[0] not in RESERVED
    ]
    assert outside == []
