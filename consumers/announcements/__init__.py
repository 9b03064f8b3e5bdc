"""A department's announcements: found, followed, and taken into its own database."""
