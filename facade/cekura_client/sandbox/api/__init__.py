"""The API as it is published: what a request may be, and what it is answered with."""
