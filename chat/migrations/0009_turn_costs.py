from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0008_key_kinds'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='dailyquestions',
            name='one_count_a_day_and_kind',
        ),
        migrations.AddField(
            model_name='dailyquestions',
            name='micros',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='dailyquestions',
            name='model',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='dailyquestions',
            name='unpriced',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='turn',
            name='micros',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='turn',
            name='model',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddConstraint(
            model_name='dailyquestions',
            constraint=models.UniqueConstraint(fields=('day', 'creator_slug', 'tier', 'state', 'answered_by', 'model'), name='one_count_a_day_and_kind'),
        ),
    ]
