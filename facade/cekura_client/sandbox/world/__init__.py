"""What the sandbox knows: what exists, the results, and how runs move and end."""
