import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
import uuid
import vettura.foundation.ids
from django.conf import settings
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('identity', '0001_initial'),
        ('identity', '0002_desk_changes'),
        ('identity', '0003_security_codes'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(
        ),
        Together(
            operations=[
                migrations.CreateModel(
                    name='Account',
                    fields=[
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('email', models.EmailField(max_length=254, unique=True, verbose_name='E-mail address')),
                        ('given_name', models.CharField(blank=True, max_length=80, verbose_name='Given name')),
                        ('family_name', models.CharField(blank=True, max_length=80, verbose_name='Family name')),
                        ('phone', models.CharField(blank=True, max_length=20, verbose_name='Mobile number')),
                        ('phone_verified_at', models.DateTimeField(null=True)),
                        ('street', models.CharField(blank=True, max_length=120, verbose_name='Street and number')),
                        ('postal_code', models.CharField(blank=True, max_length=20, verbose_name='Postal code')),
                        ('city', models.CharField(blank=True, max_length=80, verbose_name='City')),
                        ('language', models.CharField(default='en', max_length=5, verbose_name='Language')),
                        ('country', models.CharField(max_length=2, verbose_name='Country')),
                        ('status', models.CharField(choices=[('invited', 'invited'), ('active', 'active'), ('deleted', 'deleted')], default='invited', max_length=10)),
                        ('created_at', models.DateTimeField()),
                    ],
                    options={
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='account_email_is_lower'), models.CheckConstraint(condition=models.Q(('status__in', ['invited', 'active', 'deleted'])), name='account_status_is_known')],
                        'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('email'), name='gin_trgm_ops'), name='account_email_parts'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('given_name'), name='gin_trgm_ops'), name='account_given_name_parts'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('family_name'), name='gin_trgm_ops'), name='account_family_name_parts')],
                    },
                ),
                migrations.CreateModel(
                    name='PhoneCheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('phone', models.CharField(max_length=20)),
                        ('code_hash', models.CharField(max_length=64)),
                        ('sent_at', models.DateTimeField()),
                        ('sent_count', models.PositiveSmallIntegerField(default=0)),
                        ('wrong_attempts', models.PositiveSmallIntegerField(default=0)),
                        ('verified_at', models.DateTimeField(null=True)),
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='phone_check', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Pin',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sealed', models.BinaryField()),
                        ('set_at', models.DateTimeField()),
                        ('wrong_attempts', models.PositiveSmallIntegerField(default=0)),
                        ('locked_until', models.DateTimeField(null=True)),
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pin', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='AcceptedDocument',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=30)),
                        ('version', models.CharField(max_length=30)),
                        ('country', models.CharField(max_length=2)),
                        ('language', models.CharField(max_length=5)),
                        ('accepted_at', models.DateTimeField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accepted_documents', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('account', 'kind', 'version'), name='document_accepted_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Registration',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('language', models.CharField(max_length=5)),
                        ('country', models.CharField(max_length=2)),
                        ('next_url', models.CharField(max_length=500)),
                        ('password', models.CharField(blank=True, max_length=128)),
                        ('given_name', models.CharField(blank=True, max_length=80, verbose_name='Given name')),
                        ('family_name', models.CharField(blank=True, max_length=80, verbose_name='Family name')),
                        ('began_at', models.DateTimeField()),
                        ('opened_at', models.DateTimeField(null=True)),
                        ('completed_at', models.DateTimeField(null=True)),
                        ('expires_at', models.DateTimeField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='registrations', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('completed_at', None)), fields=('account',), name='one_open_registration_per_account')],
                    },
                ),
                migrations.CreateModel(
                    name='StaffRole',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('assistance', 'Assistance'), ('soc', 'Security operation center'), ('ident', 'Identity checks'), ('catalog', 'Catalog')], max_length=12)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_roles', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('account', 'role'), name='staff_role_once')],
                    },
                ),
                migrations.CreateModel(
                    name='AddressChange',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('former_email', models.EmailField(max_length=254)),
                        ('email', models.EmailField(max_length=254)),
                        ('confirm_hash', models.CharField(max_length=64, unique=True)),
                        ('stop_hash', models.CharField(max_length=64, unique=True)),
                        ('asked_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('stopped_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='address_changes', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at', None), ('stopped_at', None)), fields=('account',), name='one_open_address_change_per_account')],
                    },
                ),
                migrations.CreateModel(
                    name='StaffChange',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('name', 'Name changed'), ('email_asked', 'New e-mail address entered'), ('email_withdrawn', 'New e-mail address taken back')], max_length=16)),
                        ('before', models.CharField(blank=True, max_length=254)),
                        ('after', models.CharField(blank=True, max_length=254)),
                        ('reason', models.CharField(max_length=500)),
                        ('at', models.DateTimeField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_changes', to=settings.AUTH_USER_MODEL)),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes_made', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['account', '-at'], name='staff_changes_of_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='staff_change_has_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='SecurityCode',
                    fields=[
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='security_code', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('salt', models.BinaryField()),
                        ('sealed_verifier', models.BinaryField()),
                        ('set_at', models.DateTimeField()),
                        ('wrong_attempts', models.PositiveSmallIntegerField(default=0)),
                        ('locks', models.PositiveSmallIntegerField(default=0)),
                        ('locked_until', models.DateTimeField(null=True)),
                    ],
                ),
            ],
        ),
    ]
