"""Passages that named the former creator of their work, whose form once changed its creator and left them behind."""

from importlib import import_module

import pytest
from django.db import connection

from creators.models import Chunk, Creator, Embedding, Work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

MIGRATION = import_module("creators.migrations.0020_own_passages")


def test_it_deletes_nothing_of_another_with_a_former_creator() -> None:
    work = Work.objects.select_related("creator").get(slug="reverb-and-space")
    former = work.creator
    heir = Creator.objects.create(slug="heir", name="Heir")
    Work.objects.filter(pk=work.pk).update(creator=heir)  # as the form once did
    before = (Chunk.objects.filter(work=work).count(), Embedding.objects.filter(work=work).count())
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.GIVE_TO_OWNERS)
    former.delete()
    assert before == (heir_chunks := Chunk.objects.filter(creator=heir).count(), heir_chunks)
    assert Embedding.objects.filter(creator=heir).count() == before[1] > 0
