"""For those who give a workshop: is everybody's machine ready, a course without a network, how the class stands.

In reading order: `code` (a few facts as a short code), `machine` (the facts), `readiness` (the codes of a class),
`summary` and `summary_page` (the progress files of a class), `targets`, `wheel` and `bundle` (the course on a stick).
"""
