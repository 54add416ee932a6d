"""pgvector, the sequence that numbers changes, and the functions that generated columns are computed by."""

from django.db import migrations
from pgvector.django import VectorExtension

REVISIONS = "CREATE SEQUENCE example_revision"

# `decode(…, 'escape')` with doubled backslashes gives the UTF-8 bytes of a text as convert_to() would, but is
# immutable, as a generated column needs; so is all else in these functions, which lets the planner inline them.
CONTENT_HASH = r"""
CREATE FUNCTION example_content_hash(content text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256(decode(
    replace(btrim(regexp_replace(normalize(content, NFC), '\s+', ' ', 'g')), '\', '\\'),
    'escape'
))
"""

# 80,000 characters each keep the worst text below the 1 MB that a tsvector may hold.
SEARCH_VECTOR = """
CREATE FUNCTION example_search_vector(content text, response text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector('english'::regconfig, left(content, 80000)), 'A')
    || setweight(to_tsvector('english'::regconfig, left(response, 80000)), 'B')
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        VectorExtension(),
        migrations.RunSQL(REVISIONS, "DROP SEQUENCE example_revision"),
        migrations.RunSQL(CONTENT_HASH, "DROP FUNCTION example_content_hash(text)"),
        migrations.RunSQL(SEARCH_VECTOR, "DROP FUNCTION example_search_vector(text, text)"),
    ]
