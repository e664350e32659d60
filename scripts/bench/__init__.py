"""How fast and how large: figures as ratios, measured in one run on one machine."""
