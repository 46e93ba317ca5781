from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("creators", "0013_jobs_and_feeds"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            "creator",
            "curators",
            models.ManyToManyField(
                blank=True,
                help_text="Who of the group Curators works on this creator; editors and operators work on all.",
                related_name="curated_creators",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
