import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0022_about_the_role'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CandidateFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('png', 'PNG image'), ('jpg', 'JPEG image'), ('gif', 'GIF image'), ('webp', 'WebP image'), ('txt', 'Text'), ('docx', 'Word document'), ('xlsx', 'Excel workbook'), ('pptx', 'PowerPoint presentation'), ('doc', 'Word document, 97 to 2003'), ('xls', 'Excel workbook, 97 to 2003'), ('ppt', 'PowerPoint presentation, 97 to 2003'), ('odt', 'OpenDocument text'), ('ods', 'OpenDocument spreadsheet'), ('odp', 'OpenDocument presentation'), ('rtf', 'Rich text')], max_length=4)),
                ('size', models.PositiveIntegerField(help_text='In bytes.')),
                ('sha256', models.CharField(max_length=64)),
                ('storage_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='interviews.candidate')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('candidate', 'sha256'), name='candidate_file_once'), models.CheckConstraint(condition=models.Q(('size__gte', 1), ('size__lte', 10000000)), name='candidate_file_up_to_10_mb')],
            },
        ),
    ]
