"""How the widgets of the course look where JupyterLab's own look would not do.

Buttons: a long answer goes on in a second line, in a narrow window or at 200 %; JupyterLab would cut it short.

Widgets that have lost their kernel, in a lesson that was opened again or after a restart: JupyterLab shows them as they
were, each with a red broken chain, and they answer to nothing.  Here they lose the chains, turn pale, and say in one
line what to do.
"""

CLASS = "momentum-lab"
WORDS = "This is how you left it. Run the cell above to use it again."
LOST = ".jupyter-widgets-disconnected"
STYLE = f"""<style>
.{CLASS} .jupyter-button {{ white-space: normal; height: auto; min-height: 28px;
    padding: 4px 10px; line-height: 1.35; }}
.{CLASS} .widget-vbox > .jupyter-button {{ text-align: left; }}
.{CLASS} {LOST}::before {{ content: none; }}
.{CLASS}{LOST}::before {{ content: "{WORDS}"; display: block; font-weight: bold; padding: 4px 0; color: inherit; }}
.{CLASS}{LOST} :is(input, button, .noUi-target) {{ opacity: 0.55; pointer-events: none; }}
</style>"""
"""Goes into an HTML widget inside of a box of class `CLASS`."""
