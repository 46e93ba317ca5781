"""The admin of the corpus."""

from creators.admin.creators import CreatorAdmin
from creators.admin.jobs import FeedAdmin, IngestJobAdmin
from creators.admin.works import WorkAdmin

__all__ = ["CreatorAdmin", "FeedAdmin", "IngestJobAdmin", "WorkAdmin"]
