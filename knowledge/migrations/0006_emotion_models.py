"""The versions of the emotion classifier."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0005_archive_by_content")]
    operations = [
        migrations.CreateModel(
            name="EmotionModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("content", models.BinaryField()),
                ("card", models.TextField(editable=False)),
                ("figures", models.JSONField(default=dict, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("activated_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "db_table": "emotion_models",
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("activated_at__isnull", False)),
                        fields=["-activated_at"],
                        include=("sha256",),
                        name="emotion_models_activated",
                    )
                ],
            },
        ),
    ]
