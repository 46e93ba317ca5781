from django.db import migrations, models

from creators.models.terms import CREATE_SHAPED, DROP_SHAPED


class Migration(migrations.Migration):
    dependencies = [("creators", "0015_work_updated")]

    operations = [
        migrations.AddField("chunk", "is_hidden", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("chunk", "is_preferred", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("chunk", "said", models.JSONField(default=None, editable=False, null=True)),
        migrations.AddField("chunk", "changes", models.JSONField(db_default={}, default=dict, editable=False)),
        migrations.RunSQL(CREATE_SHAPED, DROP_SHAPED),
    ]
