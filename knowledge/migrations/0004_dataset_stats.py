"""The view of each domain's health; it reads counters and index ends, never the examples."""

from django.db import migrations

VIEW = """
CREATE VIEW dataset_stats AS
SELECT d.id AS dataset_id,
       d.domain_name,
       d.example_count AS examples,
       d.archived_count AS archived,
       d.embedded_count AS with_embedding,
       (SELECT min(e.created_at) FROM examples e WHERE e.dataset_id = d.id) AS oldest,
       (SELECT max(e.created_at) FROM examples e WHERE e.dataset_id = d.id) AS newest,
       d.content_bytes AS bytes
FROM datasets d
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_triggers")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW dataset_stats")]
