"""``gongkai propose``, ``gongkai review`` and ``gongkai seal to``: from a file to a sealed edition.

Each acts as the present holder of a post. Whoever may run commands here may act as anyone, so
these are for the person who keeps the machine, and each act is written down as that post's.
"""

from pathlib import Path

import click
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import intake as files
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import marks
from gongkai.procedure.proposals import pictures, texts
from gongkai.procedure.proposals import queries as proposals_read
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.states import DocumentKind
from gongkai.procedure.review import consulting, prior, queries, remarking, turns, workflow
from gongkai.procedure.review.models import PriorApproval, Review
from gongkai.procedure.review.states import Advice, PriorState

AS = click.option("--as", "post", required=True, help="The post whose holder acts, by its key.")
ADDRESS = click.argument("address")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--org", required=True, help="The organisation's slug.")
@click.option("--entry", required=True, help="The catalogue entry's code, such as JC-05.")
@AS
@click.option("--kind", type=click.Choice(DocumentKind.values), default="document")
@click.option("--title", default="", help="Instead of the file's first line.")
@click.option("--number", default="", help="The document number 文号, instead of the file's.")
@click.option(
    "--attach",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="A file to attach; may be given several times.",
)
@click.option("--submit", is_flag=True, help="Hand it over for review at once.")
def propose(
    file: Path,
    org: str,
    entry: str,
    post: str,
    kind: str,
    title: str,
    number: str,
    attach: tuple[Path, ...],
    submit: bool,
) -> None:
    """Make FILE (plain text or .docx) a draft under a catalogue entry."""
    organisation = organisations.organisation(org)
    officer = _officer(organisation.slug, post)
    found = proposals_read.entry_of(organisation, entry)
    with file.open("rb") as upload:
        text = texts.from_upload(upload, file.name)
    taken = pictures.take(text.html, text.pictures)
    kept = taken.files
    for path in attach:
        with path.open("rb") as upload:
            kept.append((files.keep(upload, path.name), path.name))
    with transaction.atomic():  # a draft with all its attachments, or none
        draft = proposals.begin(
            organisation=organisation,
            entry=found,
            officer=officer,
            title=title or _first_line(text),
            body=taken.html,
            kind=kind,
            document_number=number or text.document_number,
        )
        for stored, name in kept:
            proposals.attach(draft=draft, officer=officer, file=stored, title=name)
    click.echo(f"{draft.disclosure.address}  {draft.title}")
    for note in text.notes:
        click.echo(note)
    if submit:
        _told(workflow.submit(draft=draft, officer=officer))


@click.group()
def review() -> None:
    """Review what has been submitted: pass, return, clear, ask, comment, recall."""


@review.command()
@ADDRESS
@AS
def submit(address: str, post: str) -> None:
    """Hand the draft at ADDRESS over for review."""
    draft = _draft(address)
    officer = _officer(draft.disclosure.organisation.slug, post)
    _told(workflow.submit(draft=draft, officer=officer))


@review.command(name="pass")
@ADDRESS
@AS
@click.option("--text", default="", help="The opinion; without it the usual wording stands.")
def pass_(address: str, post: str, text: str) -> None:
    """Pass the present stage of what stands at ADDRESS."""
    found, officer = _found(address, post)
    _told(workflow.pass_stage(review=found, officer=officer, text=text))


@review.command(name="return")
@ADDRESS
@AS
@click.option("--reason", required=True, help="Why, and what to change.")
def return_(address: str, post: str, reason: str) -> None:
    """Send what stands at ADDRESS back to its proposer."""
    found, officer = _found(address, post)
    _told(workflow.return_draft(review=found, officer=officer, reason=reason))


@review.command()
@ADDRESS
@AS
@click.option("--release", is_flag=True, help="Give it back instead.")
def claim(address: str, post: str, release: bool) -> None:
    """Take the present stage of what stands at ADDRESS on, so that nobody else decides it."""
    found, officer = _found(address, post)
    verb = workflow.unclaim if release else workflow.claim
    _told(verb(review=found, officer=officer))


@review.command()
@ADDRESS
@AS
def recall(address: str, post: str) -> None:
    """Take your own draft at ADDRESS back out of review."""
    found, officer = _found(address, post)
    _told(workflow.recall(review=found, officer=officer))


@review.command()
@ADDRESS
@click.argument("finding")
@AS
@click.option("--reason", required=True, help="Why it may stand.")
def clear(address: str, finding: str, post: str, reason: str) -> None:
    """Let the blocking FINDING (its short name) stand in what is at ADDRESS."""
    found, officer = _found(address, post)
    named = queries.finding(found, finding)
    workflow.clear(review=found, officer=officer, finding=named, reason=reason)
    _told(found)


@review.command()
@ADDRESS
@AS
@click.option("--post", "asked", multiple=True, required=True, help="Whom to ask, by key.")
@click.option("--text", default="", help="What they should look at.")
def ask(address: str, post: str, asked: tuple[str, ...], text: str) -> None:
    """Ask other posts for their opinion on what stands at ADDRESS, beside its stages."""
    found, officer = _found(address, post)
    posts = [organisations.post(officer.organisation, key) for key in asked]
    for each in consulting.ask(review=found, officer=officer, posts=posts, question=text):
        said = {"post": each.post.name, "day": marks.day(each.due_on)}
        click.echo(_("已请%(post)s会签，%(day)s前答复。") % said)


@review.command()
@ADDRESS
@AS
@click.option("--advice", type=click.Choice(Advice.values), required=True, help="The opinion.")
@click.option("--text", default="", help="What to change, or why you object.")
def advise(address: str, post: str, advice: str, text: str) -> None:
    """Give the opinion that this post was asked for."""
    found, officer = _found(address, post)
    asked = [each for each in queries.consulted(officer, [found]) if each.post.key == post]
    if not asked:
        raise Refused([_("现在没有请“%(post)s”会签。") % {"post": officer.post_names}])
    consulting.advise(asked=asked[0], officer=officer, advice=advice, text=text)
    _told(found)


@review.command()
@ADDRESS
@AS
@click.option("--text", default="", help="Why it should be disclosed.")
@click.option("--recall", is_flag=True, help="Take the request back instead.")
def refer(address: str, post: str, text: str, recall: bool) -> None:
    """Ask the superior to approve what stands at ADDRESS, which is outside the catalogue."""
    found, officer = _found(address, post)
    if recall:
        request = prior.recall(request=_request(found), officer=officer)
        click.echo(_("已撤回报%(superior)s的请求。") % {"superior": request.superior.name})
        return
    request = prior.ask(review=found, officer=officer, question=text)
    said = {"superior": request.superior.name, "day": marks.day(request.due_on)}
    click.echo(_("已报%(superior)s批准，%(day)s前答复。") % said)


@review.command()
@ADDRESS
@AS
@click.option("--refuse", is_flag=True, help="Refuse it; --text says why.")
@click.option("--text", default="", help="The opinion; approving, the usual wording stands.")
def decide(address: str, post: str, refuse: bool, text: str) -> None:
    """Decide, as a post of the superior, on what a body below asked approval for."""
    request = _request(queries.open_review(proposals_read.disclosure(address)))
    officer = _officer(request.superior.slug, post)
    verb = prior.refuse if refuse else prior.approve
    click.echo(verb(request=request, officer=officer, text=text).get_state_display())


@review.command()
@ADDRESS
@AS
@click.option("--block", type=int, required=True, help="The block of the text, from 1.")
@click.option("--quote", default="", help="Words in it; the whole block without them.")
@click.option("--text", required=True, help="What to change.")
def remark(address: str, post: str, block: int, quote: str, text: str) -> None:
    """Comment at a place in the text at ADDRESS."""
    found, officer = _found(address, post)
    remarking.remark(review=found, officer=officer, block=block, quote=quote, text=text)
    click.echo(_("已写下批注。退回以后，提出人在编辑时看得到。"))


@review.command()
@ADDRESS
def show(address: str) -> None:
    """Say whose turn it is, and what the checks found."""
    found = queries.open_review(proposals_read.disclosure(address))
    _told(found)
    for finding in queries.advice_of(found):
        click.echo(_("（提示）%(finding)s") % {"finding": finding.label})


@click.command()
@ADDRESS
@AS
def seal(address: str, post: str) -> None:
    """Fix the review seal on what stands at ADDRESS."""
    found, officer = _found(address, post)
    edition = workflow.seal(review=found, officer=officer)
    click.echo(f"{edition.seal_number}  {edition.digest}")


def _officer(slug: str, post: str) -> Officer:
    organisation = organisations.organisation(slug)
    return organisations.officer_of_post(organisation, post, organisations.today(organisation))


def _draft(address: str) -> Draft:
    disclosure = proposals_read.disclosure(address)
    draft = proposals_read.draft_in_hand(disclosure)
    if draft is None:
        raise click.ClickException(_("“%s”现在没有草稿。") % disclosure.title)
    return draft


def _found(address: str, post: str) -> tuple[Review, Officer]:
    found = queries.open_review(proposals_read.disclosure(address))
    return found, _officer(found.draft.disclosure.organisation.slug, post)


def _request(found: Review) -> PriorApproval:
    waiting = queries.requests().filter(review=found, state=PriorState.WAITING).first()
    if waiting is None:
        raise Refused([_("“%s”没有在等上级批准。") % found.draft.title])
    return waiting


def _first_line(text: texts.Text) -> str:
    """The title that the file begins with; ``Refused`` when its first line cannot be one."""
    if not text.title:
        message = _(
            "文件的第一行不像标题：不能超过%d个字，不能以句号结尾。"
            "请改第一行，或者用--title写明标题。"
        )
        raise Refused([message % texts.TITLE_LIMIT])
    return text.title


def _told(found: Review) -> None:
    """Whose turn it is, and every finding that holds it up, with its short name."""
    if found.posts:
        click.echo(_("现在轮到%s。") % turns.turn(found))
    else:
        click.echo(_("这一轮审核已经结束（%s）。") % found.get_state_display())
    for finding in queries.open_findings(found):
        click.echo(f"{finding.code}  {finding.label}")
