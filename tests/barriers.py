"""What axe, the usual judge of accessible web pages, has to say about a page."""

from axe_playwright_python.sync_playwright import Axe

# A colour that is still on its way from the light to the dark theme is nobody's; what turns for ever is not waited for.
STILL = """() => document.getAnimations().every(
    motion => motion.playState !== "running" || motion.effect.getComputedTiming().iterations === Infinity)"""


def serious(page, within=None):
    """Return the serious and critical barriers on a page, or within one part of it: rule and the element's beginning.

    Parameters
    ----------
    page : playwright.sync_api.Page
    within : str, optional
        A CSS selector.
    """
    page.wait_for_function(STILL)
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
