"""Punctuation no longer glues words together in the full-text index.

PostgreSQL's parser makes one word of a path, a host or a file name, keeps a compound beside its parts, takes `<…>` for a
tag that says nothing, and in the locale C sees a letter in every character beyond ASCII, so that “quoted” is another
word than quoted. Each such character becomes one blank, so that places in the text stay what they were; a dot stays
between two digits.

Only examples whose words change are written anew. Their triggers rest meanwhile: nobody has edited them. So writers
wait until it is done; readers do not.
"""

from django.db import migrations

GLUE = (
    r"[!-\-/:-@\[-`{-~"  # ASCII without the dot
    r"\u0080-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"  # Latin-1 without letters and numbers
    r"\u2000-\u206f\u2190-\u2bff\u3000-\u303f]"  # quotation marks, dashes, special blanks; arrows, signs; CJK's
    r"|\.(?![0-9])|(?<![0-9])\."
)
BLANKED = f"""
CREATE FUNCTION search_blanked(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(words, '{GLUE}', ' ', 'g')
"""
VECTOR = """
CREATE OR REPLACE FUNCTION example_search_vector(content text, response text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector('english'::regconfig, {content}), 'A')
    || setweight(to_tsvector('english'::regconfig, {response}), 'B')
"""
NEW = VECTOR.format(content="search_blanked(left(content, 80000))", response="search_blanked(left(response, 80000))")
OLD = VECTOR.format(content="left(content, 80000)", response="left(response, 80000)")

# A generated column is computed anew when what it is made of is set, be it to what it was.
REWRITE = """
ALTER TABLE examples DISABLE TRIGGER USER;
UPDATE examples SET content = content WHERE search_vector <> example_search_vector(content, response);
ALTER TABLE examples ENABLE TRIGGER USER;
UPDATE examples_archive SET search_vector = example_search_vector(content, response)
WHERE search_vector <> example_search_vector(content, response);

-- Counts of words that are out of date, and a model for a store of another size: both are made anew by the next to look.
UPDATE search_corpus SET examples = 0, version = -1;
UPDATE embedder_models SET examples = 0 WHERE embedder = 'lsa';
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0016_vector_breadths")]
    operations = [
        migrations.RunSQL(BLANKED, "DROP FUNCTION search_blanked(text)"),
        migrations.RunSQL(migrations.RunSQL.noop, REWRITE),  # on the way back, once the old function is there again
        migrations.RunSQL(NEW, OLD),
        migrations.RunSQL(REWRITE, migrations.RunSQL.noop),
    ]
