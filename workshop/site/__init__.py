"""What the site is made of."""
