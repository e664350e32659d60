"""What can go wrong between a client and the API, on purpose and by rule."""
