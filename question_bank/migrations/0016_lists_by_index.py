from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("question_bank", "0015_history_of_lists")]

    operations = [
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["topic", "status", "position", "parent"], name="question_in_lists"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["status", "reviewed_on"], name="question_due"),
        ),
    ]
