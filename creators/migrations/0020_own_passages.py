from django.db import migrations, models

GIVE_TO_OWNERS = """
    UPDATE creators_chunk k SET creator_id = w.creator_id
        FROM creators_work w WHERE w.id = k.work_id AND k.creator_id <> w.creator_id;
    UPDATE creators_embedding e SET creator_id = k.creator_id
        FROM creators_chunk k WHERE k.id = e.chunk_id AND e.creator_id <> k.creator_id;
    SET CONSTRAINTS ALL IMMEDIATE;
"""
"""Has passages and vectors be their works' creators': the form of a work once changed its creator, and these not."""

TELL_OF_TAKEDOWNS = """
    UPDATE creators_work w SET taken_down = found.at FROM (
        SELECT l.object_id, max(l.action_time) AS at FROM django_admin_log l
        JOIN django_content_type t ON t.id = l.content_type_id
        WHERE t.app_label = 'creators' AND t.model = 'work' AND l.change_message = 'Taken down.' GROUP BY l.object_id
    ) found WHERE found.object_id = w.id::text AND w.is_withdrawn;
"""


class Migration(migrations.Migration):
    dependencies = [("creators", "0019_moves"), ("admin", "0001_initial")]

    operations = [
        migrations.AddField("episode", "is_moved", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("work", "taken_down", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(GIVE_TO_OWNERS, migrations.RunSQL.noop),
        migrations.RunSQL(TELL_OF_TAKEDOWNS, migrations.RunSQL.noop),
    ]
