"""系统补录: single records, by a form made from the schema, for departments without a system."""
