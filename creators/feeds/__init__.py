"""What is fetched: transcripts by their address, and feeds that are polled."""
