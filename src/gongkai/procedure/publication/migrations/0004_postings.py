"""A row for each channel of a release, and what shows that it went out."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0004_refusals"),
        ("organisations", "0002_who_is_away"),
        ("publication", "0003_mark_what_waits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "还没有发出"),
                            ("delivered", "已发出"),
                            ("confirmed", "已证实"),
                            ("failed", "没有发成"),
                            ("taken_down", "已取下"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("since", models.DateTimeField(null=True)),
                ("at", models.DateTimeField(null=True)),
                ("comes_down", models.DateTimeField(null=True)),
                ("post", models.CharField(blank=True, max_length=300)),
                ("said", models.CharField(blank=True, max_length=500)),
                ("ticks", models.PositiveIntegerField(default=0)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publication.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "张贴",
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                            ("photo", "照片"),
                            ("play", "播放记录"),
                            ("delivery", "送达记录"),
                            ("minutes", "会议记录"),
                            ("note", "登记"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("said", models.CharField(blank=True, max_length=500)),
                ("post", models.CharField(blank=True, max_length=300)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="publication.posting",
                    ),
                ),
            ],
            options={
                "verbose_name": "佐证",
            },
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                fields=["organisation", "state", "channel", "id"], name="postings_by_state"
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(
                    ("comes_down__isnull", False), models.Q(("state", "taken_down"), _negated=True)
                ),
                fields=["organisation", "comes_down", "id"],
                name="postings_to_take_down",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("channel", "website"), ("state", "planned")),
                fields=["release"],
                name="postings_of_pages_to_come",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                fields=("release", "channel"), name="a_release_goes_once_to_a_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["delivered", "confirmed"]), _negated=True),
                    models.Q(("at__isnull", False), ("since__isnull", False)),
                    _connector="OR",
                ),
                name="what_is_out_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("posting", "key"), name="evidence_counts_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "photo"), _negated=True),
                    ("file__isnull", False),
                    _connector="OR",
                ),
                name="a_photo_is_a_file",
            ),
        ),
    ]
