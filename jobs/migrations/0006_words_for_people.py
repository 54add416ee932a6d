"""A key is called "API key" where people read its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0005_run_times")]

    operations = [
        migrations.AlterModelOptions(
            name="apikey", options={"ordering": ["-created_at"], "verbose_name": "API key"}
        )
    ]
