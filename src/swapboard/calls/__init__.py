"""What happens when it rings."""
