"""What templates of the people pages use."""
