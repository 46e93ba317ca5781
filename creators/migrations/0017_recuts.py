from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("creators", "0016_shape")]

    operations = [
        migrations.CreateModel(
            name="Recut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("base", models.JSONField(default=list)),
                (
                    "work",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=models.CASCADE,
                        related_name="recuts",
                        to="creators.work",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="chunk",
            name="recut",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=models.SET_NULL,
                related_name="chunks",
                to="creators.recut",
            ),
        ),
        migrations.AddIndex(
            model_name="chunk",
            index=models.Index(condition=models.Q(("recut__isnull", False)), fields=["recut"], name="chunk_recut"),
        ),
    ]
