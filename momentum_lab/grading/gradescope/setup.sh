#!/bin/bash
# Written by momentum-lab gradescope.  Runs once, as root, when Gradescope builds its image.
set -u
base="${MOMENTUM_LAB_AUTOGRADER:-/autograder}"

apt-get update
apt-get install -y bubblewrap || echo "bubblewrap could not be installed: submissions will run without a sandbox."

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$name" && return
    done
    return 1
}
find_python || apt-get install -y python3.11 python3.11-venv
python="$(find_python)" || { echo "There is no Python 3.11 or newer here: choose the base image Ubuntu 24.04."; exit 1; }
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    apt-get install -y "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
fi

set -e
"$python" -m venv "$base/momentum-lab"
"$base/momentum-lab/bin/python" -m pip install --only-binary :all: -r "$base/source/requirements.txt"
packages="$("$base/momentum-lab/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
cp -R "$base/source/momentum_lab" "$packages/"
chmod -R go=u,go-w "$base/momentum-lab"
# A submission that has to run without a sandbox has a user of its own, who can read neither bank.
chmod -R go= "$base/source" "$packages/momentum_lab/checks/banks"
