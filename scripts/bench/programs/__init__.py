"""Programs that are processes of their own in a measurement."""
