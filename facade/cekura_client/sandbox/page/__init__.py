"""What the sandbox shows of itself: a page for a person, and the same as JSON."""
