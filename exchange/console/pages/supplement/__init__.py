"""系统补录: a single record of any type, made from its schema, for departments without a system of their own."""
