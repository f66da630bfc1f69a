"""A table of addresses such as the project will have once it is published somewhere: nothing lies there."""

from course import links

PUBLISHED = {name: f"https://example.org/{name.lower().replace(' ', '-')}" for name in links.NAMES}
