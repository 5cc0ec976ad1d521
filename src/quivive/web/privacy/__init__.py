"""What is kept of people and for how long, and how they are forgotten."""
