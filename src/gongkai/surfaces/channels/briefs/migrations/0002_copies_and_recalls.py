"""Later files of public issues, and to whom an issue was sent, so that it can be called back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("briefs", "0001_initial"),
        ("files", "0004_refusals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Copy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("left_out", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "brief",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="briefs.brief",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "word",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "简报的成品",
            },
        ),
        migrations.CreateModel(
            name="Circulation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.TextField()),
                ("until", models.DateTimeField()),
                (
                    "brief",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="briefs.brief",
                    ),
                ),
            ],
            options={
                "verbose_name": "分送名单",
                "indexes": [models.Index(fields=["until"], name="circulations_to_forget")],
            },
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("letters", models.PositiveIntegerField(default=0)),
                (
                    "brief",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="briefs.brief",
                    ),
                ),
            ],
            options={
                "verbose_name": "收回通知",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("brief", "address"), name="an_item_is_recalled_once"
                    )
                ],
            },
        ),
    ]
