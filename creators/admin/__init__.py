"""The admin of the corpus."""

from creators.admin.creators import CreatorAdmin, WorkAdmin
from creators.admin.jobs import FeedAdmin, IngestJobAdmin

__all__ = ["CreatorAdmin", "FeedAdmin", "IngestJobAdmin", "WorkAdmin"]
