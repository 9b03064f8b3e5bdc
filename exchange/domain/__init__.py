"""The pure core: records fold into a case, and the case says which matters are ready."""
