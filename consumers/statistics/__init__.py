"""What the plan's leaders ask: how long matters take, whether they are on time, what families were spared."""
