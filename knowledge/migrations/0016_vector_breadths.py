"""How broadly the graph of vectors must be walked, as measured on the store."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0015_history_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="VectorBreadth",
            fields=[
                ("embedder", models.TextField(primary_key=True, serialize=False)),
                ("breadth", models.IntegerField()),
                ("recall", models.FloatField()),
                ("at_least", models.FloatField(help_text="The recall's lower bound, one-sided, 95%.")),
                ("questions", models.IntegerField()),
                ("vectors", models.BigIntegerField()),
                ("revision", models.BigIntegerField()),
                ("calibrated_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "vector_breadths",
            },
        ),
    ]
