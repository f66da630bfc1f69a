"""How widgets look that have lost their kernel: those of a lesson that was opened again, or of a kernel restarted.

JupyterLab shows them as they were, each with a red broken chain, and they answer to nothing.  Here they lose the
chains, turn pale, and say in one line what to do.
"""

CLASS = "momentum-lab"
WORDS = "This is how you left it. Run the cell above to use it again."
LOST = ".jupyter-widgets-disconnected"
STYLE = f"""<style>
.{CLASS} {LOST}::before {{ content: none; }}
.{CLASS}{LOST}::before {{ content: "{WORDS}"; display: block; font-weight: bold; padding: 4px 0; color: inherit; }}
.{CLASS}{LOST} :is(input, button, .noUi-target) {{ opacity: 0.55; pointer-events: none; }}
</style>"""
"""Goes into an HTML widget inside of a box of class `CLASS`."""
