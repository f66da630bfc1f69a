"""Grade notebooks: read them however they come, run them in a sandbox, judge what was seen out here.

In reading order: `finding`, `places` and `reader` (from files to cells), `matching` (from cells to answers), `sandbox`
with its back-ends, `session` and `inside` (from answers to observations), `validating`, `secrecy`, `outcome` and
`assess` (from observations to an outcome), `grade` and `store` (a batch), `report`, `feedback`, `overview` and
`exports` (what people read), `command`.
"""
