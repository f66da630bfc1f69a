"""What runs inside Pyodide to spare every browser a compilation: .pyc files take the place of .py files in wheels.

Bytecode can only be made by the Python that will run it, which is the one in the folder of Pyodide (see bytecode.mjs).
Only wheels of other people are compiled.  The course's own, which is put in later, keeps its text: it is there to be
read.
"""

import hashlib
import importlib.util
import io
import json
import os
import warnings
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path

KIT = Path("/kit")
SITE = f"{os.path.dirname(os.__file__)}/site-packages"
warnings.simplefilter("ignore", SyntaxWarning)  # other people's code


def compiled(wheel):
    """Return the bytes of a wheel in which every module is bytecode; its date is not looked at."""
    out = io.BytesIO()
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for member in old.infolist():
            name, data = member.filename, old.read(member)
            if name.endswith(".py"):
                try:
                    code = compile(data, f"{SITE}/{name}", "exec", dont_inherit=True)
                except SyntaxError:  # a template, or an example for another Python
                    new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
                    continue
                name, data = f"{name}c", bytes(_code_to_hash_pyc(code, importlib.util.source_hash(data), False))
            new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


lock = json.loads((KIT / "pyodide-lock.json").read_text("utf-8"))
for entry in lock["packages"].values():
    file = KIT / entry["file_name"]
    data = compiled(file)
    file.write_bytes(data)
    entry["sha256"] = hashlib.sha256(data).hexdigest()
(KIT / "pyodide-lock.json").write_text(json.dumps(lock))
