from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("creators", "0017_recuts")]

    operations = [
        migrations.AddField(
            "glossaryentry", "is_refused", models.BooleanField(db_default=False, default=False, editable=False)
        ),
    ]
