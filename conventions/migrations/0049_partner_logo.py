import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conventions", "0047_kept_text")]

    operations = [
        migrations.AddField(
            model_name="partner",
            name="logo",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="conventions.attachment",
            ),
        ),
    ]
