from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("creators", "0011_work_asides")]

    operations = [
        # With a default of the database's, so that a program that runs still can write while it is being replaced.
        migrations.AddField("embedding", "windows", models.BinaryField(db_default=b"", default=b"")),
        # Vectors don't compress; stored as they are, they are read faster.
        migrations.RunSQL(
            "ALTER TABLE creators_embedding ALTER COLUMN windows SET STORAGE EXTERNAL", migrations.RunSQL.noop
        ),
    ]
