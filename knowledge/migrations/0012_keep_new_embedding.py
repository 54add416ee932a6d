"""A new content loses the embedding of the old one, but not an embedding that comes with it."""

from django.db import migrations

STAMP = """
CREATE OR REPLACE FUNCTION example_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := nextval('example_revision');
    IF NEW.updated_at = OLD.updated_at THEN
        NEW.updated_at := clock_timestamp();
    END IF;
    IF (OLD.content, OLD.response) IS DISTINCT FROM (NEW.content, NEW.response)
       AND NEW.embedding IS NOT DISTINCT FROM OLD.embedding THEN
        NEW.embedding := NULL;
        NEW.embedder := NULL;
    END IF;
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0011_example_filters")]
    operations = [migrations.RunSQL(STAMP, migrations.RunSQL.noop)]
