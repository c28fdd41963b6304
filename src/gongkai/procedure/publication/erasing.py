"""What an erasure destroys, table by table, in one place so that nothing is forgotten.

Only ``workflow.confirm_erasure`` and ``jobs.erase_files`` come here. What stays: that there was a
disclosure, its address, number and place in the catalogue, who asked and who confirmed.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from gongkai.foundation.files import workflow as files
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger.models import Act
from gongkai.foundation.seals import papers
from gongkai.procedure.imports import workflow as imports
from gongkai.procedure.imports.models import Import
from gongkai.procedure.proposals.models import (
    Disclosure,
    Draft,
    DraftFile,
    Redaction,
    Revision,
    Submission,
    TextMask,
)
from gongkai.procedure.publication.models import Evidence, Withdrawal
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.models import (
    ApprovalSheet,
    Clearance,
    Consultation,
    Edition,
    Emergency,
    Opinion,
    PriorApproval,
    Remark,
    Review,
)


def destroy_texts(disclosure: Disclosure, at: datetime) -> None:
    """Overwrite every text that the disclosure left in the database."""
    gone = _("（已清除）")
    drafts = Draft.objects.filter(disclosure=disclosure)
    Edition.objects.filter(disclosure=disclosure).update(data=None, erased_at=at)
    Revision.objects.filter(draft__in=drafts).delete()
    TextMask.objects.filter(draft__in=drafts).delete()
    Submission.objects.filter(draft__in=drafts).update(
        title=gone, body="", attachments=[], particulars={}
    )
    Review.objects.filter(draft__in=drafts).update(findings=[])
    Opinion.objects.filter(review__draft__in=drafts).update(text=gone)
    Clearance.objects.filter(review__draft__in=drafts).update(label=gone, reason=gone)
    Consultation.objects.filter(review__draft__in=drafts).update(question="", text=gone)
    PriorApproval.objects.filter(review__draft__in=drafts).update(question="", text=gone, digest="")
    Emergency.objects.filter(edition__disclosure=disclosure).update(reason=gone, text=gone)
    Remark.objects.filter(review__draft__in=drafts).delete()
    Withdrawal.objects.filter(disclosure=disclosure).update(reason=gone)
    DraftFile.objects.filter(draft__in=drafts).update(title=gone)
    drafts.update(title=gone, body="", document_number="", note="")
    disclosure.title = gone
    disclosure.save(update_fields=["title"])
    for file in own_files(disclosure):
        files.forget(digest=file.digest, at=at)
    imports.forget(disclosure)


def own_files(disclosure: Disclosure) -> list[StoredFile]:
    """The stored files that this disclosure alone uses: those taken off a draft again as well, the
    originals that were read into it, a sheet that was sealed and not yet filed, and photographs of
    it on the wall, which show its text.
    """
    ours = DraftFile.objects.filter(draft__disclosure=disclosure).values("file")
    covered = Redaction.objects.filter(attachment__draft__disclosure=disclosure).values("original")
    sheets = ApprovalSheet.objects.filter(edition__disclosure=disclosure).values("file")
    acts = Act.objects.filter(subject=disclosure.address, facts__has_key="attached")
    once = [facts["attached"] for facts in acts.values_list("facts", flat=True)]
    read = Import.objects.filter(disclosure=disclosure).values("file")
    seen = Evidence.objects.filter(posting__release__disclosure=disclosure).values("file")
    editions = Edition.objects.filter(disclosure=disclosure).defer("data")
    once += papers.digests([review.paper(each) for each in editions])
    every = Q(pk__in=ours) | Q(pk__in=covered) | Q(pk__in=sheets) | Q(pk__in=read)
    every |= Q(pk__in=seen)
    mine = StoredFile.objects.filter(every | Q(digest__in=once)).defer("text")
    others = DraftFile.objects.exclude(draft__disclosure=disclosure).filter(file=OuterRef("pk"))
    originals = Redaction.objects.exclude(attachment__draft__disclosure=disclosure)
    beneath = originals.filter(original=OuterRef("pk"))
    return list(mine.exclude(Exists(others)).exclude(Exists(beneath)).order_by("pk"))


def forget_files(disclosure: Disclosure) -> None:
    """Let go of the attachments once their bytes are destroyed."""
    DraftFile.objects.filter(draft__disclosure=disclosure).delete()
