"""`make pictures`: the pictures of the documentation, and every screen looked through."""
