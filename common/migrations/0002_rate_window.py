from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="RateWindow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "name", "key", "starts_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=64)),
                ("starts_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={"indexes": [models.Index(fields=["starts_at"], name="rate_window_age")]},
        ),
    ]
