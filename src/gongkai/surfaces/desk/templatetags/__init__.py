"""The desk's own small tags."""
