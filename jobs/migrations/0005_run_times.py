"""How long jobs of each kind took of late, for whoever estimates a wait."""

from django.db import migrations

# The kinds by skipping through the index that run times are read from: as quick with a million jobs as with ten.
_VIEW = """
CREATE VIEW job_run_times AS
WITH RECURSIVE kinds AS (
    (SELECT kind FROM jobs WHERE status = 'completed' ORDER BY kind LIMIT 1)
    UNION ALL
    SELECT (SELECT j.kind FROM jobs j WHERE j.status = 'completed' AND j.kind > kinds.kind ORDER BY j.kind LIMIT 1)
    FROM kinds WHERE kinds.kind IS NOT NULL
)
SELECT kind, (SELECT avg(extract(epoch FROM finished_at - started_at))::float8 FROM (
                  SELECT j.finished_at, j.started_at FROM jobs j WHERE j.kind = kinds.kind AND j.status = 'completed'
                  ORDER BY j.finished_at DESC LIMIT 20) AS recent) AS seconds
FROM kinds WHERE kind IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_capped")]

    operations = [migrations.RunSQL(_VIEW, "DROP VIEW job_run_times")]
