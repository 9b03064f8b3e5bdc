"""Refused records: where each stands, its bytes, and what operators did about it."""
