"""What is put into the graph of vectors from now on looks for its neighbours among more: ef_construction 256, was 128.

A graph that is there stays as it is, and is searched as its own calibration says, until it is built anew
(``manage.py embed_examples --rebuild-index``, or ``REINDEX INDEX CONCURRENTLY examples_by_meaning``).
"""

from django.db import migrations

_SET = "ALTER INDEX IF EXISTS examples_by_meaning SET (ef_construction = {})"


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0017_search_blanked")]
    operations = [migrations.RunSQL(_SET.format(256), _SET.format(128))]
