"""What the facade does, as flows: what to check, what to send, what to make of the answer."""
