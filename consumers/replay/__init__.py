"""Folds the whole log again, outside the stream library, and compares what it comes to with what is there."""
