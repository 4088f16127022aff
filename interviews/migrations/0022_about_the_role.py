from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0021_no_decision_chosen'),
    ]

    operations = [
        migrations.AddField(
            model_name='opening',
            name='description',
            field=models.TextField(blank=True, max_length=10000, verbose_name='about the role'),
        ),
        migrations.AddField(
            model_name='opening',
            name='look_for',
            field=models.TextField(blank=True, max_length=10000, verbose_name='what to look for'),
        ),
    ]
