"""What protects persons from readers: masking, and the record of every access."""
