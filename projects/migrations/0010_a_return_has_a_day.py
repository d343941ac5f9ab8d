from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0009_a_step_may_miss_nothing"),
    ]

    operations = [
        migrations.AddField(
            model_name="planreturn",
            name="until",
            field=models.DateField(null=True),
        ),
    ]
