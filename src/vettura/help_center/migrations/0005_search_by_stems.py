import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


def forget(apps, schema_editor):
    """The rows are filled in anew at the next start."""
    for name in ("IndexedArticle", "IndexedWord"):
        apps.get_model("help_center", name).objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("help_center", "0004_kept_manuals"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex(model_name="indexedarticle", name="help_article_vector"),
        migrations.RemoveField(model_name="indexedarticle", name="question"),
        migrations.RemoveField(model_name="indexedarticle", name="vector"),
        migrations.AddField(
            model_name="indexedarticle", name="number", field=models.PositiveIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(
            model_name="indexedarticle", name="names", field=models.JSONField(default=list), preserve_default=False
        ),
        migrations.AddConstraint(
            model_name="indexedarticle",
            constraint=models.UniqueConstraint(fields=("language", "number"), name="a_number_once_per_language"),
        ),
        migrations.RemoveIndex(model_name="indexedword", name="help_word_stem"),
        migrations.RemoveField(model_name="indexedword", name="articles"),
        migrations.AddIndex(
            model_name="indexedword",
            index=models.Index(
                fields=["language", "word"], name="help_word_begins", opclasses=["varchar_ops", "varchar_pattern_ops"]
            ),
        ),
        migrations.CreateModel(
            name="IndexedStem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=2)),
                ("stem", models.CharField(max_length=100)),
                ("rarity", models.FloatField()),
                ("articles", django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ("weights", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("language", "stem"), name="a_stem_once_per_language")
                ],
            },
        ),
    ]
