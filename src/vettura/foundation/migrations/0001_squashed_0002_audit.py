import datetime
import django.db.models.deletion
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('foundation', '0001_initial'),
        ('foundation', '0002_audit'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AnsweredRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.UUIDField()),
                ('key', models.CharField(max_length=200)),
                ('fingerprint', models.CharField(max_length=64)),
                ('answer', models.JSONField(null=True)),
                ('answered_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account_id', 'key'), name='one_answer_per_key')],
            },
        ),
        migrations.CreateModel(
            name='ClockShift',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('shift', models.DurationField(default=datetime.timedelta)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_clock_shift'), models.CheckConstraint(condition=models.Q(('shift__gte', datetime.timedelta(0))), name='clock_never_goes_back')],
            },
        ),
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=100)),
                ('stream', models.CharField(max_length=64)),
                ('body', models.JSONField()),
                ('occurred_at', models.DateTimeField()),
                ('delivered_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['stream', 'id'], name='outbox_by_stream')],
            },
        ),
        migrations.CreateModel(
            name='DeliveredReaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reaction', models.CharField(max_length=100)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to='foundation.outboxevent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'reaction'), name='one_delivery_per_reaction')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=16)),
                ('table', models.CharField(max_length=63)),
                ('row_id', models.CharField(max_length=64)),
                ('operation', models.CharField(max_length=8)),
                ('changes', models.JSONField()),
                ('person_id', models.UUIDField(null=True)),
                ('car_id', models.UUIDField(null=True)),
                ('actor_id', models.UUIDField(null=True)),
                ('channel', models.CharField(max_length=10)),
                ('origin', models.CharField(blank=True, max_length=120)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('request_id', models.CharField(blank=True, max_length=32)),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'indexes': [models.Index(condition=models.Q(('person_id__isnull', False)), fields=['person_id', '-id'], name='audit_of_person'), models.Index(condition=models.Q(('car_id__isnull', False)), fields=['car_id', '-id'], name='audit_of_car'), models.Index(condition=models.Q(('actor_id__isnull', False)), fields=['actor_id', '-id'], name='audit_of_actor')],
            },
        ),
    ]
