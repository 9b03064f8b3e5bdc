"""What the plan's leaders ask for: how long matters take, whether on time, and what families were spared."""
