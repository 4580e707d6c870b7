from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0026_scan_as_seen'),
    ]

    operations = [
        migrations.AddField(
            model_name='outgoingmail',
            name='not_before',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='prochain essai'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('state', 'a_envoyer')), fields=['not_before'], name='mail_waiting'),
        ),
    ]
