import django.db.models.deletion
from django.db import migrations, models

FILL = """
    UPDATE creators_embedding e SET work_id = k.work_id FROM creators_chunk k WHERE k.id = e.chunk_id;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('creators', '0003_glossary'),
    ]

    operations = [
        migrations.AddField(
            model_name='embedding',
            name='work',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='creators.work'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='embedding',
            name='work',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='creators.work'),
        ),
    ]
