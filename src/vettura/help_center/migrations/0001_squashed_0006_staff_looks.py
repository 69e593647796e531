import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import vettura.foundation.ids
from django.conf import settings
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('help_center', '0001_search'),
        ('help_center', '0002_feedback'),
        ('help_center', '0003_articles_of_editors'),
        ('help_center', '0004_kept_manuals'),
        ('help_center', '0005_search_by_stems'),
        ('help_center', '0006_staff_looks'),
    ]

    initial = True

    dependencies = [
        ('identity', '0002_desk_changes'),  # words near each other need pg_trgm
        ('vehicles', '0005_simulated_cars'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='IndexedArticle',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('article_id', models.CharField(max_length=100)),
                        ('language', models.CharField(max_length=2)),
                        ('number', models.PositiveIntegerField()),
                        ('names', models.JSONField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('article_id', 'language'), name='an_article_once_per_language'), models.UniqueConstraint(fields=('language', 'number'), name='a_number_once_per_language')],
                    },
                ),
                migrations.CreateModel(
                    name='IndexedWord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('language', models.CharField(max_length=2)),
                        ('word', models.CharField(max_length=100)),
                        ('stem', models.CharField(max_length=100)),
                    ],
                    options={
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='help_word_trigrams', opclasses=['gin_trgm_ops']), models.Index(fields=['language', 'word'], name='help_word_begins', opclasses=['varchar_ops', 'varchar_pattern_ops'])],
                        'constraints': [models.UniqueConstraint(fields=('language', 'word'), name='a_word_once_per_language')],
                    },
                ),
                migrations.CreateModel(
                    name='ArticleView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('article_id', models.CharField(max_length=100)),
                        ('language', models.CharField(max_length=2)),
                        ('day', models.DateField()),
                        ('count', models.PositiveIntegerField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['day'], name='help_views_by_day')],
                        'constraints': [models.UniqueConstraint(fields=('article_id', 'language', 'day'), name='views_once_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='UnansweredSearch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('words', models.CharField(max_length=120)),
                        ('language', models.CharField(max_length=2)),
                        ('way', models.CharField(choices=[('page', 'Page'), ('api', 'Api'), ('command', 'Command')], max_length=8)),
                        ('day', models.DateField()),
                        ('count', models.PositiveIntegerField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['day'], name='help_unanswered_by_day')],
                        'constraints': [models.UniqueConstraint(fields=('words', 'language', 'way', 'day'), name='unanswered_words_once_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Feedback',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('article_id', models.CharField(max_length=100)),
                        ('language', models.CharField(max_length=2)),
                        ('visitor', models.CharField(blank=True, max_length=32)),
                        ('is_helpful', models.BooleanField()),
                        ('comment', models.TextField(blank=True)),
                        ('at', models.DateTimeField()),
                        ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='help_feedback', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['-at'], name='help_feedback_by_time'), models.Index(fields=['article_id', '-at'], name='help_feedback_of_an_article')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('account__isnull', False)), fields=('account', 'article_id'), name='one_vote_of_a_person'), models.UniqueConstraint(condition=models.Q(('account', None)), fields=('visitor', 'article_id'), name='one_vote_of_a_visitor'), models.CheckConstraint(condition=models.Q(models.Q(('account', None), models.Q(('visitor', ''), _negated=True)), models.Q(('account__isnull', False), ('visitor', '')), _connector='OR'), name='a_vote_is_a_persons_or_a_visitors')],
                    },
                ),
                migrations.CreateModel(
                    name='ArticleDraft',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('article_id', models.SlugField(max_length=100, unique=True)),
                        ('topic', models.CharField(max_length=40)),
                        ('head', models.TextField(blank=True)),
                        ('questions', models.JSONField(default=dict)),
                        ('texts', models.JSONField(default=dict)),
                        ('pack_source', models.TextField(blank=True)),
                        ('revision', models.PositiveIntegerField(default=1)),
                        ('saved_at', models.DateTimeField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='help_drafts', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='ArticleVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('article_id', models.SlugField(max_length=100)),
                        ('number', models.PositiveIntegerField()),
                        ('what', models.CharField(choices=[('published', 'Published'), ('reverted', 'Former text published again'), ('taken_back', 'Taken back: the text of the pack is read again')], max_length=12)),
                        ('topic', models.CharField(max_length=40)),
                        ('source', models.TextField(blank=True)),
                        ('pack_source', models.TextField(blank=True)),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='help_versions', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('article_id', 'number'), name='help_versions_in_turn')],
                    },
                ),
                migrations.CreateModel(
                    name='KeptManual',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('document', models.CharField(max_length=20)),
                        ('generation', models.CharField(max_length=20)),
                        ('language', models.CharField(max_length=2)),
                        ('edition', models.CharField(max_length=16)),
                        ('pdf', models.BinaryField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('document', 'generation', 'language'), name='a_manual_is_kept_once')],
                    },
                ),
                migrations.CreateModel(
                    name='IndexedStem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('language', models.CharField(max_length=2)),
                        ('stem', models.CharField(max_length=100)),
                        ('rarity', models.FloatField()),
                        ('articles', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                        ('weights', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('language', 'stem'), name='a_stem_once_per_language')],
                    },
                ),
                migrations.CreateModel(
                    name='StaffLook',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('topic', models.CharField(max_length=40, verbose_name='Question')),
                        ('service', models.CharField(blank=True, max_length=100, verbose_name='Service')),
                        ('at', models.DateTimeField()),
                        ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vehicles.vehicle')),
                    ],
                    options={
                        'verbose_name': "Look at a customer's car",
                    },
                ),
            ],
        ),
    ]
