import editing.web_addresses
from django.conf import settings
from django.db import migrations, models

from interviews.models.immutability import ALL, create_triggers, drop_triggers


# SQLite rebuilds the table of interviews for its constraint, and the triggers name that table.
def drop(apps, schema_editor):
    drop_triggers(schema_editor.connection, ALL)


def create(apps, schema_editor):
    create_triggers(schema_editor.connection, ALL)


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0019_plain_labels'),
        ('question_bank', '0006_references_over_http'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop, create),
        migrations.AddField(
            model_name='interview',
            name='call_link',
            field=editing.web_addresses.WebAddressField(blank=True, max_length=400, verbose_name='call link'),
        ),
        migrations.AddField(
            model_name='opening',
            name='call_link',
            field=editing.web_addresses.WebAddressField(blank=True, max_length=400, verbose_name='call link'),
        ),
        migrations.AlterField(
            model_name='candidate',
            name='assignment_url',
            field=editing.web_addresses.WebAddressField(blank=True, help_text='Opens beside the related question.', max_length=400, verbose_name='assignment'),
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.CheckConstraint(condition=models.Q(('assignment_url', ''), ('assignment_url__istartswith', 'http://'), ('assignment_url__istartswith', 'https://'), _connector='OR'), name='candidate_assignment_is_http'),
        ),
        migrations.AddConstraint(
            model_name='interview',
            constraint=models.CheckConstraint(condition=models.Q(('call_link', ''), ('call_link__istartswith', 'http://'), ('call_link__istartswith', 'https://'), _connector='OR'), name='interview_call_link_is_http'),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.CheckConstraint(condition=models.Q(('call_link', ''), ('call_link__istartswith', 'http://'), ('call_link__istartswith', 'https://'), _connector='OR'), name='opening_call_link_is_http'),
        ),
        migrations.RunPython(create, drop),
    ]
