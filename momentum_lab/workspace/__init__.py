"""A learner's own folder of lessons: copied once, updated without touching their work, restored on demand.

In reading order: `originals` (what the course comes with), `texts` (what of a file counts as changed), `writing`
(how a file is written so that nothing is lost), `ledger` (what was written before), `updating`, `restoring`,
`finding` (which folder is meant).  The first cell of every lesson needs two of them and must not wait for all, so
each is imported by its name.
"""
