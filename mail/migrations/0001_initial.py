import uuid

from django.db import migrations, models

FIELDS = [
    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
    ("kind", models.CharField(max_length=40)),
    ("to", models.EmailField(max_length=254)),
    ("subject", models.CharField(max_length=400)),
    ("text", models.TextField()),
    ("attachments", models.JSONField(default=list)),
    ("message_id", models.UUIDField(default=uuid.uuid4)),
    ("created_at", models.DateTimeField()),
    ("try_at", models.DateTimeField()),
    ("attempts", models.PositiveSmallIntegerField(default=0)),
    ("lease_until", models.DateTimeField(null=True)),
    ("given_up_at", models.DateTimeField(null=True)),
    ("failure", models.CharField(blank=True, help_text="In words for administrators.", max_length=240)),
]


class Migration(migrations.Migration):
    initial = True
    # Its table was created as one of `accounts`, and renamed there.
    dependencies = [("accounts", "0005_move_mail")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Mail",
                    fields=FIELDS,
                    options={
                        "indexes": [models.Index(fields=["given_up_at", "try_at"], name="mail_mail_given_u_56bcf8_idx")],
                    },
                ),
            ],
        ),
    ]
