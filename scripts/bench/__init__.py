"""How fast and how small: metrics against a baseline that is measured in the same run.

Where it matters, all sides run in environments of their own (`environments`), in processes that take
turns (`turns`), so that they see the same machine. A metric is a median (`metrics`).
"""
