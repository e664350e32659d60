"""What is true whatever the network does: rules, plans, policies, results. No I/O, no clock."""
