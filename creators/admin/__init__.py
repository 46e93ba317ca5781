"""The admin of the corpus."""

from creators.admin.creators import CreatorAdmin, WorkAdmin

__all__ = ["CreatorAdmin", "WorkAdmin"]
