"""The join: departments' records in, one case per person and its announcements out."""
