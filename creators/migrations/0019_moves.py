from django.db import migrations, models

from creators.models.terms import CREATE_MOVED, DROP_MOVED


class Migration(migrations.Migration):
    dependencies = [("creators", "0018_glossary_refused")]

    operations = [
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("slug", models.SlugField(max_length=80, primary_key=True, serialize=False)),
                (
                    "creator",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=models.CASCADE,
                        related_name="former_slugs",
                        to="creators.creator",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WorkFile",
            fields=[
                (
                    "work",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="creators.work",
                    ),
                ),
                ("content", models.BinaryField()),
                ("sidecar", models.BinaryField(default=b"")),
                ("info", models.BinaryField(default=b"")),
                ("facts", models.JSONField(default=dict)),
            ],
        ),
        migrations.RunSQL(CREATE_MOVED, DROP_MOVED),
    ]
