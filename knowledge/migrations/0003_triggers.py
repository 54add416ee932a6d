"""Statement triggers that keep counters, versions and history true, whatever path writes.

They work on transition tables, once a statement: a row trigger would cost a COPY several times more.

The session says who acts, in transaction-local settings: ``mcai.actor`` (text), ``mcai.batch`` (an import's id) and
``mcai.action`` (``archive`` while rows move to the archive, whose rows then are the history of those states).
"""

from django.db import migrations

STAMP = """
CREATE FUNCTION example_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := nextval('example_revision');
    IF NEW.updated_at = OLD.updated_at THEN
        NEW.updated_at := clock_timestamp();
    END IF;
    IF (OLD.content, OLD.response) IS DISTINCT FROM (NEW.content, NEW.response) THEN
        NEW.embedding := NULL;
        NEW.embedder := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER examples_stamp BEFORE UPDATE ON examples FOR EACH ROW
WHEN ((OLD.dataset_id, OLD.content, OLD.response, OLD.metadata)
      IS DISTINCT FROM (NEW.dataset_id, NEW.content, NEW.response, NEW.metadata))
EXECUTE FUNCTION example_stamp();
"""

INSERTED = """
CREATE FUNCTION examples_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE datasets d
    SET version = d.version + 1,
        example_count = d.example_count + a.examples,
        embedded_count = d.embedded_count + a.embedded,
        content_bytes = d.content_bytes + a.bytes,
        updated_at = clock_timestamp()
    FROM (
        SELECT dataset_id, count(*) AS examples, count(embedding) AS embedded,
               sum(octet_length(content) + octet_length(response)) AS bytes
        FROM added GROUP BY dataset_id
    ) a
    WHERE d.id = a.dataset_id;
    RETURN NULL;
END $$;
CREATE TRIGGER examples_inserted AFTER INSERT ON examples REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION examples_inserted();
"""

UPDATED = """
CREATE FUNCTION examples_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE datasets d
    SET version = d.version + 1,
        example_count = d.example_count + c.examples,
        embedded_count = d.embedded_count + c.embedded,
        content_bytes = d.content_bytes + c.bytes,
        updated_at = clock_timestamp()
    FROM (
        SELECT side.dataset_id, sum(side.sign) AS examples,
               sum(side.sign * (side.embedding IS NOT NULL)::int) AS embedded,
               sum(side.sign * (octet_length(side.content) + octet_length(side.response))) AS bytes
        FROM before o JOIN after n ON n.id = o.id
        CROSS JOIN LATERAL (VALUES (-1, o.dataset_id, o.content, o.response, o.embedding),
                                   (+1, n.dataset_id, n.content, n.response, n.embedding)
        ) AS side (sign, dataset_id, content, response, embedding)
        WHERE (o.dataset_id, o.content, o.response, o.metadata, o.embedding)
              IS DISTINCT FROM (n.dataset_id, n.content, n.response, n.metadata, n.embedding)
        GROUP BY side.dataset_id
    ) c
    WHERE d.id = c.dataset_id;

    INSERT INTO example_history (
        example_id, dataset_id, action, content, response, metadata, created_at, updated_at, source_batch_id,
        revision, until_revision, version, changed_at, changed_by, changed_by_batch_id)
    SELECT o.id, o.dataset_id, 'update', o.content, o.response, o.metadata, o.created_at, o.updated_at, o.batch_id,
           o.revision, n.revision, d.version, clock_timestamp(),
           coalesce(current_setting('mcai.actor', true), ''),
           nullif(current_setting('mcai.batch', true), '')::bigint
    FROM before o JOIN after n ON n.id = o.id JOIN datasets d ON d.id = o.dataset_id
    WHERE n.revision <> o.revision;
    RETURN NULL;
END $$;
CREATE TRIGGER examples_updated AFTER UPDATE ON examples REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION examples_updated();
"""

DELETED = """
CREATE FUNCTION examples_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE datasets d
    SET version = d.version + 1,
        example_count = d.example_count - r.examples,
        embedded_count = d.embedded_count - r.embedded,
        content_bytes = d.content_bytes - r.bytes,
        updated_at = clock_timestamp()
    FROM (
        SELECT dataset_id, count(*) AS examples, count(embedding) AS embedded,
               sum(octet_length(content) + octet_length(response)) AS bytes
        FROM removed GROUP BY dataset_id
    ) r
    WHERE d.id = r.dataset_id;

    IF current_setting('mcai.action', true) IS DISTINCT FROM 'archive' THEN
        INSERT INTO example_history (
            example_id, dataset_id, action, content, response, metadata, created_at, updated_at, source_batch_id,
            revision, until_revision, version, changed_at, changed_by, changed_by_batch_id)
        SELECT o.id, o.dataset_id, 'delete', o.content, o.response, o.metadata, o.created_at, o.updated_at,
               o.batch_id, o.revision, nextval('example_revision'), d.version, clock_timestamp(),
               coalesce(current_setting('mcai.actor', true), ''),
               nullif(current_setting('mcai.batch', true), '')::bigint
        FROM removed o JOIN datasets d ON d.id = o.dataset_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER examples_deleted AFTER DELETE ON examples REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION examples_deleted();
"""

TRUNCATED = """
CREATE FUNCTION examples_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE datasets
    SET version = version + 1, example_count = 0, embedded_count = 0, content_bytes = 0
    WHERE example_count > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER examples_truncated AFTER TRUNCATE ON examples
FOR EACH STATEMENT EXECUTE FUNCTION examples_truncated();
"""

ARCHIVED = """
CREATE FUNCTION archive_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE datasets d
    SET version = d.version + 1, archived_count = d.archived_count + a.examples, updated_at = clock_timestamp()
    FROM (SELECT dataset_id, count(*) AS examples FROM added GROUP BY dataset_id) a
    WHERE d.id = a.dataset_id;
    RETURN NULL;
END $$;
CREATE TRIGGER archive_inserted AFTER INSERT ON examples_archive REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION archive_inserted();
"""

UNARCHIVED = """
CREATE FUNCTION archive_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE datasets d
    SET version = d.version + 1, archived_count = d.archived_count - r.examples, updated_at = clock_timestamp()
    FROM (SELECT dataset_id, count(*) AS examples FROM removed GROUP BY dataset_id) r
    WHERE d.id = r.dataset_id;

    INSERT INTO example_history (
        example_id, dataset_id, action, content, response, metadata, created_at, updated_at, source_batch_id,
        revision, until_revision, version, changed_at, changed_by)
    SELECT o.id, o.dataset_id, 'archive', o.content, o.response, o.metadata, o.created_at, o.updated_at, o.batch_id,
           o.revision, o.archived_revision, d.version, o.archived_at, o.archived_by
    FROM removed o JOIN datasets d ON d.id = o.dataset_id;
    RETURN NULL;
END $$;
CREATE TRIGGER archive_deleted AFTER DELETE ON examples_archive REFERENCING OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION archive_deleted();
"""


def trigger(sql: str, table: str, name: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql, f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {function}();")


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_tables")]
    operations = [
        trigger(STAMP, "examples", "examples_stamp", "example_stamp"),
        trigger(INSERTED, "examples", "examples_inserted", "examples_inserted"),
        trigger(UPDATED, "examples", "examples_updated", "examples_updated"),
        trigger(DELETED, "examples", "examples_deleted", "examples_deleted"),
        trigger(TRUNCATED, "examples", "examples_truncated", "examples_truncated"),
        trigger(ARCHIVED, "examples_archive", "archive_inserted", "archive_inserted"),
        trigger(UNARCHIVED, "examples_archive", "archive_deleted", "archive_deleted"),
    ]
