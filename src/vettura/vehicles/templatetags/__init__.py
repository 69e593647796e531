"""What templates about cars say in their own words."""
