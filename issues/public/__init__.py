"""The public portal: what everybody may do without an account. No script, no jargon, the code never in an address."""
