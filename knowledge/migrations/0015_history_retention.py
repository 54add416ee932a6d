"""What keeping history for a bounded time needs: who is settled, what fixtures brought, states by their age."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0014_emotion_model_groups")]
    operations = [
        migrations.CreateModel(
            name="FixtureExample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content_hash", models.BinaryField()),
                (
                    "dataset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="knowledge.dataset",
                    ),
                ),
            ],
            options={"db_table": "fixture_examples"},
        ),
        migrations.AddConstraint(
            model_name="fixtureexample",
            constraint=models.UniqueConstraint(fields=("dataset", "content_hash"), name="fixture_examples_once"),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="settled_at",
            field=models.DateTimeField(
                editable=False,
                help_text="Since when it can no longer be undone: the history it needs may be gone.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="examplehistory",
            index=models.Index(fields=["changed_at", "id"], name="history_by_age"),
        ),
    ]
