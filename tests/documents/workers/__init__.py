"""Work for the sandbox that goes wrong."""
