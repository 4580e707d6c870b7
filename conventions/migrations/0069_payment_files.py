"""The papers that justify a payment, by rules with dates; the file of each payment."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from conventions.reference import lists


def load_papers(apps, schema_editor):
    rules = apps.get_model("conventions", "PaperRule").objects.using(schema_editor.connection.alias)
    for paper, rank in lists.PAPERS:
        key = {"paper": paper, "rank": rank, "kind": None, "effective_from": lists.PAPERS_SINCE}
        rules.get_or_create(**key, defaults={"to_confirm": True})


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0063_money_accounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper', models.CharField(choices=[('deliberation', 'la délibération'), ('convention', 'la convention signée'), ('avenants', 'ses avenants signés, s’il y en a'), ('rib', 'le RIB'), ('compte_rendu', 'le compte rendu accepté'), ('pv_remise', 'les procès-verbaux de remise')], max_length=14, verbose_name='pièce')),
                ('rank', models.CharField(blank=True, choices=[('', 'tous les versements'), ('premier', 'le premier versement'), ('suivants', 'les versements suivants'), ('solde', 'le dernier versement prévu')], default='', max_length=10, verbose_name='pour')),
                ('effective_from', models.DateField(verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, help_text='Premier jour où la pièce n’est plus demandée.', null=True, verbose_name='jusqu’au')),
                ('source', models.CharField(blank=True, max_length=255, verbose_name='source')),
                ('to_confirm', models.BooleanField(default=True, verbose_name='à confirmer par l’agent comptable')),
                ('kind', models.ForeignKey(blank=True, help_text='Vide : tous.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper_rules', to='conventions.kind', verbose_name='type de soutien')),
            ],
            options={
                'verbose_name': 'pièce à joindre à un versement',
                'verbose_name_plural': 'pièces à joindre aux versements',
                'ordering': ['effective_from', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('paper', 'kind', 'rank', 'effective_from'), name='paper_rule_once_per_date', violation_error_message='Cette pièce est déjà demandée à partir de ce jour. Modifiez cette règle ou changez la date.'), models.UniqueConstraint(condition=models.Q(('kind', None)), fields=('paper', 'rank', 'effective_from'), name='paper_rule_of_all_once_per_date', violation_error_message='Cette pièce est déjà demandée à partir de ce jour. Modifiez cette règle ou changez la date.'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gt', models.F('effective_from')), _connector='OR'), name='paper_rule_ends_later', violation_error_message='Cette règle finit avant d’avoir commencé. Corrigez l’une des deux dates.')],
            },
        ),
        migrations.CreateModel(
            name='PaymentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='version')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('size', models.PositiveIntegerField(verbose_name='taille (octets)')),
                ('page_count', models.PositiveSmallIntegerField(verbose_name='pages')),
                ('papers', models.JSONField(help_text='Titre, empreinte et nombre de pages de chacune.', verbose_name='pièces')),
                ('tool_versions', models.JSONField(blank=True, default=dict, verbose_name='versions des outils')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='produit le')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='produit par')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='conventions.payment', verbose_name='versement')),
            ],
            options={
                'verbose_name': 'dossier de versement',
                'verbose_name_plural': 'dossiers de versement',
                'ordering': ['payment', '-version'],
                'constraints': [models.UniqueConstraint(fields=('payment', 'version'), name='payment_file_version_once'), models.CheckConstraint(condition=models.Q(('page_count__gt', 0), ('size__gt', 0), models.Q(('sha256', ''), _negated=True)), name='payment_file_has_pages')],
            },
        ),
        migrations.RunPython(load_papers, migrations.RunPython.noop),
    ]
