from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0055_stock_only'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='convention',
            index=models.Index(condition=models.Q(('closed_on', None)), fields=['-created_at', '-id'], name='convention_open'),
        ),
        migrations.AddIndex(
            model_name='bounds',
            index=models.Index(condition=models.Q(('terminated_on__isnull', False)), fields=['terminated_on'], name='bounds_terminated'),
        ),
        migrations.AddIndex(
            model_name='bounds',
            index=models.Index(condition=models.Q(('is_over', True)), fields=['convention'], name='bounds_over'),
        ),
    ]
