import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conventions", "0050_letter_received")]

    operations = [
        migrations.AddField(
            model_name="party",
            name="joined_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joined_parties",
                to="conventions.act",
            ),
        ),
    ]
