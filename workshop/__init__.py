"""What an instructor needs around the course: kits, recipes, plans."""
