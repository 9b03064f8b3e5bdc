"""What was recalled: read, and signed for by name."""
