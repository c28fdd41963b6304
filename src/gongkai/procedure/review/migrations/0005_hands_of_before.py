"""Write down who had which part in the rounds of before."""

from typing import Any

from django.db import migrations

AUTHOR = "*"


def fill(apps: Any, schema_editor: Any) -> None:
    """Authors first, then whoever decided. One person may have decided twice in a round by two
    posts that both stages named: the key of the second, which only the rules read, becomes that of
    the first; the post's name, which papers show, stays.
    """
    members = dict(apps.get_model("organisations", "Member").objects.values_list("key", "pk"))
    hands, opinions = apps.get_model("review", "Hand"), apps.get_model("review", "Opinion")
    reviews = apps.get_model("review", "Review").objects.select_related("draft").order_by("pk")
    for review in reviews.only("pk", "draft__authors").iterator(chunk_size=500):
        parts = {members[key]: AUTHOR for key in review.draft.authors if key in members}
        given = list(opinions.objects.filter(review=review).order_by("pk"))
        for opinion in given:
            parts.setdefault(opinion.member_id, opinion.post_key)
        hands.objects.bulk_create(
            hands(key=f"{review.pk}:{member}:{post}", review=review, member_id=member, post=post)
            for member, post in parts.items()
        )
        for opinion in given:
            opinion.post_key = parts[opinion.member_id]
            opinion.hand_id = f"{review.pk}:{opinion.member_id}:{opinion.post_key}"
            opinion.save(update_fields=["post_key", "hand"])


class Migration(migrations.Migration):
    dependencies = [("review", "0004_hands")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
