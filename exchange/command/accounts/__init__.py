"""`exchange accounts`, `exchange login` and `exchange logout`: with what people come to the desk."""
