"""Fifty questions of villagers, and what comes first.

``python -m tests.surfaces.search.relevance`` asks them. The items are the
demonstration's and a hundred of a kind that townships publish; what answers a question was judged
beforehand, by parts of titles. Writes ``docs/reference/search-relevance.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean

TODAY = date(2026, 11, 23)
HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "reference" / "search-relevance.md"
HEAD = """# What comes first

Written by `python -m tests.surfaces.search.relevance`; a test holds it up to date.

{questions} questions as a villager would ask them, before {items} items: those of the demonstration
and a hundred of a kind that townships publish (`tests/surfaces/search/relevance_items.txt`). Which
titles answer a question was written down beforehand, by those who built the search, not by
villagers. The first run gave 0.868. What offices write instead of what people say
(`src/gongkai/surfaces/search/alike.txt`) was gathered after it, knowing the questions, so this is
rather too good for questions that nobody has asked yet.

Mean reciprocal rank **{rank:.3f}**; first in {first} of {questions}, among the first three in
{three}. A test fails below {least}. *Place* is that of the first title that answers; "—" when
none is among the first ten.

| question | found | place | first |
|---|---|---|---|
"""
LEAST = 0.9


@dataclass(frozen=True)
class Judged:
    """A question, what came first of how many, and the place of the first that answers it."""

    typed: str
    total: int
    loose: bool
    first: str
    place: int

    @property
    def worth(self) -> float:
        """The reciprocal of the place; nothing when no answer is on the first page."""
        return 1 / self.place if self.place else 0.0


def items() -> list[tuple[str, int, str]]:
    """Title, year and text of each item."""
    from gongkai.config.demonstration import FOLDER

    texts = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*.txt"))]
    parted = [text.partition("\n") for text in texts]
    found = [(title.strip(), 2026, body) for title, _line, body in parted]
    for line in (HERE / "relevance_items.txt").read_text("utf-8").splitlines():
        title, year, body = line.split("｜")
        found.append((title, int(year), body))
    return found


def lay(office) -> None:
    """Publish every item."""
    from tests.surfaces.board.office import address

    for number, (title, year, body) in enumerate(items()):
        office.release(
            address(number),
            title=title,
            body=f"<p>{body}</p>",
            document_number="",
            number=f"青溪-JC-{year}-{number + 1}",
            opened_at=f"{year}-11-16T01:00:00Z",
        )
    office.expose()


def judged() -> list[Judged]:
    """Every question asked of the index as it stands."""
    from gongkai.foundation.organisations.audience import ANONYMOUS
    from gongkai.surfaces.board import houses
    from gongkai.surfaces.search import index
    from gongkai.surfaces.search.asking import Asking
    from gongkai.surfaces.search.choices import choices
    from gongkai.surfaces.search.questions import question

    offered = choices(houses.town())
    asking = Asking(index.reading(), ANONYMOUS, offered, TODAY)
    found = []
    for line in (HERE / "relevance_questions.txt").read_text("utf-8").splitlines():
        typed, right = line.split("｜")
        answer = asking.answer(question({"q": typed}, offered.known))
        titles = [hit.opening.edition.title for hit in answer.hits]
        place = _place(titles, right.split(";"))
        first = titles[0] if titles else "—"
        found.append(Judged(typed, answer.total, answer.loose, first, place))
    return found


def _place(titles: Sequence[str], right: Sequence[str]) -> int:
    """The place of the first title that holds one of these parts; 0 when none does."""
    fits = [any(part in title for part in right) for title in titles]
    return fits.index(True) + 1 if True in fits else 0


def rank(found: Sequence[Judged]) -> float:
    """The mean reciprocal rank."""
    return mean(each.worth for each in found)


def page(found: Sequence[Judged]) -> str:
    """The page of the reference."""
    head = HEAD.format(
        questions=len(found),
        items=len(items()),
        rank=rank(found),
        first=sum(each.place == 1 for each in found),
        three=sum(1 <= each.place <= 3 for each in found),
        least=LEAST,
    )
    return head + "".join(
        f"| {each.typed} | {each.total}{', some of the words' if each.loose else ''} "
        f"| {each.place or '—'} | {each.first} |\n"
        for each in found
    )


def made() -> str:
    """The page, from an empty home."""
    from django.conf import settings
    from django.core.management import call_command
    from tests.surfaces.board.office import Office

    from gongkai.foundation.ledger.lease import Lease
    from gongkai.surfaces.search import jobs

    call_command("migrate", verbosity=0)
    lease = Lease()
    assert lease.acquire()
    office = Office(settings.HOME, lease)
    office.charter()
    lay(office)
    jobs.follow()
    jobs.advance()
    return page(judged())


def main() -> None:
    """Write the page."""
    from tests.bench.places import place

    with place() as here:
        PAGE.write_text(here.submit(made).result(), "utf-8")


if __name__ == "__main__":
    main()
