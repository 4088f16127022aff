"""The field's word for a later version of a scorecard is revision."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("interviews", "0026_pauses_and_welcome")]

    operations = [
        migrations.RenameField(model_name="tick", old_name="is_from_correction", new_name="is_from_revision"),
    ]
