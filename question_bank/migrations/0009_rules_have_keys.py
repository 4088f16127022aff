import hashlib
import json

from django.db import migrations
from django.utils.text import slugify


def give_keys(apps, schema_editor):
    """Until now all rules came from the seed files: they go on following them."""
    for rule in apps.get_model("question_bank", "Rule").objects.filter(key=None):
        content = {"title": rule.title.strip(), "text": rule.text.replace("\r\n", "\n").strip()}
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        rule.key = slugify(rule.title)[:80]
        rule.seeded_digest = hashlib.sha256(canonical.encode()).hexdigest()
        rule.save()


class Migration(migrations.Migration):

    dependencies = [
        ('question_bank', '0008_topics_and_rules_of_curators'),
    ]

    operations = [migrations.RunPython(give_keys, migrations.RunPython.noop)]
