import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import knowledge.models.example
import pgvector.django.halfvec
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0001_functions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Dataset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain_name', models.CharField(max_length=100, unique=True)),
                ('version', models.BigIntegerField(db_default=0, editable=False)),
                ('example_count', models.BigIntegerField(db_default=0, editable=False)),
                ('archived_count', models.BigIntegerField(db_default=0, editable=False)),
                ('embedded_count', models.BigIntegerField(db_default=0, editable=False)),
                ('content_bytes', models.BigIntegerField(db_default=0, editable=False)),
                ('max_examples', models.PositiveIntegerField(blank=True, help_text='Rotation keeps this many; 1,000 when empty.', null=True)),
                ('rotation_exempt', models.BooleanField(db_default=False, default=False, help_text='Rotation leaves this domain alone.')),
                ('metadata', models.JSONField(blank=True, db_default={}, default=dict)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'db_table': 'datasets',
                'ordering': ['domain_name'],
            },
        ),
        migrations.CreateModel(
            name='ArchivedExample',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('content', models.TextField()),
                ('response', models.TextField(db_default='')),
                ('metadata', models.JSONField(db_default={}, default=dict)),
                ('embedding', pgvector.django.halfvec.HalfVectorField(dimensions=256, editable=False, null=True)),
                ('embedder', models.TextField(editable=False, null=True)),
                ('search_vector', django.contrib.postgres.search.SearchVectorField(editable=False)),
                ('content_hash', models.BinaryField()),
                ('revision', models.BigIntegerField(editable=False)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('archived_by', models.TextField(db_default='', help_text='The rotation, or the person, that took it out.')),
                ('archived_revision', models.BigIntegerField(db_default=knowledge.models.example.NextRevision(), editable=False)),
            ],
            options={
                'db_table': 'examples_archive',
            },
        ),
        migrations.CreateModel(
            name='CachedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query_hash', models.CharField(max_length=64, unique=True)),
                ('query_text', models.TextField()),
                ('response', models.JSONField()),
                ('source', models.CharField(choices=[('dataset', 'Dataset'), ('wikipedia', 'Wikipedia'), ('web', 'Web'), ('llm', 'Llm')], max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('accessed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('access_count', models.BigIntegerField(db_default=0, default=0)),
                ('ttl', models.PositiveIntegerField(db_default=3600, default=3600, help_text='Seconds.')),
            ],
            options={
                'verbose_name': 'cached answer',
                'db_table': 'knowledge_cache',
            },
        ),
        migrations.CreateModel(
            name='Emotion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, unique=True)),
                ('neuroscience_freq', models.FloatField(help_text='Hz', validators=[django.core.validators.MinValueValidator(0.01), django.core.validators.MaxValueValidator(20000.0)])),
                ('metaphysical_freq', models.FloatField(help_text='Hz', validators=[django.core.validators.MinValueValidator(0.01), django.core.validators.MaxValueValidator(20000.0)])),
                ('valence', models.FloatField(default=0.0, validators=[django.core.validators.MinValueValidator(-1.0), django.core.validators.MaxValueValidator(1.0)])),
                ('arousal', models.FloatField(default=0.0, validators=[django.core.validators.MinValueValidator(-1.0), django.core.validators.MaxValueValidator(1.0)])),
                ('personality_template', models.JSONField(blank=True, default=dict)),
                ('evidence', models.JSONField(blank=True, default=dict)),
                ('group', models.CharField(blank=True, default='', max_length=50)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'db_table': 'emotions',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Example',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.TextField()),
                ('response', models.TextField(blank=True, db_default='', default='')),
                ('metadata', models.JSONField(blank=True, db_default={}, default=dict)),
                ('embedding', pgvector.django.halfvec.HalfVectorField(blank=True, dimensions=256, editable=False, null=True)),
                ('embedder', models.TextField(blank=True, editable=False, null=True)),
                ('search_vector', models.GeneratedField(db_persist=True, expression=models.Func('content', 'response', function='example_search_vector'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('content_hash', models.GeneratedField(db_persist=True, expression=models.Func('content', function='example_content_hash'), output_field=models.BinaryField())),
                ('revision', models.BigIntegerField(db_default=knowledge.models.example.NextRevision(), editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'db_table': 'examples',
            },
        ),
        migrations.CreateModel(
            name='ExampleHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('example_id', models.BigIntegerField()),
                ('action', models.CharField(choices=[('update', 'Update'), ('delete', 'Delete'), ('archive', 'Archive')], max_length=10)),
                ('content', models.TextField()),
                ('response', models.TextField()),
                ('metadata', models.JSONField()),
                ('created_at', models.DateTimeField(help_text='Of the example.')),
                ('updated_at', models.DateTimeField(help_text='Of this state.')),
                ('source_batch_id', models.BigIntegerField(help_text='The import that the example came from.', null=True)),
                ('revision', models.BigIntegerField()),
                ('until_revision', models.BigIntegerField()),
                ('version', models.BigIntegerField()),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('changed_by', models.TextField(db_default='')),
                ('changed_by_batch_id', models.BigIntegerField(help_text='The import, or the undoing, that changed it.', null=True)),
            ],
            options={
                'verbose_name_plural': 'example history',
                'db_table': 'example_history',
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query_hash', models.CharField(blank=True, default='', help_text='Of the answer that is rated.', max_length=64)),
                ('rating', models.SmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                ('note', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'verbose_name_plural': 'feedback',
                'db_table': 'feedback',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(editable=False, null=True, unique=True)),
                ('status', models.CharField(choices=[('running', 'Running'), ('applied', 'Applied'), ('failed', 'Failed'), ('undone', 'Undone')], default='running', max_length=10)),
                ('sources', models.JSONField(default=list, help_text='The names of the files.')),
                ('domains', models.JSONField(default=list, help_text='The domains that received examples.')),
                ('options', models.JSONField(default=dict)),
                ('actor', models.TextField(blank=True, default='')),
                ('read', models.BigIntegerField(default=0)),
                ('added', models.BigIntegerField(default=0)),
                ('replaced', models.BigIntegerField(default=0)),
                ('duplicates', models.BigIntegerField(default=0)),
                ('error_count', models.BigIntegerField(default=0)),
                ('errors', models.JSONField(default=list, help_text='The first 100: file, line, message.')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('finished_at', models.DateTimeField(editable=False, null=True)),
                ('undone_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'db_table': 'import_batches',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('note', models.TextField(blank=True, default='')),
                ('revision', models.BigIntegerField(editable=False)),
                ('version', models.BigIntegerField(editable=False)),
                ('example_count', models.BigIntegerField(editable=False)),
                ('created_by', models.TextField(default='', editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'db_table': 'dataset_snapshots',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DatasetStats',
            fields=[
                ('dataset', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='stats', serialize=False, to='knowledge.dataset')),
                ('domain_name', models.CharField(max_length=100)),
                ('examples', models.BigIntegerField()),
                ('archived', models.BigIntegerField()),
                ('with_embedding', models.BigIntegerField()),
                ('oldest', models.DateTimeField(null=True)),
                ('newest', models.DateTimeField(null=True)),
                ('bytes', models.BigIntegerField()),
            ],
            options={
                'db_table': 'dataset_stats',
                'ordering': ['domain_name'],
                'managed': False,
            },
        ),
        migrations.AddConstraint(
            model_name='dataset',
            constraint=models.CheckConstraint(condition=models.Q(('example_count__gte', 0)), name='datasets_counters_not_negative'),
        ),
        migrations.AddField(
            model_name='archivedexample',
            name='dataset',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='archived_examples', to='knowledge.dataset'),
        ),
        migrations.AddIndex(
            model_name='cachedanswer',
            index=models.Index(fields=['created_at'], name='knowledge_cache_by_age'),
        ),
        migrations.AddConstraint(
            model_name='emotion',
            constraint=models.CheckConstraint(condition=models.Q(('valence__range', (-1, 1))), name='emotions_valence'),
        ),
        migrations.AddConstraint(
            model_name='emotion',
            constraint=models.CheckConstraint(condition=models.Q(('arousal__range', (-1, 1))), name='emotions_arousal'),
        ),
        migrations.AddConstraint(
            model_name='emotion',
            constraint=models.CheckConstraint(condition=models.Q(('metaphysical_freq__gt', 0), ('neuroscience_freq__gt', 0)), name='emotions_frequencies'),
        ),
        migrations.AddField(
            model_name='example',
            name='dataset',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='examples', to='knowledge.dataset'),
        ),
        migrations.AddField(
            model_name='examplehistory',
            name='dataset',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='history', to='knowledge.dataset'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='example',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='feedback', to='knowledge.example'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='example',
            name='batch',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='examples', to='knowledge.importbatch'),
        ),
        migrations.AddField(
            model_name='archivedexample',
            name='batch',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='archived_examples', to='knowledge.importbatch'),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='dataset',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='knowledge.dataset'),
        ),
        migrations.AddIndex(
            model_name='examplehistory',
            index=models.Index(fields=['example_id', 'until_revision'], name='history_of_example'),
        ),
        migrations.AddIndex(
            model_name='examplehistory',
            index=models.Index(fields=['dataset', 'until_revision'], name='history_of_domain'),
        ),
        migrations.AddIndex(
            model_name='examplehistory',
            index=models.Index(condition=models.Q(('changed_by_batch_id__isnull', False)), fields=['changed_by_batch_id'], name='history_of_batch'),
        ),
        migrations.AddIndex(
            model_name='feedback',
            index=models.Index(fields=['rating', 'example'], name='feedback_by_rating'),
        ),
        migrations.AddConstraint(
            model_name='feedback',
            constraint=models.CheckConstraint(condition=models.Q(('rating__range', (1, 5))), name='feedback_rating'),
        ),
        migrations.AddConstraint(
            model_name='feedback',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('example__isnull', False), ('query_hash', '')), models.Q(('example__isnull', True), models.Q(('query_hash', ''), _negated=True)), _connector='OR'), name='feedback_on_one_thing'),
        ),
        migrations.AddIndex(
            model_name='example',
            index=models.Index(fields=['dataset', 'created_at', 'id'], name='examples_by_age'),
        ),
        migrations.AddIndex(
            model_name='example',
            index=models.Index(condition=models.Q(('embedding__isnull', True)), fields=['id'], name='examples_not_embedded'),
        ),
        migrations.AddIndex(
            model_name='example',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='examples_search'),
        ),
        migrations.AddConstraint(
            model_name='example',
            constraint=models.UniqueConstraint(fields=('dataset', 'content_hash'), name='examples_no_duplicate_in_domain'),
        ),
        migrations.AddConstraint(
            model_name='example',
            constraint=models.CheckConstraint(condition=models.Q(('content', ''), _negated=True), name='examples_content_not_blank'),
        ),
        migrations.AddIndex(
            model_name='archivedexample',
            index=models.Index(fields=['dataset', 'created_at', 'id'], name='archive_by_age'),
        ),
        migrations.AddIndex(
            model_name='archivedexample',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='archive_search'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(fields=('dataset', 'name'), name='snapshots_one_name_in_domain'),
        ),
    ]
