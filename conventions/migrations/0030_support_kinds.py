"""What support in kind may be becomes a list of the office; the values that lines hold are its first slugs."""

from django.db import migrations, models

from conventions.reference import lists


def load(apps, schema_editor):
    """Each row is made once, found again by its slug."""
    kinds = apps.get_model('conventions', 'SupportKind').objects
    for position, (slug, name, behaviour) in enumerate(lists.SUPPORT_KINDS, start=1):
        columns = {'name': name, 'behaviour': behaviour, 'position': position}
        kinds.get_or_create(slug=slug, defaults=columns)


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0029_photo_hash'),
    ]

    operations = [
        migrations.CreateModel(
            name='SupportKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='adresse')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('active', models.BooleanField(default=True, verbose_name='proposé à la saisie')),
                ('behaviour', models.CharField(choices=[('don', 'donné : rien n’est à rendre'), ('pret', 'prêté : à rendre'), ('service', 'rendu pendant la convention'), ('ponctuel', 'fait une fois')], help_text='Un prêt se rend : ses dates, sa garde et son assurance sont demandées.', max_length=8, verbose_name='comportement')),
            ],
            options={
                'verbose_name': 'type de soutien en nature',
                'verbose_name_plural': 'types de soutien en nature',
                'ordering': ['position', 'name'],
                'abstract': False,
            },
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
