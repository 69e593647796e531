import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import vettura.foundation.ids
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('vehicle_link', '0001_initial'),
        ('vehicle_link', '0002_how_cars_leave'),
        ('vehicle_link', '0003_history'),
        ('vehicle_link', '0004_certificates_taken_back'),
        ('vehicle_link', '0005_wakes_and_repeated_wishes'),
        ('vehicle_link', '0006_watched_cars'),
    ]

    initial = True

    dependencies = [
        ('vehicles', '0004_consents'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='ParkedMessage',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('topic', models.CharField(max_length=200)),
                        ('payload', models.BinaryField()),
                        ('reason', models.TextField()),
                        ('received_at', models.DateTimeField()),
                        ('stream_sequence', models.BigIntegerField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='VehicleLink',
                    fields=[
                        ('vehicle', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='link', serialize=False, to='vehicles.vehicle')),
                        ('is_online', models.BooleanField(default=False)),
                        ('connected_at', models.DateTimeField(null=True)),
                        ('last_seen_at', models.DateTimeField(null=True)),
                        ('software', models.CharField(blank=True, max_length=64)),
                        ('head_unit', models.CharField(blank=True, max_length=64)),
                        ('bearer', models.CharField(blank=True, max_length=16)),
                        ('radio', models.CharField(blank=True, max_length=16)),
                        ('highest_counter', models.BigIntegerField(default=0)),
                        ('state_sequence', models.BigIntegerField(default=0)),
                        ('certificate_expires_at', models.DateTimeField(null=True)),
                        ('clock_ahead', models.DurationField(db_default=datetime.timedelta(0))),
                        ('left_at', models.DateTimeField(null=True)),
                        ('left_because', models.CharField(blank=True, db_default='', max_length=16)),
                        ('history_since', models.DateTimeField(null=True)),
                        ('certificate_revoked_at', models.DateTimeField(null=True)),
                        ('revoked_certificates', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), null=True, size=None)),
                        ('woken_at', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), null=True, size=None)),
                        ('is_watched', models.BooleanField(db_default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='RemoteCommand',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('account_id', models.UUIDField()),
                        ('type', models.CharField(max_length=32)),
                        ('params', models.JSONField(default=dict)),
                        ('counter', models.BigIntegerField()),
                        ('requested_at', models.DateTimeField()),
                        ('issued_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('status', models.CharField(choices=[('accepted', 'accepted'), ('queued', 'queued'), ('waking', 'waking'), ('sent', 'sent'), ('delivered', 'delivered'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('refused', 'refused'), ('expired', 'expired'), ('superseded', 'superseded'), ('unknown', 'unknown')], max_length=16)),
                        ('cause', models.CharField(blank=True, max_length=48)),
                        ('envelope', models.TextField()),
                        ('request_hash', models.CharField(max_length=64)),
                        ('last_sent_at', models.DateTimeField(null=True)),
                        ('step_count', models.PositiveSmallIntegerField(default=0)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commands', to='vehicles.vehicle')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['vehicle', '-issued_at'], name='commands_of_vehicle'), models.Index(condition=models.Q(('status__in', ['accepted', 'queued', 'waking', 'sent', 'delivered', 'running'])), fields=['expires_at'], name='unanswered_commands')],
                        'constraints': [models.UniqueConstraint(fields=('vehicle', 'counter'), name='one_command_per_counter')],
                    },
                ),
                migrations.CreateModel(
                    name='CommandStep',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('status', models.CharField(max_length=16)),
                        ('at', models.DateTimeField()),
                        ('cause', models.CharField(blank=True, max_length=48)),
                        ('command', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='vehicle_link.remotecommand')),
                    ],
                    options={
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('command', 'position'), name='one_step_per_position')],
                    },
                ),
                migrations.CreateModel(
                    name='Signal',
                    fields=[
                        ('pk', models.CompositePrimaryKey('vehicle_id', 'path', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('path', models.CharField(max_length=120)),
                        ('value', models.JSONField()),
                        ('measured_at', models.DateTimeField()),
                        ('received_at', models.DateTimeField()),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signals', to='vehicles.vehicle')),
                    ],
                ),
                migrations.CreateModel(
                    name='Document',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=32)),
                        ('version', models.PositiveIntegerField()),
                        ('body', models.JSONField()),
                        ('changed_at', models.DateTimeField()),
                        ('acknowledged_version', models.PositiveIntegerField(default=0)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('vehicle', 'name'), name='one_document_per_name')],
                    },
                ),
                migrations.CreateModel(
                    name='ReceivedEvent',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('event_id', models.CharField(max_length=64)),
                        ('type', models.CharField(max_length=64)),
                        ('at', models.DateTimeField()),
                        ('received_at', models.DateTimeField()),
                        ('reply', models.JSONField(null=True)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='received_events', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('vehicle', 'event_id'), name='one_event_per_id')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoryPoint',
                    fields=[
                        ('pk', models.CompositePrimaryKey('vehicle_id', 'sequence', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('sequence', models.BigIntegerField()),
                        ('measured_at', models.DateTimeField()),
                        ('charge', models.FloatField(null=True)),
                        ('electric_range', models.IntegerField(null=True)),
                        ('fuel_range', models.IntegerField(null=True)),
                        ('mileage', models.FloatField(null=True)),
                        ('is_fine', models.BooleanField(db_default=True)),
                        ('vehicle', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='history', to='vehicles.vehicle')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['vehicle', 'measured_at'], name='history_of_vehicle'), models.Index(condition=models.Q(('is_fine', True)), fields=['measured_at'], name='history_to_thin'), models.Index(condition=models.Q(('is_fine', False)), fields=['measured_at'], name='history_to_forget')],
                    },
                ),
                migrations.CreateModel(
                    name='PrivacySpan',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('began_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='privacy_spans', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('vehicle',), name='one_open_privacy_span')],
                    },
                ),
                migrations.CreateModel(
                    name='RepeatedWish',
                    fields=[
                        ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                        ('command', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='repetitions', to='vehicle_link.remotecommand')),
                    ],
                ),
            ],
        ),
    ]
