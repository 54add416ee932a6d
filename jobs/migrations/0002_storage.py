"""The hot tables are vacuumed early: their partial indexes live by it."""

from django.db import migrations

_EARLY = "ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)"
_DEFAULT = "ALTER TABLE {table} RESET (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor)"


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.RunSQL(_EARLY.format(table=table), _DEFAULT.format(table=table))
        for table in ("jobs", "job_attempts")
    ]
