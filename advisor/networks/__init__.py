"""What was trained: at rest as weights, and at work as exported networks. Knows nothing of what they are for."""
