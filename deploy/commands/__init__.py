"""What the commands of `tribune` do."""
