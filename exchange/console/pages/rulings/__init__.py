"""A handler decides between records that disagree, and between applicants."""
