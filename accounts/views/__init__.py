"""The pages of WHO."""
