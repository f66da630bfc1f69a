"""The author side of the course: lesson sources, exercises, and the build."""
