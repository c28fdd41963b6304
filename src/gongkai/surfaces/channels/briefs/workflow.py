"""The verbs on briefs: draft, edit, propose, send back, seal, circulate; and what follows."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.notices import workflow as notices
from gongkai.foundation.notices.jobs import send_many
from gongkai.foundation.organisations.audience import is_public
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer, today
from gongkai.procedure.archive import office_papers as papers
from gongkai.procedure.archive import workflow as archive
from gongkai.procedure.catalogue.charter import Charter, scope_keys
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.publication.postings import Proof, deliver
from gongkai.procedure.publication.queries import release_of_each
from gongkai.procedure.publication.states import EvidenceKind
from gongkai.surfaces.board.briefs import COPIES, EMPTIED, ISSUE
from gongkai.surfaces.channels.briefs import letters, queries, recalling, rules
from gongkai.surfaces.channels.briefs.models import Brief, BriefItem
from gongkai.surfaces.channels.briefs.states import CHANNEL, BriefState, Share

Choice = tuple[str, Share]
"""An item by its address, and how much of it."""
AT_ONCE = 25
"""Letters of one task."""


@transaction.atomic
def draft(*, officer: Officer, scope: str, first: date, last: date) -> Brief:
    """Begin an issue of what opened in these days; all of it stands in it at first 编简报"""
    organisation = Organisation.objects.select_for_update().get(pk=officer.organisation.pk)
    charter = charter_of(organisation)[1]
    if wrong := rules.draft_obstacles(organisation, officer, charter, scope, first, last):
        raise Refused(wrong)
    keys = sorted(scope_keys(charter, charter.scope(scope)))
    brief = Brief.objects.create(
        organisation=organisation,
        scope=scope,
        audience=keys,
        first=first,
        last=last,
        authors=[officer.member.key],
        drafter=officer.member,
        drafter_post=officer.post_names,
        changed_at=clock.now(),
    )
    found = queries.offered(organisation, keys, first, last)[-rules.MOST_ITEMS :]
    lengths = {queries.address_of(each): queries.characters(each.edition.body) for each in found}
    _choose(brief, [(key, _share(length)) for key, length in lengths.items()])
    _told("brief.draft", brief, officer)
    return brief


@transaction.atomic
def edit(*, brief: Brief, officer: Officer, lead: str, chosen: Sequence[Choice]) -> Brief:
    """Write the lead; choose the items, their order, and how much of each 编辑"""
    brief = _held(brief)
    if wrong := rules.edit_obstacles(brief, officer, lead, [share for _key, share in chosen]):
        raise Refused(wrong)
    brief.lead = lead.strip()
    papers.sign(brief, officer)
    BriefItem.objects.filter(brief=brief).delete()
    _choose(brief, list(dict(chosen).items()))
    papers.save(brief, "lead", "authors")
    _told("brief.edit", brief, officer)
    return brief


@transaction.atomic
def propose(*, brief: Brief, officer: Officer) -> Brief:
    """Hand the brief over to whoever seals it 送签"""
    brief = _held(brief)
    charter = charter_of(brief.organisation)[1]
    if wrong := rules.propose_obstacles(brief, officer, charter):
        raise Refused(wrong)
    papers.hand_over(brief, officer)
    _told("brief.propose", brief, officer)
    return brief


@transaction.atomic
def send_back(*, brief: Brief, officer: Officer, text: str) -> Brief:
    """Return the brief with what is to be changed 退回修改"""
    brief = _held(brief)
    charter = charter_of(brief.organisation)[1]
    if wrong := rules.return_obstacles(brief, officer, charter, text):
        raise Refused(wrong)
    papers.send_back(brief, text)
    _told("brief.return", brief, officer, text=brief.answer)
    return brief


@transaction.atomic
def drop(*, brief: Brief, officer: Officer) -> Brief:
    """Give the brief up; another of the same days can be begun 放弃"""
    brief = _held(brief)
    if wrong := rules.drop_obstacles(brief, officer):
        raise Refused(wrong)
    papers.drop(brief)
    _told("brief.drop", brief, officer)
    return brief


@transaction.atomic
def seal(*, brief: Brief, officer: Officer, seen: str, clearance: str = "") -> Brief:
    """Fix what the issue says, number it, open it to its readers, give it its 档号 签发

    ``seen`` names what the officer read (:func:`queries.seen`): ``Conflict`` when an item or a word
    is another by now. ``clearance`` is why what the checks found may stand. The worker makes PDF
    and .docx, the keeper the folder.
    """
    brief = _held(brief)
    organisation, now = brief.organisation, clock.now()
    charter = charter_of(organisation)[1]
    if wrong := rules.seal_obstacles(brief, officer, charter, clearance):
        raise Refused(wrong)
    facts, year = queries.facts(brief), today(organisation).year
    papers.give_number(brief, facts, seen=seen, series="brief", year=year)
    brief.deposit = archive.deposit(
        officer=officer, subject=brief.subject, title=_called(brief, charter), year=year
    )
    brief.sealer, brief.sealed_at, brief.clearance = officer.member, now, clearance.strip()
    facts = papers.fix(brief, officer, facts, state=BriefState.SEALED, at=now)
    brief.changed_at = now
    brief.save()
    _choose(brief, [(part["address"], Share.TOLD) for part in facts["told"]])
    more = {"digest": brief.digest, "file": brief.deposit.file_number, "text": brief.clearance}
    _told("brief.seal", brief, officer, opens=_opening(brief, facts), **more)
    return brief


def _opening(brief: Brief, facts: queries.Facts) -> ledger.Opening:
    """What the readers' pages are made from: the lead, and the items by name alone, so that what is
    taken back or erased has gone from them by itself.
    """
    body = {name: facts[name] for name in ("format", "name", "matter", "office", "readers", "lead")}
    body |= {name: facts[name] for name in ("year", "number", "sealed_by", "sealed_at", "first")}
    body |= {"last": facts["last"], "file_number": facts["file_number"], "facts": brief.digest}
    kept = ("address", "share", "digest", "opened_at")
    body["items"] = [{name: part[name] for name in kept} for part in facts["items"]]
    body["told"] = [part["address"] for part in facts["told"]]
    return ledger.Opening(queries.KIND, brief.subject, set(brief.audience), body, brief.digest)


@transaction.atomic
def keep_papers(*, brief: Brief, paper: StoredFile, word: StoredFile) -> bool:
    """Note the PDF and the .docx that the worker made; not where an erasure came first, or another
    worker. Says whether they are wanted.
    """
    wanted = Brief.objects.filter(pk=brief.pk, paper=None, erased_at=None)
    return bool(wanted.update(paper=paper, word=word, trouble=""))


def note_trouble(*, brief: Brief, trouble: str) -> None:
    """Note why the worker could not make them."""
    Brief.objects.filter(pk=brief.pk, paper=None).update(trouble=trouble)


def try_again(*, brief: Brief) -> None:
    """Have the worker try once more: somebody asked."""
    Brief.objects.filter(pk=brief.pk, paper=None).update(trouble="")


@transaction.atomic
def circulate(
    *, brief: Brief, officer: Officer, posts: Sequence[str] = (), addresses: Sequence[str] = ()
) -> Brief:
    """Write to the readers: to all of the audience or to the holders of ``posts``, and where it is
    for the public to ``addresses`` too 分送

    A letter carries no file, and of what is for members no title: it says where to read.
    """
    brief = _held(brief)
    if wrong := rules.circulate_obstacles(brief, officer, addresses):
        raise Refused(wrong)
    members = queries.recipients(brief, posts, today(brief.organisation))
    to = [each.account.email for each in members if each.account]
    to = list(dict.fromkeys([*to, *addresses]))
    if not to:
        raise Refused([_("这一期的读者里没有登记过邮箱的，没有信可寄。")])
    facts = queries.facts(brief)
    gone = queries.gone_from(brief, facts)
    kept = [notices.accept(letters.issue(brief, facts, gone, each)).pk for each in to]
    for start in range(0, len(kept), AT_ONCE):
        send_many.enqueue(kept[start : start + AT_ONCE])
    brief.circulated_at, brief.letters = clock.now(), len(to)
    brief.save(update_fields=["circulated_at", "letters"])
    recalling.note_circulated(brief, to, brief.circulated_at)
    carried = [part["digest"] for part in facts["items"] if part["address"] not in gone]
    said = _("%(year)s年第%(number)s期简报") % {"year": brief.year, "number": brief.number}
    shows = Proof(EvidenceKind.DELIVERY, brief.subject, brief.circulated_at, said=said)
    for release in release_of_each(carried):
        deliver(release, CHANNEL, shows)
    _told("brief.circulate", brief, officer, letters=len(to))
    return brief


@transaction.atomic
def destroy(*, brief: Brief, at: datetime) -> Brief:
    """An item in it was erased: words and files of the whole issue go, for they are one 清除

    The number, the 档号 and the addresses stay; the job destroys the bytes afterwards.
    """
    brief = _held(brief)
    for file in queries.files_of(brief):
        files.forget(digest=file.digest, at=at)
    ledger.erase(subject=brief.subject, kinds=[ISSUE, COPIES], at=at)
    recalling.forget(brief)
    brief.facts, brief.lead, brief.clearance, brief.trouble = None, "", "", ""
    brief.erased_at = at
    brief.save()
    ledger.record(
        verb="brief.erase",
        actor=ledger.SYSTEM,
        organisation=brief.organisation.slug,
        subject=brief.subject,
        label=str(brief),
        facts={"number": brief.number or 0},
        opens=_emptied(brief, charter_of(brief.organisation)[1], at),
    )
    return brief


def _emptied(brief: Brief, charter: Charter, at: datetime) -> ledger.Opening | None:
    """What stands in the place of a public issue: that there was one, and when it was emptied."""
    if not is_public(brief.audience):
        return None
    body = {
        "format": "gongkai-brief-emptied/1",
        "matter": charter.organisation.matter,
        "year": brief.year,
        "number": brief.number,
        "emptied_at": clock.stamp(at),
    }
    return ledger.Opening(EMPTIED, brief.subject, set(brief.audience), body)


def _share(length: int) -> Share:
    return Share.WHOLE if length <= rules.MOST_WHOLE else Share.EXCERPT


def _choose(brief: Brief, chosen: Sequence[Choice]) -> None:
    BriefItem.objects.bulk_create(
        [
            BriefItem(brief=brief, address=address, place=place, share=share)
            for place, (address, share) in enumerate(chosen, 1)
        ],
        ignore_conflicts=True,
    )


def _called(brief: Brief, charter: Charter) -> str:
    return f"{charter.organisation.matter}简报{brief.year}年第{brief.number}期"


def _held(brief: Brief) -> Brief:
    rows = Brief.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "deposit", "paper", "word").get(pk=brief.pk)


def _told(
    verb: str,
    brief: Brief,
    officer: Officer,
    opens: ledger.Opening | None = None,
    **facts: str | int,
) -> None:
    kept = {name: fact for name, fact in facts.items() if fact != ""}
    papers.tell(verb, brief, officer, opens, scope=brief.scope, **kept)
