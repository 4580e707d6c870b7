"""Who accepted an account, when it was last checked; what was read of it before a payment."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0064_signed_handovers'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankaccount',
            name='accepted_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepté par'),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='confirmed_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='vérifié le'),
        ),
        migrations.AddField(
            model_name='paymentposition',
            name='account_read',
            field=models.TextField(blank=True, default='', verbose_name='ce qui a été confirmé du compte'),
        ),
    ]
