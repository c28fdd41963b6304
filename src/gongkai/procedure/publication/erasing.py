"""What an erasure destroys, table by table, in one place so that nothing is forgotten.

Only ``workflow.confirm_erasure`` and ``jobs.erase_files`` come here. What stays: that there was a
disclosure, its address, number and place in the catalogue, who asked and who confirmed.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from gongkai.foundation.files.models import StoredFile
from gongkai.procedure.proposals.models import Disclosure, Draft, DraftFile, Submission
from gongkai.procedure.publication.models import Withdrawal
from gongkai.procedure.review.models import Clearance, Edition, Opinion


def destroy_texts(disclosure: Disclosure, at: datetime) -> None:
    """Overwrite every text that the disclosure left in the database."""
    gone = _("（已清除）")
    drafts = Draft.objects.filter(disclosure=disclosure)
    Edition.objects.filter(disclosure=disclosure).update(data=None, erased_at=at)
    Submission.objects.filter(draft__in=drafts).update(title=gone, body="", attachments=[])
    Opinion.objects.filter(review__draft__in=drafts).update(text=gone)
    Clearance.objects.filter(review__draft__in=drafts).update(label=gone, reason=gone)
    Withdrawal.objects.filter(disclosure=disclosure).update(reason=gone)
    DraftFile.objects.filter(draft__in=drafts).update(title=gone)
    drafts.update(title=gone, body="", document_number="", note="")
    drafts.exclude(state__in=("sealed", "dropped")).update(state="dropped")
    disclosure.title = gone
    disclosure.save(update_fields=["title"])
    StoredFile.objects.filter(pk__in=own_files(disclosure)).update(erased_at=at, text="")


def own_files(disclosure: Disclosure) -> list[int]:
    """Keys of the stored files that this disclosure alone uses."""
    ours = DraftFile.objects.filter(draft__disclosure=disclosure).values("file")
    others = DraftFile.objects.exclude(draft__disclosure=disclosure).filter(file__in=ours)
    used = set(others.values_list("file_id", flat=True))
    return [key for key in ours.values_list("file_id", flat=True).distinct() if key not in used]


def forget_files(disclosure: Disclosure) -> None:
    """Let go of the attachments once their bytes are destroyed."""
    DraftFile.objects.filter(draft__disclosure=disclosure).delete()
