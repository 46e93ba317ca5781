from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from chrysopedia.core.text import folded_name


def fold_names(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Fold the names of creators in one normal form, as they are looked for from now on."""
    creators = apps.get_model("creators", "Creator").objects
    for creator in creators.only("name", "aliases"):
        aliases = [folded_name(alias) for alias in creator.aliases]
        creators.filter(pk=creator.pk).update(folded_name=folded_name(creator.name), folded_aliases=aliases)


class Migration(migrations.Migration):
    dependencies = [("creators", "0009_work_creator_label")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
