"""What a first visit costs over a slow line."""
