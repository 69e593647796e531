import django.contrib.postgres.fields
import django.db.models.deletion
import vettura.foundation.ids
from django.conf import settings
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('vehicles', '0001_initial'),
        ('vehicles', '0002_garage'),
        ('vehicles', '0003_sign_in_by_security_code'),
        ('vehicles', '0004_consents'),
        ('vehicles', '0005_simulated_cars'),
    ]

    initial = True

    dependencies = [
        ('identity', '0001_initial'),
        ('partners', '0001_initial'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='SignInAttempts',
                    fields=[
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='car_code_attempts', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('wrong_codes', models.PositiveSmallIntegerField(default=0)),
                        ('locked_until', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Vehicle',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('vin', models.CharField(max_length=17, unique=True)),
                        ('model_line', models.CharField(max_length=32)),
                        ('generation', models.CharField(max_length=16)),
                        ('model_name', models.CharField(max_length=80)),
                        ('model_year', models.PositiveSmallIntegerField()),
                        ('production_year', models.PositiveSmallIntegerField()),
                        ('drive', models.CharField(max_length=16)),
                        ('country', models.CharField(max_length=2)),
                        ('equipment', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                        ('plate', models.CharField(blank=True, max_length=16)),
                        ('device_root', models.CharField(blank=True, max_length=16)),
                        ('registered_at', models.DateTimeField()),
                        ('privacy_mode_on', models.BooleanField(default=False)),
                        ('privacy_changed_at', models.DateTimeField(null=True)),
                        ('linked_at', models.DateTimeField(null=True)),
                        ('wrong_codes', models.PositiveSmallIntegerField(default=0)),
                        ('codes_locked_until', models.DateTimeField(null=True)),
                        ('saved_partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sold_vehicles', to='partners.partner')),
                        ('signed_in_account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signed_in_vehicles', to=settings.AUTH_USER_MODEL)),
                        ('code_locks', models.PositiveSmallIntegerField(default=0)),
                        ('is_simulated', models.BooleanField(db_default=False)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['saved_partner', '-registered_at'], name='vehicles_of_partner')],
                    },
                ),
                migrations.CreateModel(
                    name='RemoteAccessGrant',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('granted_at', models.DateTimeField()),
                        ('revoked_at', models.DateTimeField(null=True)),
                        ('revoked_because', models.CharField(blank=True, max_length=32)),
                        ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remote_access_grants', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('vehicle',), name='one_grant_per_vehicle')],
                    },
                ),
                migrations.CreateModel(
                    name='PartnerSharing',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('decision', models.BooleanField()),
                        ('at', models.DateTimeField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partner_sharing', to=settings.AUTH_USER_MODEL)),
                        ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sharing', to='partners.partner')),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sharing', to='vehicles.vehicle')),
                        ('carried_out_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sharing_carried_out', to=settings.AUTH_USER_MODEL)),
                        ('channel', models.CharField(choices=[('portal', 'portal'), ('invitation', 'invitation'), ('api', 'program'), ('email', 'e-mail'), ('desk', 'desk'), ('operator', 'operator')], default='portal', max_length=12)),
                        ('language', models.CharField(blank=True, max_length=5)),
                        ('reason', models.CharField(blank=True, max_length=300)),
                        ('text_digest', models.CharField(blank=True, max_length=64)),
                        ('version', models.CharField(blank=True, max_length=30)),
                    ],
                    options={
                        'verbose_name_plural': 'partner sharing',
                        'indexes': [models.Index(fields=['partner', 'account', 'vehicle', '-at'], name='latest_sharing_decision'), models.Index(fields=['account', '-at'], name='sharing_decisions_of_a_person')],
                    },
                ),
                migrations.CreateModel(
                    name='PairingCode',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('seed', models.CharField(max_length=43)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairing_codes', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairing_codes', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('vehicle', 'account'), name='one_code_per_vehicle_and_account')],
                    },
                ),
                migrations.CreateModel(
                    name='CarSignIn',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('event_id', models.CharField(max_length=64)),
                        ('user_code', models.CharField(max_length=12, unique=True)),
                        ('expires_at', models.DateTimeField()),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='car_sign_ins', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ins', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('vehicle', 'event_id'), name='one_sign_in_per_message')],
                    },
                ),
                migrations.CreateModel(
                    name='Assignment',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('role', models.CharField(choices=[('main_user', 'Main user'), ('secondary_user', 'Secondary user')], max_length=16)),
                        ('since', models.DateTimeField()),
                        ('until', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='vehicles.vehicle')),
                        ('ended_because', models.CharField(blank=True, max_length=16)),
                        ('ends_at', models.DateTimeField(null=True)),
                        ('reason', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('ends_at__isnull', False), ('until', None)), fields=['ends_at'], name='users_to_end'), models.Index(condition=models.Q(('until', None)), fields=['account', 'id'], name='garage_of_account')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('role', 'main_user'), ('until', None)), fields=('vehicle',), name='one_main_user_per_vehicle'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('vehicle', 'account'), name='one_role_per_vehicle_and_account')],
                    },
                ),
                migrations.CreateModel(
                    name='Lease',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('driver_email', models.EmailField(max_length=254)),
                        ('offered_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('began_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('ended_because', models.CharField(blank=True, max_length=16)),
                        ('driver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leased', to=settings.AUTH_USER_MODEL)),
                        ('lessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leases', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leases', to='vehicles.vehicle')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['ends_at'], name='leases_to_end'), models.Index(condition=models.Q(('ended_at', None)), fields=['lessor'], name='leases_of_lessor')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('vehicle',), name='one_lease_per_vehicle'), models.CheckConstraint(condition=models.Q(models.Q(('began_at', None), ('driver', None)), models.Q(('began_at__isnull', False), ('driver__isnull', False)), _connector='OR'), name='leases_begin_with_a_driver')],
                    },
                ),
                migrations.CreateModel(
                    name='OwnershipClaim',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('vin', models.CharField(max_length=17)),
                        ('model_line', models.CharField(max_length=32)),
                        ('generation', models.CharField(max_length=16)),
                        ('model_name', models.CharField(max_length=80)),
                        ('model_year', models.PositiveSmallIntegerField()),
                        ('has_connect', models.BooleanField()),
                        ('document', models.BinaryField(null=True)),
                        ('document_type', models.CharField(max_length=32)),
                        ('status', models.CharField(choices=[('pending', 'Being checked'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Taken back')], default='pending', max_length=10)),
                        ('claimed_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('reason', models.CharField(blank=True, max_length=300)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ownership_claims', to=settings.AUTH_USER_MODEL)),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ownership_claims', to='partners.partner')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('status', 'pending')), fields=['partner', 'claimed_at'], name='proofs_to_check')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'pending')), fields=('account', 'vin'), name='one_pending_claim_per_account_and_vin'), models.CheckConstraint(condition=models.Q(models.Q(('document__isnull', False), ('status', 'pending')), models.Q(models.Q(('status', 'pending'), _negated=True), ('document', None)), _connector='OR'), name='documents_are_kept_while_pending')],
                    },
                ),
                migrations.CreateModel(
                    name='Sale',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('buyer_email', models.EmailField(blank=True, max_length=254)),
                        ('buyer_language', models.CharField(blank=True, max_length=5)),
                        ('begun_at', models.DateTimeField()),
                        ('released_at', models.DateTimeField(null=True)),
                        ('called_off_at', models.DateTimeField(null=True)),
                        ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bought_vehicles', to='partners.partner')),
                        ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sales', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sales', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('called_off_at', None), ('released_at', None)), fields=('vehicle',), name='one_open_sale_per_vehicle'), models.CheckConstraint(condition=models.Q(('partner', None), ('buyer_email', ''), _connector='XOR'), name='sold_to_one_buyer'), models.CheckConstraint(condition=models.Q(('released_at', None), ('called_off_at', None), _connector='OR'), name='released_or_called_off_not_both')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('token_hash', models.CharField(max_length=64, unique=True)),
                        ('email', models.EmailField(max_length=254)),
                        ('language', models.CharField(max_length=5)),
                        ('role', models.CharField(choices=[('main_user', 'Main user'), ('secondary_user', 'Secondary user')], max_length=16)),
                        ('created_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('opened_at', models.DateTimeField(null=True)),
                        ('used_at', models.DateTimeField(null=True)),
                        ('voided_at', models.DateTimeField(null=True)),
                        ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations_sent', to=settings.AUTH_USER_MODEL)),
                        ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='partners.partner')),
                        ('used_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations_used', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='vehicles.vehicle')),
                        ('access_ends_at', models.DateTimeField(null=True)),
                        ('reason', models.CharField(blank=True, max_length=300)),
                        ('lease', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='vehicles.lease')),
                        ('sale', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='vehicles.sale')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('role', 'main_user'), ('used_at', None), ('voided_at', None)), fields=('vehicle',), name='one_open_main_user_invitation'), models.UniqueConstraint(condition=models.Q(('role', 'secondary_user'), ('used_at', None), ('voided_at', None)), fields=('vehicle', 'email'), name='one_open_invitation_per_email'), models.CheckConstraint(condition=models.Q(('used_at', None), ('voided_at', None), _connector='OR'), name='used_or_voided_not_both'), models.CheckConstraint(condition=models.Q(models.Q(('used_at', None), ('used_by', None)), models.Q(('used_at__isnull', False), ('used_by__isnull', False)), _connector='OR'), name='used_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('lease', None), ('partner', None), ('role', 'secondary_user'), ('sale', None)), models.Q(('lease', None), ('partner__isnull', False), ('role', 'main_user'), ('sale', None)), models.Q(('lease', None), ('partner', None), ('role', 'main_user'), ('sale__isnull', False)), models.Q(('lease__isnull', False), ('partner', None), ('role', 'main_user'), ('sale', None)), models.Q(('lease', None), ('partner', None), ('role', 'main_user'), ('sale', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='main_users_come_from_somewhere')],
                    },
                ),
                migrations.CreateModel(
                    name='DeliveryOrder',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('buyer_email', models.EmailField(max_length=254)),
                        ('buyer_language', models.CharField(max_length=5)),
                        ('handover_on', models.DateField()),
                        ('invite_at', models.DateTimeField()),
                        ('called_off_at', models.DateTimeField(null=True)),
                        ('invitation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delivery', to='vehicles.invitation')),
                        ('ordered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='partners.partner')),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='vehicles.vehicle')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('called_off_at', None), ('invitation', None)), fields=['invite_at'], name='deliveries_to_invite')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('called_off_at', None), ('invitation', None)), fields=('vehicle',), name='one_open_delivery')],
                    },
                ),
                migrations.CreateModel(
                    name='PersonalSetting',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=32)),
                        ('value', models.JSONField()),
                        ('changed_at', models.DateTimeField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='personal_settings', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='personal_settings', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('account', 'vehicle', 'name'), name='one_value_per_setting', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='SecurityCodeChallenge',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('event_id', models.CharField(max_length=64)),
                        ('salt', models.BinaryField()),
                        ('seed', models.BinaryField()),
                        ('expires_at', models.DateTimeField()),
                        ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='code_challenges', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='code_challenges', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('vehicle', 'event_id'), name='one_challenge_per_message')],
                    },
                ),
            ],
        ),
    ]
