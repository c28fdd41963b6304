"""Every carrier on which a draft can be looked at before its review 预览.

A carrier registers itself here with :func:`register`; its ``draw`` is the renderer that publishes.
The page of the preview shows those that suit the draft, side by side.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.organisations.models import Post
from gongkai.foundation.organisations.seat import Seated
from gongkai.procedure.catalogue.charter import Scope
from gongkai.procedure.proposals.queries import attachment_data
from gongkai.procedure.proposals.sanitise import placed
from gongkai.procedure.proposals.workflow import statement_wording
from gongkai.procedure.review.edition import SealMark, compose
from gongkai.surfaces.board import proof
from gongkai.surfaces.board.items import Item, Stage
from gongkai.surfaces.desk import paper_proofs, sheet
from gongkai.surfaces.desk.dossier import Dossier
from gongkai.surfaces.members import rooms

WIDE, NARROW = "wide", "narrow"


@dataclass(frozen=True)
class Carrier:
    """A way in which readers meet an item (载体): ``key`` stands in the address of its preview.

    ``public`` is for items that open to the public, otherwise for members alone. ``shape`` is the
    frame it is looked at in. ``draw`` makes the whole page, in the active language.
    """

    key: str
    name: Any
    public: bool
    shape: str
    draw: Callable[[Seated, Dossier, Item], str]


_known: dict[str, Carrier] = {}


def register(carrier: Carrier) -> None:
    """Let drafts be looked at on ``carrier`` from now on."""
    _known[carrier.key] = carrier


def of(dossier: Dossier) -> list[Carrier]:
    """The carriers that suit the plan of the draft in hand; the public's while it has no plan."""
    scopes = _planned(dossier)
    public = not scopes or any(not scope.inner for scope in scopes)
    return [carrier for carrier in _known.values() if carrier.public == public]


def item_of(dossier: Dossier) -> Item:
    """The draft in hand as the item that it would become if it were sealed and opened now.

    Composed as ``review.seal`` composes it; what only the seal brings says so, and nothing is kept.
    """
    draft, now = dossier.draft, clock.now()
    assert draft is not None, "only a draft in hand can be looked at"
    draft.statement = draft.statement or {
        "text": statement_wording(),
        "name": draft.proposer.name,
        "post": draft.proposer_post,
        "at": clock.stamp(now),
    }
    organisation = dossier.disclosure.organisation
    sealers = Post.objects.filter(organisation=organisation, key__in=dossier.charter.seal.posts)
    sealer = sealers.order_by("place", "pk").values_list("name", flat=True).first() or ""
    data = compose(
        draft,
        number=1 + len(dossier.editions),
        attachments=attachment_data(dossier.files),
        mark=SealMark(str(_("盖章后编号")), sealer, now),
        charter="",
    )
    return proof.item(
        canonical.encode(data).decode(),
        address=dossier.disclosure.address,
        organisation=organisation.slug,
        number=dossier.disclosure.number or "",
        note=draft.note,
        stages=[Stage(scope.name, scope.name_en, now) for scope in _planned(dossier)],
    )


def drawn(carrier: Carrier, request: Seated, dossier: Dossier) -> str:
    """The page of the draft on ``carrier``, its pictures from the desk and without scripts."""
    html = carrier.draw(request, dossier, item_of(dossier))
    return sheet.at_desk(proof.silenced(html))


def _planned(dossier: Dossier) -> list[Scope]:
    plan = dossier.draft.plan if dossier.draft else []
    known = {scope.code: scope for scope in dossier.charter.scopes}
    return [known[step["scope"]] for step in plan if step["scope"] in known]


def _board(_request: Seated, _dossier: Dossier, item: Item) -> str:
    return proof.page(item)


def _room(request: Seated, dossier: Dossier, item: Item) -> str:
    context = rooms.context(item, request.acting.member, dossier.zone)
    context |= {"body": placed(item.openings[0].edition.body, _as_sealed), "proof": True}
    context["frame"] = rooms.frame(request, "")
    return render_to_string("members/item.html", context, request)


def _as_sealed(address: str, name: str) -> str:
    return f"/files/{address}/{name}"


for each in (
    Carrier("web", pgettext_lazy("carrier", "网页"), True, WIDE, _board),
    Carrier("phone", pgettext_lazy("carrier", "手机"), True, NARROW, _board),
    Carrier("sheet", pgettext_lazy("carrier", "公开栏张贴页"), True, WIDE, paper_proofs.sheet),
    Carrier("paper", pgettext_lazy("carrier", "纸质公开件"), True, WIDE, paper_proofs.paper),
    Carrier("room", _("成员阅览室"), False, WIDE, _room),
    Carrier("room-phone", _("手机上的成员阅览室"), False, NARROW, _room),
    Carrier("room-paper", _("给成员的纸质公开件"), False, WIDE, paper_proofs.inner_paper),
):
    register(each)
