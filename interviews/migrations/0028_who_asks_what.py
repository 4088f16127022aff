
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0027_ticks_of_revisions'),
    ]

    operations = [
        migrations.AddField(
            model_name='scriptedsection',
            name='asker',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sections', to='interviews.panelist'),
        ),
    ]
