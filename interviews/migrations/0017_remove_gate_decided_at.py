from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("interviews", "0016_candidate_texts_bounded"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="scriptedsection",
            name="gate_decided_at",
        ),
    ]
