"""Which encoding a file is in: judged by its text, by its mark, or as somebody says."""
