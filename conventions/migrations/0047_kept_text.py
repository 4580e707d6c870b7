import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('conventions', '0046_bounds_and_orders'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(max_length=300, verbose_name='formulaire')),
                ('tab', models.CharField(max_length=16, verbose_name='page ouverte')),
                ('typed_encrypted', models.TextField(editable=False)),
                ('kept_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='gardé le')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_texts', to=settings.AUTH_USER_MODEL, verbose_name='écrit par')),
            ],
            options={
                'verbose_name': 'texte gardé',
                'verbose_name_plural': 'textes gardés',
                'ordering': ['-kept_at', '-pk'],
                'indexes': [models.Index(fields=['kept_at'], name='kept_text_kept_at')],
                'constraints': [models.UniqueConstraint(fields=('user', 'form', 'tab'), name='kept_text_one_a_page')],
            },
        ),
    ]
