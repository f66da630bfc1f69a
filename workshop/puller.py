"""Make the address by which nbgitpuller copies the course into a learner's home on a hub, and opens it there.

    python -m workshop.puller https://hub.example.org https://git.example.org/momentum-lab

nbgitpuller must be installed on that hub.  It settles conflicts in the learner's favour and tells nobody, so a learner
never hears that a lesson has a new text; that is why it is for hubs only, and `momentum-lab update` for everybody else.
"""

import argparse
from urllib.parse import quote, urlencode

FIRST = "notebooks/00_start.ipynb"


def address(hub, repository, branch="main", page=FIRST):
    """Return the address to send to a class.

    Parameters
    ----------
    hub, repository : str
        Where they are on the web.
    branch : str
    page : str
        What is opened, as a path in the repository.
    """
    folder = repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    words = {"repo": repository, "branch": branch, "urlpath": f"lab/tree/{folder}/{page}"}
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(words, quote_via=quote, safe='')}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m workshop.puller", description=__doc__.splitlines()[0])
    parser.add_argument("hub", help="the hub's address")
    parser.add_argument("repository", help="the address of a Git repository with the course")
    parser.add_argument("--branch", default="main")
    words = parser.parse_args()
    print(address(words.hub, words.repository, words.branch))
