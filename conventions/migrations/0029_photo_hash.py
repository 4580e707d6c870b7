import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import migrations, models

import conventions.models.documents


def take_in(apps, schema_editor):
    """Pictures stand in private storage under their hash, like any other file; what was lost keeps an empty hash."""
    photos = apps.get_model('conventions', 'Photo').objects
    for pk, held in photos.values_list('pk', 'image').iterator(chunk_size=100):
        try:
            with storages['default'].open(held) as file:
                content = file.read()
        except (OSError, ValueError):
            continue
        digest = hashlib.sha256(content).hexdigest()
        name = f'photos/{digest[:2]}/{digest}'
        storages['private'].save(name, ContentFile(content))
        photos.filter(pk=pk).update(sha256=digest, image=name)


def give_back(apps, schema_editor):
    photos = apps.get_model('conventions', 'Photo').objects
    for pk, held, digest in photos.exclude(sha256='').values_list('pk', 'image', 'sha256').iterator(chunk_size=100):
        try:
            with storages['private'].open(held) as file:
                name = storages['default'].save(f'photos/{digest}', ContentFile(file.read()))
        except OSError:
            continue
        photos.filter(pk=pk).update(image=name)


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0028_stamps_renewed'),
    ]

    operations = [
        migrations.AddField(
            model_name='photo',
            name='sha256',
            field=models.CharField(blank=True, default='', editable=False, max_length=64, verbose_name='empreinte SHA-256'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='photo',
            name='image',
            field=models.ImageField(height_field='height', storage=conventions.models.documents.private_storage, upload_to=conventions.models.documents.photo_path, verbose_name='image', width_field='width'),
        ),
        migrations.RunPython(take_in, give_back),
    ]
