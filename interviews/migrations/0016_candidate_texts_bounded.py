"""A candidate's links and notes have a length that a page can show."""

import interviews.models.openings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0015_note_revisions_as_differences'),
    ]

    operations = [
        migrations.AlterField(
            model_name='candidate',
            name='links',
            field=models.TextField(blank=True, help_text='One address a line: CV, profile, code.', max_length=6000, validators=[interviews.models.openings.validate_links]),
        ),
        migrations.AlterField(
            model_name='candidate',
            name='notes',
            field=models.TextField(blank=True, help_text='For the panel: what to know before the call.', max_length=10000),
        ),
    ]
