"""Functions that read how often a tsvector holds a word, and how long it is, out of `ts_rank`.

With all weights 1 and no normalisation the rank of one word that occurs n times is (1 + 1/4 + … + 1/n²) / (π²/6); a
tsvector keeps at most 255 positions of a word. Half the step to the next value is room for rounding to four bytes.
"""

from django.db import migrations

LARGEST = 255
LIMIT = 1.64493406685  # PostgreSQL's own constant for π²/6


def ranks() -> list[float]:
    totals, total = [], 0.0
    for n in range(1, LARGEST + 1):
        total += 1 / n**2
        totals.append((total - 0.5 / n**2) / LIMIT)
    return totals


WEIGHTS = "'{1,1,1,1}'::float4[]"

FREQUENCY = f"""
CREATE FUNCTION search_term_frequency(v tsvector, term tsquery) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN width_bucket(
    ts_rank({WEIGHTS}, v, term)::float8, '{{{",".join(f"{rank:.9f}" for rank in ranks())}}}'::float8[]
)
"""

LENGTH = f"""
CREATE FUNCTION search_length(v tsvector, held tsquery) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ts_rank({WEIGHTS}, v, held, 0)::float8 / nullif(ts_rank({WEIGHTS}, v, held, 2), 0)
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0009_search_tables")]
    operations = [
        migrations.RunSQL(FREQUENCY, "DROP FUNCTION search_term_frequency(tsvector, tsquery)"),
        migrations.RunSQL(LENGTH, "DROP FUNCTION search_length(tsvector, tsquery)"),
    ]
