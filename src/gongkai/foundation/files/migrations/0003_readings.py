from itertools import islice
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def want(apps: Any, _schema: Any) -> None:
    """Files that came in earlier are to be read too; the tick asks for them."""
    files = apps.get_model("files", "StoredFile").objects.filter(erased_at=None)
    reading = apps.get_model("files", "Reading")
    rows = (reading(file_id=pk) for pk in files.values_list("pk", flat=True).iterator())
    while portion := list(islice(rows, 1000)):
        reading.objects.bulk_create(portion)


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_damages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "还在准备"),
                            ("ready", "可以看了"),
                            ("refused", "不能在线看"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "trouble",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("locked", "这个文件设了密码，不能在线看。"),
                            ("broken", "这个文件已经损坏或者不合规范，画不出来，不能在线看。"),
                            ("large", "这个文件里的图像或表格太大，不能在线看。"),
                            ("long", "这个文件的页数太多，超过3,000页，不能在线看。"),
                            ("heavy", "这个文件太复杂，在规定的时间里没有画完，不能在线看。"),
                            ("no-office", "这种办公文件要先转换才能在线看，这里没有装转换程序。"),
                            ("unknown", "这种文件不能在线看。"),
                        ],
                        max_length=10,
                    ),
                ),
                ("pages", models.PositiveIntegerField(default=0)),
                ("touched_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("seq", models.BigIntegerField(null=True, unique=True)),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "阅读页",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["touched_at"],
                        name="readings_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("finished_at__isnull", False), ("seq", None)),
                        fields=["finished_at", "id"],
                        name="readings_to_number",
                    ),
                    models.Index(
                        condition=models.Q(("trouble", "no-office")),
                        fields=["id"],
                        name="readings_without_office",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_finished_reading_has_its_time",
                    )
                ],
            },
        ),
        migrations.RunPython(want, migrations.RunPython.noop),
    ]
