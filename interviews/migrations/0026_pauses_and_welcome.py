import django.db.models.deletion
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
        ('interviews', '0025_interview_lists'),
        ('question_bank', '0006_references_over_http'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop, create),
        migrations.AddField(
            model_name='interview',
            name='may_run_over',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='interview',
            name='paused_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='interview',
            name='paused_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='interview',
            name='paused_seconds',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='interview',
            name='welcome_seconds',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='interview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paused_at', None), ('paused_by', None)), models.Q(('paused_at__isnull', False), ('paused_by__isnull', False), ('status', 'live')), _connector='OR'), name='interview_paused_while_live'),
        ),
        migrations.RunPython(create, drop),
    ]
