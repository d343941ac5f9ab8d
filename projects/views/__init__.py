"""The pages of WHAT."""
