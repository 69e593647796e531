import django.contrib.postgres.fields
import django.db.models.deletion
import vettura.foundation.ids
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('notifications', '0001_initial'),
        ('notifications', '0002_erasure'),
        ('notifications', '0003_phones'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('recipient_id', models.UUIDField(db_index=True, null=True)),
                ('to', models.CharField(max_length=254)),
                ('language', models.CharField(max_length=5)),
                ('status', models.CharField(choices=[('queued', 'queued'), ('sent', 'sent'), ('failed', 'failed')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('provider_reference', models.CharField(blank=True, max_length=200)),
                ('queued_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('sealed_content', models.BinaryField(null=True)),
                ('template', models.CharField(max_length=100)),
                ('subject', models.CharField(max_length=200)),
                ('is_farewell', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'sent'), _negated=True), ('sealed_content', None), _connector='OR'), name='sent_mail_keeps_no_content')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('recipient_id', models.UUIDField()),
                ('kind', models.CharField(max_length=40)),
                ('language', models.CharField(max_length=5)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('posted_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['recipient_id', '-posted_at'], name='inbox_newest_first'), models.Index(condition=models.Q(('read_at', None)), fields=['recipient_id'], name='inbox_unread')],
            },
        ),
        migrations.CreateModel(
            name='MessageAttachment',
            fields=[
                ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('media_type', models.CharField(max_length=100)),
                ('content', models.BinaryField()),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='notifications.message')),
            ],
        ),
        migrations.CreateModel(
            name='Sms',
            fields=[
                ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('recipient_id', models.UUIDField(db_index=True, null=True)),
                ('to', models.CharField(max_length=254)),
                ('language', models.CharField(max_length=5)),
                ('status', models.CharField(choices=[('queued', 'queued'), ('sent', 'sent'), ('failed', 'failed')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('provider_reference', models.CharField(blank=True, max_length=200)),
                ('queued_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('sealed_content', models.BinaryField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'sent'), _negated=True), ('sealed_content', None), _connector='OR'), name='sent_sms_keeps_no_content')],
            },
        ),
        migrations.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('recipient_id', models.UUIDField()),
                ('client_id', models.CharField(blank=True, max_length=100)),
                ('grant_id', models.UUIDField(db_index=True, null=True)),
                ('endpoint', models.CharField(max_length=1000, unique=True)),
                ('p256dh', models.CharField(max_length=100)),
                ('sealed_auth', models.BinaryField()),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('alarm', 'Alarms of your vehicles'), ('command', 'What you asked of a vehicle and was not done'), ('contract', 'Orders, invoices and cards'), ('account', 'Your account')], max_length=10), size=None)),
                ('created_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['recipient_id', 'created_at'], name='push_subscriptions_of')],
            },
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('recipient_id', models.UUIDField(db_index=True, null=True)),
                ('to', models.CharField(max_length=254)),
                ('language', models.CharField(max_length=5)),
                ('status', models.CharField(choices=[('queued', 'queued'), ('sent', 'sent'), ('failed', 'failed')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('provider_reference', models.CharField(blank=True, max_length=200)),
                ('queued_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('sealed_content', models.BinaryField(null=True)),
                ('kind', models.CharField(choices=[('alarm', 'Alarms of your vehicles'), ('command', 'What you asked of a vehicle and was not done'), ('contract', 'Orders, invoices and cards'), ('account', 'Your account')], max_length=10)),
                ('topic', models.CharField(max_length=32)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pushes', to='notifications.pushsubscription')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'sent'), _negated=True), ('sealed_content', None), _connector='OR'), name='sent_push_keeps_no_content')],
            },
        ),
    ]
