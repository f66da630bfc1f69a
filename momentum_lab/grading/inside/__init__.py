"""What runs in the sandbox, and nowhere else."""
