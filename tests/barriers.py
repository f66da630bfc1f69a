"""What axe, the usual judge of accessible web pages, has to say about a page."""

from axe_playwright_python.sync_playwright import Axe


def serious(page, within=None):
    """Return the serious and critical barriers on a page, or within one part of it: rule and the element's beginning.

    Parameters
    ----------
    page : playwright.sync_api.Page
    within : str, optional
        A CSS selector.
    """
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
