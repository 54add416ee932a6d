"""The SQL of an import. ``{staging}`` stands for the staging table.

A content that the archive holds counts as a duplicate too: the same corpus imported every night would otherwise
come back as fast as rotation archives it. Restoring is the way back.
"""

_HELD = """EXISTS (
        SELECT FROM examples e WHERE e.dataset_id = d.id AND e.content_hash = example_content_hash(s.content)
    )"""
_ARCHIVED = """EXISTS (
        SELECT FROM examples_archive a WHERE a.dataset_id = d.id AND a.content_hash = example_content_hash(s.content)
    )"""

EXTENT = "SELECT count(*), coalesce(min(seq), 0), coalesce(max(seq), 0) FROM {staging}"

# An id that another example has, or a former row of the same file, is not kept: a new one is given.
FREE_IDS = """
UPDATE {staging} s SET example_id = NULL
WHERE s.example_id IS NOT NULL AND (
    EXISTS (SELECT FROM examples e WHERE e.id = s.example_id)
    OR EXISTS (SELECT FROM examples_archive a WHERE a.id = s.example_id)
    OR s.seq > (SELECT min(o.seq) FROM {staging} o WHERE o.example_id = s.example_id)
)"""

RAISE_SEQUENCE = """
SELECT setval(pg_get_serial_sequence('examples', 'id'), greatest(
    (SELECT max(id) FROM examples), (SELECT max(id) FROM examples_archive),
    (SELECT last_value FROM examples_id_seq)))"""

_TARGET = "examples (id, dataset_id, content, response, metadata, batch_id, created_at, updated_at)"
_VALUES = """coalesce(s.example_id, nextval(pg_get_serial_sequence('examples', 'id'))), d.id, s.content, s.response,
    s.metadata, %(batch)s, coalesce(s.created_at, now()), coalesce(s.updated_at, s.created_at, now())"""
_SLICE = "s.seq > %(after)s AND s.seq <= %(until)s AND s.archived_at IS NULL"


# What an export took out of an archive goes back into it; its id says whether it is there already.
ARCHIVE = """
INSERT INTO examples_archive (
    id, dataset_id, content, response, metadata, search_vector, content_hash, batch_id, revision, created_at,
    updated_at, archived_at, archived_by)
SELECT s.example_id, d.id, s.content, s.response, s.metadata, example_search_vector(s.content, s.response),
       example_content_hash(s.content), %(batch)s, nextval('example_revision'), s.created_at, s.updated_at,
       s.archived_at, 'import'
FROM {staging} s JOIN datasets d ON d.domain_name = s.domain
WHERE s.archived_at IS NOT NULL AND s.example_id IS NOT NULL
ORDER BY s.seq ON CONFLICT DO NOTHING RETURNING id"""


def adding(domains_hold: bool) -> str:
    """Return the statement that adds a slice and skips duplicates.

    Where the domains hold something already, duplicates are left out ahead of the full-text work that they would cost.
    """
    ahead = f"AND NOT {_HELD} AND NOT {_ARCHIVED}" if domains_hold else ""
    return f"""
WITH added AS (
    INSERT INTO {_TARGET}
    SELECT {_VALUES}
    FROM {{staging}} s JOIN datasets d ON d.domain_name = s.domain
    WHERE {_SLICE} {ahead}
    ORDER BY s.seq
    ON CONFLICT DO NOTHING RETURNING 1
) SELECT count(*), 0 FROM added"""  # noqa: S608


def replacing() -> str:
    """Return the statement that adds a slice and replaces what has the same content; the last of several wins."""
    return f"""
WITH s AS (
    SELECT DISTINCT ON (s.domain, example_content_hash(s.content)) s.* FROM {{staging}} s
    WHERE {_SLICE}
    ORDER BY s.domain, example_content_hash(s.content), s.seq DESC
), written AS (
    INSERT INTO {_TARGET}
    SELECT {_VALUES}
    FROM s JOIN datasets d ON d.domain_name = s.domain
    WHERE NOT {_ARCHIVED}
    ORDER BY s.seq
    ON CONFLICT (dataset_id, content_hash) DO UPDATE
    SET content = excluded.content, response = excluded.response, metadata = excluded.metadata,
        batch_id = excluded.batch_id
    WHERE (examples.content, examples.response, examples.metadata)
          IS DISTINCT FROM (excluded.content, excluded.response, excluded.metadata)
    RETURNING (xmax = 0) AS added
) SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written"""  # noqa: S608


TAKE_DUPLICATES = f"""
WITH again AS (
    SELECT s.seq FROM (
        SELECT s.*, row_number() OVER (PARTITION BY domain, example_content_hash(content) ORDER BY seq) AS nth
        FROM {{staging}} s
    ) s LEFT JOIN datasets d ON d.domain_name = s.domain
    WHERE s.nth > 1 OR {_HELD} OR {_ARCHIVED}
), taken AS (
    DELETE FROM {{staging}} s USING again WHERE s.seq = again.seq RETURNING s.seq, s.file, s.line
) SELECT file, line FROM taken ORDER BY seq"""  # noqa: S608

FORESEE = f"""
WITH s AS (
    SELECT DISTINCT ON (s.domain, example_content_hash(s.content)) s.* FROM {{staging}} s
    ORDER BY s.domain, example_content_hash(s.content), s.seq DESC
)
SELECT count(*) FILTER (WHERE e.id IS NULL AND NOT {_ARCHIVED}),
       count(*) FILTER (WHERE (e.content, e.response, e.metadata) IS DISTINCT FROM (s.content, s.response, s.metadata)
                          AND e.id IS NOT NULL)
FROM s LEFT JOIN datasets d ON d.domain_name = s.domain
LEFT JOIN examples e ON e.dataset_id = d.id AND e.content_hash = example_content_hash(s.content)"""  # noqa: S608
