import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0005_an_attachment_can_be_covered"),
    ]

    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edits", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        max_length=10,
                        choices=[
                            ("saved", "存草稿"),
                            ("automatic", "自动保存"),
                            ("restored", "恢复旧稿"),
                            ("aside", "另存，没有用上"),
                        ],
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("body", models.TextField()),
                ("particulars", models.JSONField(default=dict)),
                ("author", models.CharField(max_length=80)),
                ("post", models.CharField(max_length=300)),
                ("began_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        to="proposals.draft",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                    ),
                ),
            ],
            options={
                "verbose_name": "修订稿",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "edits"),
                        condition=~models.Q(kind="aside"),
                        name="a_save_has_one_revision",
                    )
                ],
            },
        ),
    ]
