import django.db.models.deletion
import vettura.foundation.ids
from django.conf import settings
from django.db import migrations, models

from vettura.foundation.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('store', '0001_initial'),
        ('store', '0002_identification'),
        ('store', '0003_erasure'),
    ]

    initial = True

    dependencies = [
        ('vehicles', '0004_consents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='OrderBook',
                    fields=[
                        ('vehicle', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='vehicles.vehicle')),
                    ],
                ),
                migrations.CreateModel(
                    name='Cart',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('country', models.CharField(max_length=2)),
                        ('generation', models.CharField(max_length=16)),
                        ('drive', models.CharField(max_length=16)),
                        ('is_open', models.BooleanField(default=True)),
                        ('began_at', models.DateTimeField()),
                        ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='carts', to=settings.AUTH_USER_MODEL)),
                        ('vehicle', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='vehicles.vehicle')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('account__isnull', False), ('is_open', True)), fields=('account', 'vehicle'), name='one_open_cart'), models.CheckConstraint(condition=models.Q(models.Q(('account', None), ('vehicle', None)), models.Q(('account__isnull', False), ('vehicle__isnull', False)), _connector='OR'), name='carts_of_people_are_for_a_vehicle')],
                    },
                ),
                migrations.CreateModel(
                    name='CartItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('offer_id', models.CharField(max_length=64)),
                        ('cart', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='store.cart')),
                    ],
                    options={
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('cart', 'offer_id'), name='offer_once_in_cart')],
                    },
                ),
                migrations.CreateModel(
                    name='Order',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=20, unique=True)),
                        ('status', models.CharField(choices=[('identify', 'waiting for your identification'), ('waiting', 'waiting for payment'), ('paid', 'confirmed'), ('declined', 'payment declined'), ('expired', 'not paid in time'), ('withdrawn', 'withdrawn')], default='waiting', max_length=10)),
                        ('country', models.CharField(max_length=2)),
                        ('language', models.CharField(max_length=5)),
                        ('total_amount', models.DecimalField(decimal_places=2, max_digits=12)),
                        ('total_currency', models.CharField(max_length=3)),
                        ('address_lines', models.JSONField()),
                        ('terms_version', models.CharField(max_length=30)),
                        ('placed_at', models.DateTimeField()),
                        ('paid_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('withdrawable_until', models.DateTimeField()),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to=settings.AUTH_USER_MODEL)),
                        ('cart', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='order', to='store.cart')),
                        ('vehicle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='vehicles.vehicle')),
                        ('card_id', models.UUIDField(null=True)),
                        ('kept_until', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['account', '-placed_at'], name='orders_of_account'), models.Index(condition=models.Q(('status', 'identify')), fields=['account', 'country'], name='orders_to_identify'), models.Index(condition=models.Q(('kept_until__isnull', False)), fields=['kept_until'], name='orders_kept')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('total_amount__gte', 0)), name='order_costs_nothing_or_more'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['paid', 'withdrawn']), _negated=True), ('paid_at__isnull', False), _connector='OR'), name='paid_orders_know_when'), models.CheckConstraint(condition=models.Q(('withdrawable_until__gt', models.F('placed_at'))), name='withdrawal_ends_after_the_order')],
                    },
                ),
                migrations.CreateModel(
                    name='OrderLine',
                    fields=[
                        ('id', models.UUIDField(default=vettura.foundation.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('offer_id', models.CharField(max_length=64)),
                        ('name', models.CharField(max_length=200)),
                        ('term_days', models.PositiveIntegerField(null=True)),
                        ('is_free', models.BooleanField(default=False)),
                        ('price_amount', models.DecimalField(decimal_places=2, max_digits=12)),
                        ('price_currency', models.CharField(max_length=3)),
                        ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='store.order')),
                    ],
                    options={
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('order', 'position'), name='one_order_line_per_position')],
                    },
                ),
            ],
        ),
    ]
