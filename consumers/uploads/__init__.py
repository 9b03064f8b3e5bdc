"""Files handed in as materials, read by whom they are for, and deleted when their time is over."""
