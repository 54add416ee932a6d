"""The state of a domain at a revision: what is there since before it, and what was there until after it."""

from django.db import migrations

EXAMPLES_AT = """
CREATE FUNCTION examples_at(dataset bigint, moment bigint) RETURNS TABLE (
    id bigint, content text, response text, metadata jsonb, created_at timestamptz, updated_at timestamptz,
    batch_id bigint, revision bigint
) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT id, content, response, metadata, created_at, updated_at, batch_id, revision
    FROM examples WHERE dataset_id = dataset AND revision <= moment
    UNION ALL
    SELECT example_id, content, response, metadata, created_at, updated_at, source_batch_id, revision
    FROM example_history WHERE dataset_id = dataset AND until_revision > moment AND revision <= moment
    UNION ALL
    SELECT id, content, response, metadata, created_at, updated_at, batch_id, revision
    FROM examples_archive WHERE dataset_id = dataset AND archived_revision > moment AND revision <= moment
$$
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0006_emotion_models")]
    operations = [migrations.RunSQL(EXAMPLES_AT, "DROP FUNCTION examples_at(bigint, bigint)")]
