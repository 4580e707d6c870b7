"""What an amendment says of itself, and why a convention ends: by agreement, or by one party alone."""

import django.db.models.deletion
from django.db import migrations, models


def keep_words(apps, schema_editor):
    """An amendment in preparation printed its reason: it goes on printing these words. Frozen ones are left alone."""
    drafts = ('brouillon', 'en_relecture', 'a_corriger', 'valide')
    acts = apps.get_model('conventions', 'Act').objects.filter(kind='avenant', state__in=drafts, object_text='')
    acts.update(object_text=models.F('reason'))


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0038_lasting_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='act',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conventions.party', verbose_name='partie qui résilie'),
        ),
        migrations.AddField(
            model_name='act',
            name='ground',
            field=models.CharField(blank=True, choices=[('', 'd’un commun accord'), ('faute', 'faute de l’autre partie, après mise en demeure'), ('interet_general', 'intérêt général'), ('force_majeure', 'force majeure')], default='', help_text='Décidée par une seule partie, la résiliation n’est signée que par elle.', max_length=16, verbose_name='cause de la résiliation'),
        ),
        migrations.AddField(
            model_name='act',
            name='notice_on',
            field=models.DateField(blank=True, help_text='Le jour où l’autre partie a reçu la lettre : le délai court de ce jour.', null=True, verbose_name='mise en demeure ou préavis reçu le'),
        ),
        migrations.AddField(
            model_name='act',
            name='object_text',
            field=models.TextField(blank=True, help_text='Imprimé dans l’article « Objet ». Laissé vide, il est tiré de ce que l’avenant change.', verbose_name='objet de l’avenant'),
        ),
        migrations.AlterField(
            model_name='act',
            name='reason',
            field=models.TextField(blank=True, help_text='Celui d’une résiliation s’imprime ; celui d’un avenant reste dans le dossier.', verbose_name='motif'),
        ),
        migrations.AddConstraint(
            model_name='act',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'resiliation'), models.Q(('ended_by__isnull', True), ('ground', ''), ('notice_on__isnull', True)), _connector='OR'), name='act_ground_is_of_a_termination', violation_error_message='Seule une résiliation a une cause, un auteur et un préavis.'),
        ),
        migrations.RunPython(keep_words, migrations.RunPython.noop),
    ]
