"""Indexes for vectors: the graph that finds the nearest, and who made each one.

The graph covers all vectors whatever their embedder; while an embedder is changed, a search filters by the one in use.
"""

from django.db import migrations

BY_MEANING = """
CREATE INDEX examples_by_meaning ON examples USING hnsw (embedding halfvec_cosine_ops)
WITH (m = 24, ef_construction = 128)
"""
BY_EMBEDDER = "CREATE INDEX examples_by_embedder ON examples (embedder, id) WHERE embedder IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0012_keep_new_embedding")]
    operations = [
        migrations.RunSQL(BY_MEANING, "DROP INDEX examples_by_meaning"),
        migrations.RunSQL(BY_EMBEDDER, "DROP INDEX examples_by_embedder"),
    ]
