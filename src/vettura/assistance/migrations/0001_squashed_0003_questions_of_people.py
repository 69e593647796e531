import django.db.models.deletion
import vettura.foundation.ids
from django.conf import settings
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('assistance', '0001_cases'),
        ('assistance', '0002_calls_for_help'),
        ('assistance', '0003_questions_of_people'),
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
                    name='MailboxWatch',
                    fields=[
                        ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ('asked_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Case',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=12, unique=True)),
                        ('kind', models.CharField(choices=[('consent_withdrawal', 'Withdrawal of consent'), ('question', 'Question'), ('breakdown', 'Breakdown')], max_length=24)),
                        ('status', models.CharField(choices=[('open', 'open'), ('closed', 'closed')], default='open', max_length=8)),
                        ('channel', models.CharField(choices=[('email', 'e-mail'), ('phone', 'phone'), ('portal', 'portal'), ('app', 'app'), ('car', 'car')], max_length=8)),
                        ('sureness', models.CharField(choices=[('confirmed', 'Sender confirmed'), ('address_only', 'Address only'), ('unknown', 'Sender unknown')], max_length=12)),
                        ('sender', models.EmailField(blank=True, max_length=254)),
                        ('country', models.CharField(blank=True, max_length=2)),
                        ('language', models.CharField(max_length=5)),
                        ('subject', models.CharField(blank=True, max_length=200)),
                        ('text', models.TextField(blank=True)),
                        ('opened_at', models.DateTimeField()),
                        ('due_at', models.DateTimeField()),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('executed_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to=settings.AUTH_USER_MODEL)),
                        ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases_assigned', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='vehicles.vehicle')),
                        ('topic', models.CharField(choices=[('contract', 'Contracts and purchases'), ('in_car_services', 'Services in the car'), ('registration', 'Registration and sign-in'), ('use', 'Use'), ('other', 'Something else')], default='other', max_length=16)),
                        ('tried', models.TextField(blank=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['status', 'due_at'], name='cases_by_due_time'), models.Index(fields=['assignee', 'status', 'due_at'], name='cases_of_an_agent'), models.Index(fields=['sender', '-opened_at'], name='cases_of_a_sender')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('status', 'open')), models.Q(('closed_at__isnull', False), ('status', 'closed')), _connector='OR'), name='closed_cases_say_when')],
                    },
                ),
                migrations.CreateModel(
                    name='CaseEntry',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('what', models.CharField(max_length=24)),
                        ('text', models.TextField(blank=True)),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_entries', to=settings.AUTH_USER_MODEL)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='assistance.case')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['case', 'at'], name='timeline_of_a_case')],
                    },
                ),
                migrations.CreateModel(
                    name='InboundMail',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('message_id', models.CharField(max_length=200, unique=True)),
                        ('taken_in_at', models.DateTimeField()),
                        ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='mail', to='assistance.case')),
                    ],
                ),
                migrations.CreateModel(
                    name='BreakdownCall',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('phone', models.CharField(blank=True, max_length=20)),
                        ('latitude', models.FloatField(null=True)),
                        ('longitude', models.FloatField(null=True)),
                        ('measured_at', models.DateTimeField(null=True)),
                        ('condition', models.JSONField(default=dict)),
                        ('ended_as', models.CharField(blank=True, choices=[('received', 'Received'), ('in_progress', 'In progress'), ('done', 'Done'), ('cancelled', 'Cancelled')], max_length=12)),
                        ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='breakdown', to='assistance.case')),
                        ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='breakdown_calls', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('vehicle',), name='one_call_for_help_per_car')],
                    },
                ),
            ],
        ),
    ]
