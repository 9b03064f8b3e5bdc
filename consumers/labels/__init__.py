"""Labels in Chinese and English for everything that people read."""
