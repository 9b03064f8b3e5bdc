"""Files handed in as materials: what is taken, who may read it, and when it is deleted: pure."""
