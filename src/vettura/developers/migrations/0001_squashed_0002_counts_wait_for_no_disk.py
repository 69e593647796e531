import django.contrib.postgres.fields
import django.db.models.deletion
import vettura.foundation.ids
from django.conf import settings
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('developers', '0001_webhooks'),
        ('developers', '0002_counts_wait_for_no_disk'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Spent',
                    fields=[
                        ('pk', models.CompositePrimaryKey('account_id', 'budget', 'about', 'window', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('account_id', models.UUIDField()),
                        ('budget', models.CharField(max_length=20)),
                        ('about', models.CharField(max_length=120)),
                        ('window', models.BigIntegerField()),
                        ('used', models.PositiveIntegerField()),
                        ('until', models.DateTimeField(db_index=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Webhook',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('client_id', models.CharField(blank=True, max_length=100)),
                        ('url', models.CharField(max_length=500)),
                        ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                        ('signals', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, size=None)),
                        ('cars', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=17), size=None)),
                        ('created_at', models.DateTimeField()),
                        ('proven_at', models.DateTimeField(null=True)),
                        ('generation', models.PositiveIntegerField(default=1)),
                        ('former_until', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('type', models.CharField(max_length=40)),
                        ('vin', models.CharField(max_length=17)),
                        ('body', models.JSONField()),
                        ('created_at', models.DateTimeField()),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('next_at', models.DateTimeField()),
                        ('delivered_at', models.DateTimeField(null=True)),
                        ('dead_at', models.DateTimeField(null=True)),
                        ('last_answer', models.CharField(blank=True, max_length=120)),
                        ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='developers.webhook')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('dead_at', None), ('delivered_at', None)), fields=['next_at'], name='deliveries_waiting'), models.Index(fields=['webhook', '-created_at'], name='deliveries_of_webhook'), models.Index(fields=['created_at'], name='deliveries_by_age')],
                    },
                ),
            ],
        ),
        # counts may be lost in a crash, and a request changes them in place: see 0002
        migrations.RunSQL(
            "ALTER TABLE developers_spent SET UNLOGGED; ALTER TABLE developers_spent SET (fillfactor = 50)",
            "ALTER TABLE developers_spent SET LOGGED; ALTER TABLE developers_spent RESET (fillfactor)",
        ),
    ]
