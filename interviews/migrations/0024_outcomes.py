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
        ('interviews', '0023_candidate_files'),
        ('question_bank', '0006_references_over_http'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop, create),
        migrations.AddField(
            model_name='candidate',
            name='withdraw_reason',
            field=models.CharField(blank=True, editable=False, max_length=240),
        ),
        migrations.AddField(
            model_name='candidate',
            name='withdrew_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='interview',
            name='move_reason',
            field=models.CharField(blank=True, editable=False, max_length=240),
        ),
        migrations.AddField(
            model_name='interview',
            name='moved_from',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='interview',
            name='outcome',
            field=models.CharField(blank=True, choices=[('no_show', 'No-show'), ('withdrew', 'Candidate withdrew'), ('failure', 'Technical failure')], editable=False, max_length=8),
        ),
        migrations.AlterField(
            model_name='event',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='interview',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', ''), models.Q(('outcome__in', ['no_show', 'withdrew', 'failure']), ('status', 'cancelled')), _connector='OR'), name='interview_outcome_of_a_cancelled_one'),
        ),
        migrations.RunPython(create, drop),
    ]
