"""The pages of the desk, by step."""
