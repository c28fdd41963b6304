"""Findings know whether they block; opinions, what advice was seen; a list of words to look for."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def complete(apps: Any, schema_editor: Any) -> None:
    """Rewrite kept findings as they are kept now: all of them blocked, and some named their places
    only in words. Rows without a finding stay as they are.
    """
    reviews = apps.get_model("review", "Review").objects.exclude(findings=[])
    for review in reviews.only("findings").iterator(chunk_size=500):
        review.findings = [_complete(each) for each in review.findings]
        review.save(update_fields=["findings"])


def _complete(old: dict[str, Any]) -> dict[str, Any]:
    places = old.get("places") or [{"part": "field", "name": old.get("where", "")}]
    kept = [{name: value for name, value in place.items() if value} for place in places]
    told = {name: old[name] for name in ("code", "kind", "masked", "digest")}
    return {"blocking": True, "variant": "", "facts": {}, **told, "places": kept}


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        ("review", "0002_an_edition_has_its_approval_sheet"),
    ]

    operations = [
        migrations.AddField(
            model_name="opinion", name="seen", field=models.JSONField(default=list)
        ),
        migrations.AlterModelOptions(name="clearance", options={"verbose_name": "放行"}),
        migrations.CreateModel(
            name="ListedWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leader", "领导人的姓名和职务"),
                            ("sensitive", "慎用词"),
                            ("mistyped", "常写错的词"),
                        ],
                        max_length=10,
                    ),
                ),
                ("word", models.CharField(max_length=40)),
                ("instead", models.CharField(blank=True, max_length=100)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "词表",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "kind", "word"), name="a_word_is_listed_once"
                    )
                ],
            },
        ),
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
