"""What the city tells of itself: the guide and the statistics. No person is in them."""
