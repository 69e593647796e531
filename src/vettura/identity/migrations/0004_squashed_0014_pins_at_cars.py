import django.contrib.postgres.fields
import django.db.models.deletion
import vettura.foundation.ids
from django.conf import settings
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('identity', '0004_programs'),
        ('identity', '0005_identity_checks'),
        ('identity', '0006_deletion'),
        ('identity', '0007_consents'),
        ('identity', '0008_attempts'),
        ('identity', '0009_data_exports'),
        ('identity', '0010_erasure'),
        ('identity', '0011_foreign_apps'),
        ('identity', '0012_what_programs_may'),
        ('identity', '0013_passwords_for_mqtt'),
        ('identity', '0014_pins_at_cars'),
    ]

    dependencies = [
        ('allauth_idp_oidc', '0003_client_allow_uri_wildcards'),
        ('identity', '0003_security_codes'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='ProgramGrant',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                        ('claims', models.JSONField(default=dict)),
                        ('authenticated_at', models.DateTimeField()),
                        ('acr', models.CharField(max_length=60)),
                        ('amr', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                        ('session', models.CharField(blank=True, max_length=64)),
                        ('started_at', models.DateTimeField()),
                        ('last_used_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('ended_because', models.CharField(blank=True, choices=[('person', 'ended by the person'), ('program', 'ended by the program'), ('signed_out', 'signed out'), ('code_reused', 'the code was used twice'), ('refresh_reused', 'a spent refresh token was used again')], max_length=20)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='program_grants', to=settings.AUTH_USER_MODEL)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='allauth_idp_oidc.client')),
                        ('cars', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=17), null=True, size=None)),
                        ('places', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=17), null=True, size=None)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['account', 'client'], name='grant_living'), models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='grant_ended')],
                    },
                ),
                migrations.CreateModel(
                    name='ProgramCode',
                    fields=[
                        ('hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('redirect_uri', models.TextField()),
                        ('code_challenge', models.CharField(blank=True, max_length=128)),
                        ('nonce', models.TextField(blank=True)),
                        ('expires_at', models.DateTimeField(db_index=True)),
                        ('used_at', models.DateTimeField(null=True)),
                        ('grant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='code', to='identity.programgrant')),
                    ],
                ),
                migrations.CreateModel(
                    name='DeviceSignIn',
                    fields=[
                        ('device_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('user_code', models.CharField(max_length=8, unique=True)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                        ('expires_at', models.DateTimeField(db_index=True)),
                        ('interval_seconds', models.PositiveSmallIntegerField()),
                        ('polled_at', models.DateTimeField(null=True)),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('taken_at', models.DateTimeField(null=True)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='allauth_idp_oidc.client')),
                        ('grant', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='device_sign_in', to='identity.programgrant')),
                    ],
                ),
                migrations.CreateModel(
                    name='ProgramToken',
                    fields=[
                        ('hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('access', 'access'), ('refresh', 'refresh')], max_length=10)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                        ('created_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField(db_index=True)),
                        ('replaced_at', models.DateTimeField(null=True)),
                        ('grant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='identity.programgrant')),
                    ],
                ),
                migrations.CreateModel(
                    name='ProgramConsent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                        ('agreed_at', models.DateTimeField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='program_consents', to=settings.AUTH_USER_MODEL)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='allauth_idp_oidc.client')),
                        ('cars', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=17), null=True, size=None)),
                        ('places', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=17), null=True, size=None)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('account', 'client'), name='one_consent_per_program')],
                    },
                ),
                migrations.CreateModel(
                    name='IdentityCheckNotice',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('transaction_number', models.CharField(max_length=60)),
                        ('received_at', models.DateTimeField()),
                        ('handled_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='IdentityCheck',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('country', models.CharField(max_length=2)),
                        ('status', models.CharField(choices=[('opened', 'opened'), ('waiting', 'waiting for an agent'), ('in_call', 'in the call'), ('verified', 'identified'), ('failed', 'not identified'), ('expired', 'not done in time'), ('canceled', 'canceled')], default='opened', max_length=10)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('code', models.CharField(blank=True, max_length=30)),
                        ('call_url', models.CharField(blank=True, max_length=500)),
                        ('reasons', models.JSONField(default=list)),
                        ('document_kind', models.CharField(blank=True, max_length=20)),
                        ('document_country', models.CharField(blank=True, max_length=2)),
                        ('sealed_document', models.BinaryField(null=True)),
                        ('opened_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('started_at', models.DateTimeField(null=True)),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('evidence_until', models.DateTimeField(null=True)),
                        ('evidence_deleted_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identity_checks', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['status', 'expires_at'], name='identity_check_queue'), models.Index(condition=models.Q(('evidence_deleted_at', None)), fields=['evidence_until'], name='identity_check_evidence')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['opened', 'waiting', 'in_call', 'failed'])), fields=('account', 'country'), name='one_open_identity_check'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'verified'), _negated=True), ('decided_at__isnull', False), _connector='OR'), name='verified_checks_know_when')],
                    },
                ),
                migrations.CreateModel(
                    name='IdentityCheckPicture',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=20)),
                        ('media_type', models.CharField(max_length=40)),
                        ('sealed', models.BinaryField()),
                        ('check_case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='identity.identitycheck')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('check_case', 'kind'), name='one_identity_picture_of_a_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='ConsentDecision',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('purpose', models.CharField(max_length=40)),
                        ('version', models.CharField(max_length=30)),
                        ('is_given', models.BooleanField()),
                        ('country', models.CharField(max_length=2)),
                        ('language', models.CharField(max_length=5)),
                        ('channel', models.CharField(choices=[('portal', 'portal'), ('invitation', 'invitation'), ('api', 'program'), ('email', 'e-mail'), ('desk', 'desk'), ('operator', 'operator')], max_length=12)),
                        ('text_digest', models.CharField(max_length=64)),
                        ('decided_at', models.DateTimeField()),
                        ('reason', models.CharField(blank=True, max_length=300)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consent_decisions', to=settings.AUTH_USER_MODEL)),
                        ('carried_out_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents_carried_out', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['account', 'purpose', '-decided_at'], name='latest_consent_decision')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('carried_out_by', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='staff_say_why_consents_change')],
                    },
                ),
                migrations.CreateModel(
                    name='Attempts',
                    fields=[
                        ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('count', models.PositiveIntegerField(default=0)),
                        ('last_at', models.DateTimeField(db_index=True)),
                        ('paused_until', models.DateTimeField(null=True)),
                    ],
                    options={
                        'verbose_name_plural': 'attempts',
                    },
                ),
                migrations.CreateModel(
                    name='DataExport',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('status', models.CharField(choices=[('requested', 'being prepared'), ('ready', 'ready'), ('expired', 'no longer available')], default='requested', max_length=10)),
                        ('requested_at', models.DateTimeField()),
                        ('parts_done', models.PositiveSmallIntegerField(default=0)),
                        ('parts_total', models.PositiveSmallIntegerField(default=0)),
                        ('ready_at', models.DateTimeField(null=True)),
                        ('expires_at', models.DateTimeField(null=True)),
                        ('size', models.PositiveIntegerField(default=0)),
                        ('sealed', models.BinaryField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='data_exports', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['account', '-requested_at'], name='exports_of_account'), models.Index(condition=models.Q(('status', 'ready')), fields=['expires_at'], name='exports_to_expire')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'requested')), fields=('account',), name='one_export_at_a_time_per_account'), models.CheckConstraint(condition=models.Q(models.Q(('expires_at__isnull', False), ('sealed__isnull', False), ('status', 'ready')), models.Q(models.Q(('status', 'ready'), _negated=True), ('sealed', None)), _connector='OR'), name='only_ready_exports_hold_data')],
                    },
                ),
                migrations.CreateModel(
                    name='ErasureRequest',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('channel', models.CharField(choices=[('partner', 'partner'), ('assistance', 'Assistance')], max_length=10)),
                        ('partner_id', models.UUIDField(null=True)),
                        ('partner_name', models.CharField(blank=True, max_length=120)),
                        ('reason', models.CharField(blank=True, max_length=500)),
                        ('asked_at', models.DateTimeField()),
                        ('due_at', models.DateTimeField()),
                        ('done_at', models.DateTimeField(null=True)),
                        ('taken_back_at', models.DateTimeField(null=True)),
                        ('kept', models.JSONField(default=list)),
                        ('kept_until', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasure_requests', to=settings.AUTH_USER_MODEL)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures_asked', to=settings.AUTH_USER_MODEL)),
                        ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='erasures_done', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('done_at', None), ('taken_back_at', None)), fields=['due_at'], name='erasures_open'), models.Index(fields=['partner_id', 'due_at'], name='erasures_of_a_partner')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('done_at', None), ('taken_back_at', None)), fields=('account',), name='one_open_erasure_per_account'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), ('done_at__isnull', False), ('taken_back_at__isnull', False), _connector='OR'), name='open_erasures_have_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None)), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='erasures_are_done_by_somebody'), models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('asked_at'))), name='erasures_are_due_later')],
                    },
                ),
                migrations.CreateModel(
                    name='ForeignAppsChoice',
                    fields=[
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='foreign_apps_choice', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('is_on', models.BooleanField()),
                        ('decided_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='AppPassword',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=60)),
                        ('hash', models.CharField(max_length=64, unique=True)),
                        ('created_at', models.DateTimeField()),
                        ('last_used_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='app_passwords', to=settings.AUTH_USER_MODEL)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), null=True, size=None)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['account'], name='app_passwords_in_use')],
                    },
                ),
                migrations.CreateModel(
                    name='ForeignSignIn',
                    fields=[
                        ('state_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('cookie_hash', models.CharField(max_length=64, unique=True)),
                        ('redirect_uri', models.TextField()),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                        ('code_challenge', models.CharField(blank=True, max_length=128)),
                        ('answer_state', models.TextField(blank=True)),
                        ('captcha_hash', models.CharField(blank=True, max_length=64)),
                        ('is_captcha_solved', models.BooleanField(default=False)),
                        ('takes_passkeys', models.BooleanField(default=False)),
                        ('proven_at', models.DateTimeField(null=True)),
                        ('expires_at', models.DateTimeField(db_index=True)),
                        ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='foreign_sign_ins', to=settings.AUTH_USER_MODEL)),
                        ('app_password', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='identity.apppassword')),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='allauth_idp_oidc.client')),
                        ('grant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='identity.programgrant')),
                    ],
                ),
                migrations.CreateModel(
                    name='PinChallenge',
                    fields=[
                        ('id', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('about', models.CharField(max_length=40)),
                        ('expires_at', models.DateTimeField(db_index=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pin_challenges', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='PinTries',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('vin', models.CharField(blank=True, max_length=17)),
                        ('wrong_attempts', models.PositiveSmallIntegerField(default=0)),
                        ('locked_until', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pin_tries', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('account', 'vin'), name='pin_tries_of_a_person_at_a_car')],
                    },
                ),
                migrations.AddField(
                    model_name='account',
                    name='deleted_at',
                    field=models.DateTimeField(null=True),
                ),
                migrations.AddField(
                    model_name='account',
                    name='erased_at',
                    field=models.DateTimeField(null=True),
                ),
                migrations.AddField(
                    model_name='account',
                    name='former_email',
                    field=models.EmailField(blank=True, max_length=254),
                ),
                migrations.AddField(
                    model_name='account',
                    name='consents',
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=72), blank=True, default=list, size=None),
                ),
                migrations.AddField(
                    model_name='account',
                    name='privacy_version',
                    field=models.CharField(blank=True, max_length=30),
                ),
                migrations.AddField(
                    model_name='account',
                    name='terms_version',
                    field=models.CharField(blank=True, max_length=30),
                ),
                migrations.AddField(
                    model_name='accepteddocument',
                    name='channel',
                    field=models.CharField(choices=[('portal', 'portal'), ('invitation', 'invitation'), ('api', 'program'), ('email', 'e-mail'), ('desk', 'desk'), ('operator', 'operator')], default='portal', max_length=12),
                ),
                migrations.AddField(
                    model_name='accepteddocument',
                    name='text_digest',
                    field=models.CharField(blank=True, max_length=64),
                ),
                migrations.AddField(
                    model_name='registration',
                    name='channel',
                    field=models.CharField(choices=[('portal', 'portal'), ('invitation', 'invitation'), ('api', 'program'), ('email', 'e-mail'), ('desk', 'desk'), ('operator', 'operator')], default='portal', max_length=12),
                ),
                migrations.AlterField(
                    model_name='staffchange',
                    name='kind',
                    field=models.CharField(choices=[('name', 'Name changed'), ('email_asked', 'New e-mail address entered'), ('email_withdrawn', 'New e-mail address taken back'), ('sign_in_reset', 'Sign-in reset')], max_length=16),
                ),
                migrations.AddIndex(
                    model_name='account',
                    index=models.Index(condition=models.Q(('former_email', ''), _negated=True), fields=['former_email'], name='accounts_by_former_email'),
                ),
                migrations.AddConstraint(
                    model_name='account',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('deleted_at__isnull', False), ('status', 'deleted')), models.Q(models.Q(('status', 'deleted'), _negated=True), ('deleted_at', None), ('erased_at', None), ('former_email', '')), _connector='OR'), name='only_deleted_accounts_were_deleted'),
                ),
            ],
        ),
        # accounts that a database had before know by now what they accepted
        migrations.RunSQL(
            """
            UPDATE identity_account SET
              terms_version = coalesce((SELECT version FROM identity_accepteddocument d WHERE d.account_id = identity_account.id
                AND d.kind = 'terms_of_use' ORDER BY accepted_at DESC LIMIT 1), ''),
              privacy_version = coalesce((SELECT version FROM identity_accepteddocument d WHERE d.account_id = identity_account.id
                AND d.kind = 'privacy' ORDER BY accepted_at DESC LIMIT 1), '')
            """,
            migrations.RunSQL.noop,
        ),
    ]
