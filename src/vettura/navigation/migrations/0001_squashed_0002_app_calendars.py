import django.db.models.deletion
import vettura.foundation.ids
from django.conf import settings
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('navigation', '0001_initial'),
        ('navigation', '0002_app_calendars'),
    ]

    initial = True

    dependencies = [
        ('vehicles', '0005_simulated_cars'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='DestinationList',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('released_at', models.DateTimeField(null=True)),
                        ('document_version', models.PositiveIntegerField(default=0)),
                        ('taken_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='destination_lists', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='destination_lists', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('account', 'vehicle'), name='one_destination_list_per_car')],
                    },
                ),
                migrations.CreateModel(
                    name='Destination',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('destination', 'Destination'), ('poi', 'Point of interest')], default='destination', max_length=12)),
                        ('origin', models.CharField(choices=[('portal', 'Portal'), ('app', 'App'), ('car', 'Car')], max_length=8)),
                        ('name', models.CharField(blank=True, max_length=60)),
                        ('address', models.CharField(blank=True, max_length=200)),
                        ('latitude', models.FloatField(null=True)),
                        ('longitude', models.FloatField(null=True)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('category', models.CharField(default='other', max_length=16)),
                        ('changed_at', models.DateTimeField()),
                        ('deleted_at', models.DateTimeField(null=True)),
                        ('released', models.JSONField(null=True)),
                        ('list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='navigation.destinationlist')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['list', 'name'], name='destinations_by_name'), models.Index(condition=models.Q(('deleted_at__isnull', False), models.Q(('name', ''), _negated=True)), fields=['deleted_at'], name='destinations_to_forget')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='a_position_is_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='AppCalendar',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('entries', models.JSONField(default=list)),
                        ('brought_at', models.DateTimeField()),
                        ('over_at', models.DateTimeField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='app_calendars', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='app_calendars', to='vehicles.vehicle')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['over_at'], name='calendars_to_forget')],
                        'constraints': [models.UniqueConstraint(fields=('account', 'vehicle'), name='one_calendar_per_person_and_car')],
                    },
                ),
            ],
        ),
    ]
