import django.db.models.deletion
import django.db.models.expressions
import vettura.foundation.ids
from django.conf import settings
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('billing', '0001_initial'),
        ('billing', '0002_card_notices'),
        ('billing', '0003_erasure'),
    ]

    initial = True

    dependencies = [
        ('identity', '0001_initial'),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='BillingAddress',
                    fields=[
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='billing_address', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('name', models.CharField(max_length=160, verbose_name='Name')),
                        ('company', models.CharField(blank=True, max_length=120, verbose_name='Company')),
                        ('street', models.CharField(max_length=120, verbose_name='Street and number')),
                        ('postal_code', models.CharField(max_length=20, verbose_name='Postal code')),
                        ('city', models.CharField(max_length=80, verbose_name='City')),
                        ('country', models.CharField(max_length=2, verbose_name='Country')),
                    ],
                ),
                migrations.CreateModel(
                    name='ProviderCustomer',
                    fields=[
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('reference', models.CharField(max_length=80, unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='ProviderNotice',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('foreign_id', models.CharField(max_length=80, unique=True)),
                        ('kind', models.CharField(max_length=80)),
                        ('authorization', models.CharField(blank=True, max_length=80)),
                        ('received_at', models.DateTimeField()),
                        ('handled_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Invoice',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('invoice', 'Invoice'), ('credit_note', 'Credit note')], default='invoice', max_length=12)),
                        ('order_id', models.UUIDField()),
                        ('order_number', models.CharField(max_length=20)),
                        ('vin', models.CharField(max_length=17)),
                        ('language', models.CharField(max_length=5)),
                        ('seller_country', models.CharField(max_length=2)),
                        ('recipient', models.JSONField()),
                        ('currency', models.CharField(max_length=3)),
                        ('supplied_on', models.DateField()),
                        ('due_at', models.DateTimeField()),
                        ('canceled_at', models.DateTimeField(null=True)),
                        ('number', models.CharField(max_length=24, null=True, unique=True)),
                        ('credits_number', models.CharField(blank=True, max_length=24)),
                        ('published_at', models.DateTimeField(null=True)),
                        ('pdf', models.BinaryField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to=settings.AUTH_USER_MODEL)),
                        ('kept_until', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('canceled_at', None), ('number', None)), fields=['due_at'], name='invoices_due'), models.Index(fields=['account', '-published_at'], name='invoices_of_account'), models.Index(condition=models.Q(('kept_until__isnull', False)), fields=['kept_until'], name='invoices_kept')],
                        'constraints': [models.UniqueConstraint(fields=('order_id', 'kind'), name='one_invoice_per_order'), models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('pdf', None), ('published_at', None)), models.Q(('number__isnull', False), ('pdf__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='published_invoice_is_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='InvoiceLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('text', models.CharField(max_length=300)),
                        ('vat_percent', models.DecimalField(decimal_places=2, max_digits=5)),
                        ('net_amount', models.DecimalField(decimal_places=2, max_digits=12)),
                        ('vat_amount', models.DecimalField(decimal_places=2, max_digits=12)),
                        ('gross_amount', models.DecimalField(decimal_places=2, max_digits=12)),
                        ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='billing.invoice')),
                    ],
                    options={
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('invoice', 'position'), name='one_line_per_position'), models.CheckConstraint(condition=models.Q(('gross_amount', django.db.models.expressions.CombinedExpression(models.F('net_amount'), '+', models.F('vat_amount')))), name='invoice_line_adds_up')],
                    },
                ),
                migrations.CreateModel(
                    name='InvoiceSeries',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('seller_country', models.CharField(max_length=2)),
                        ('year', models.PositiveSmallIntegerField()),
                        ('kind', models.CharField(max_length=12)),
                        ('last_number', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name_plural': 'invoice series',
                        'constraints': [models.UniqueConstraint(fields=('seller_country', 'year', 'kind'), name='one_series_per_year')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedCard',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('reference', models.CharField(max_length=80, unique=True)),
                        ('brand', models.CharField(max_length=20)),
                        ('last_digits', models.CharField(max_length=4)),
                        ('expires_month', models.PositiveSmallIntegerField()),
                        ('expires_year', models.PositiveSmallIntegerField()),
                        ('added_at', models.DateTimeField()),
                        ('deleted_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_cards', to=settings.AUTH_USER_MODEL)),
                        ('next_notice_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('next_notice_at__isnull', False)), fields=['next_notice_at'], name='cards_to_speak_of')],
                    },
                ),
                migrations.CreateModel(
                    name='Payment',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('order_id', models.UUIDField(unique=True)),
                        ('order_number', models.CharField(max_length=20)),
                        ('amount_amount', models.DecimalField(decimal_places=2, max_digits=12)),
                        ('amount_currency', models.CharField(max_length=3)),
                        ('is_captured_at_once', models.BooleanField()),
                        ('return_url', models.CharField(max_length=300)),
                        ('status', models.CharField(choices=[('requested', 'requested'), ('challenge', 'waiting for confirmation at the bank'), ('authorized', 'authorized'), ('captured', 'paid'), ('declined', 'declined'), ('released', 'released'), ('refunded', 'refunded')], default='requested', max_length=12)),
                        ('authorization', models.CharField(max_length=80, null=True, unique=True)),
                        ('challenge_url', models.CharField(blank=True, max_length=500)),
                        ('decline_reason', models.CharField(blank=True, max_length=40)),
                        ('requested_at', models.DateTimeField()),
                        ('next_check_at', models.DateTimeField(null=True)),
                        ('expires_at', models.DateTimeField()),
                        ('authorized_at', models.DateTimeField(null=True)),
                        ('captured_at', models.DateTimeField(null=True)),
                        ('release_requested_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to=settings.AUTH_USER_MODEL)),
                        ('card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='billing.savedcard')),
                        ('kept_until', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('next_check_at__isnull', False)), fields=['next_check_at'], name='payments_to_check'), models.Index(condition=models.Q(('status__in', ['requested', 'challenge'])), fields=['expires_at'], name='payments_to_expire'), models.Index(condition=models.Q(('kept_until__isnull', False)), fields=['kept_until'], name='payments_kept')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount_amount__gt', 0)), name='payment_is_more_than_nothing'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['authorized', 'captured', 'refunded']), _negated=True), ('authorization__isnull', False), _connector='OR'), name='taken_money_has_a_reference'), models.CheckConstraint(condition=models.Q(('card__isnull', False), models.Q(('kept_until__isnull', False), ('status__in', ['captured', 'refunded'])), _connector='OR'), name='only_kept_payments_have_no_card')],
                    },
                ),
                migrations.CreateModel(
                    name='Refund',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('amount_amount', models.DecimalField(decimal_places=2, max_digits=12)),
                        ('amount_currency', models.CharField(max_length=3)),
                        ('status', models.CharField(choices=[('requested', 'requested'), ('done', 'refunded'), ('refused', 'refused by the provider')], default='requested', max_length=10)),
                        ('reference', models.CharField(blank=True, max_length=80)),
                        ('requested_at', models.DateTimeField()),
                        ('refunded_at', models.DateTimeField(null=True)),
                        ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='refund', to='billing.payment')),
                    ],
                ),
                migrations.CreateModel(
                    name='CardEntry',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('reference', models.CharField(blank=True, max_length=120)),
                        ('began_at', models.DateTimeField()),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('saved_card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.savedcard')),
                    ],
                ),
            ],
        ),
    ]
