"""What searching needs before the server listens: the embedder, and vectors with an index that is used."""

import logging
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection

from chrysopedia.core.failures import OperatorError
from chrysopedia.preparation import Say, UnreachableError, one_at_a_time
from chrysopedia.steps import step

if TYPE_CHECKING:
    from creators.models import Space

logger = logging.getLogger(__name__)


class UnsearchableError(OperatorError):
    """Searching would miss chunks silently: the embedder has not embedded them, or no index finds them."""


def prepare_embedder(*, say: Say) -> None:
    """Have the embedder look at its weights now and not at the first question."""
    from creators.embeddings import EmbeddingError, get_embedder

    with step("Preparing the embedder", say=say):
        try:
            prepare = getattr(get_embedder(), "prepare", None)
            if prepare is not None:
                prepare()
        except EmbeddingError as error:
            raise UnreachableError(f"the embedder can't be used: {error}") from None


def prepare_index(*, say: Say) -> None:
    """Make the vectors' index where it is not the one that searches count on.

    An embeddings server that is down now doesn't say which space it is, and is no reason not to start.
    """
    from creators.embeddings import EmbeddingError
    from creators.embeddings.spaces import is_fit, make_index

    try:
        space = _space()
    except EmbeddingError as error:
        logger.warning("the vectors' index could not be looked at: %s", error)
        return
    if space is None or is_fit(space):
        return
    with step("Building the index of the vectors", say=say), one_at_a_time():
        if not is_fit(space):
            make_index(space)


def check_vectors() -> None:
    """Refuse to serve a corpus that was embedded by another model or whose index would not be used as it must.

    A database that is down now is no reason to.
    """
    from chat.retrieval.scan import ScanRefusedError, verify_scan
    from creators.embeddings import EmbeddingError, get_embedder
    from creators.embeddings.spaces import is_fit
    from creators.embeddings.spaces_part import missing_embeddings

    try:
        missing = missing_embeddings(get_embedder().space)
        space = _space()
        if space is not None and not is_fit(space):
            missing = missing or "The index of the vectors is missing or not as it should be: run 'manage.py embed'."
        elif space is not None:
            verify_scan(space)
    except ScanRefusedError as error:
        raise UnreachableError(f"vectors can't be searched as they must: {error} (is pgvector 0.8 or newer?)") from None
    except (DatabaseError, EmbeddingError) as error:
        logger.warning("the corpus could not be looked at: %s", error)
        return
    finally:
        connection.close()
    if missing:
        raise UnsearchableError(missing)


def _space() -> "Space | None":
    from creators.embeddings import get_embedder
    from creators.models import Space

    return Space.objects.filter(name=get_embedder().space.name).first()
