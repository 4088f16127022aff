from django.db import migrations


class Migration(migrations.Migration):
    """The outbox is a room of its own: the table gets its name, and its rows stay."""

    dependencies = [("accounts", "0004_plain_labels")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RenameIndex("Mail", new_name="mail_mail_given_u_56bcf8_idx", old_name="accounts_ma_given_u_8c77ab_idx"),
                migrations.AlterModelTable("Mail", "mail_mail"),
            ],
            state_operations=[migrations.DeleteModel("Mail")],
        ),
    ]
