"""Columns and a table for searching: texts of questions with their points, labels and stems of prompts."""

import django.db.models.deletion
from django.db import migrations, models

import question_bank.words
from question_bank.models import search_texts


def derive(apps, schema_editor):
    for row in apps.get_model("question_bank", "Question").objects.order_by("pk").iterator():
        row.save(update_fields=["folded_label", "stems"])
    search_texts.fill(schema_editor.connection)
    search_texts.create_triggers(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    search_texts.drop_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("question_bank", "0016_lists_by_index")]

    operations = [
        migrations.AddField(
            model_name="question", name="folded_label", field=question_bank.words.LabelField("prompt")
        ),
        migrations.AddField(model_name="question", name="stems", field=question_bank.words.StemsField("prompt")),
        migrations.CreateModel(
            name="QuestionText",
            fields=[
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="question_bank.question",
                    ),
                ),
                ("folded", models.TextField(editable=False)),
            ],
        ),
        migrations.AddIndex(
            model_name="question", index=models.Index(fields=["folded_label"], name="question_label")
        ),
        migrations.RunPython(derive, drop_triggers),
    ]
