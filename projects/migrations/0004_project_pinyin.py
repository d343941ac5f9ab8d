"""The keyboard's name of the projects that were there before they had one."""

from django.db import migrations

from accounts.names import pinyin


def fill(apps, schema_editor):
    Project = apps.get_model("projects", "Project")
    rows = list(Project.objects.filter(pinyin="").only("id", "name"))
    for row in rows:
        row.pinyin = pinyin(row.name, 800)
    Project.objects.bulk_update(rows, ["pinyin"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_projects_in_full")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
