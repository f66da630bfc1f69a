"""A container as sandbox, where Docker or Podman is there."""

import os
import secrets
import shutil
import subprocess

from momentum_lab.grading.bubblewrap import LAB
from momentum_lab.grading.inside.silent import SILENT
from momentum_lab.grading.sandbox import ENVIRONMENT, FLAGS, INSIDE, PACKAGE, SandboxError, Start

PROGRAMS = ("podman", "docker")


class Container:
    """Run every submission in a container of its own.

    Parameters
    ----------
    image : str
        With Python, NumPy and SymPy, and without this library: its banks would lie there.
    """

    name, title, safe, forks = "container", "The container", True, True

    def __init__(self, image=None):
        self.image = image or os.environ.get("MOMENTUM_LAB_IMAGE")
        self.program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)

    def look(self):
        """Raise SandboxError if there is no container program that answers, or no image is named."""
        if not self.program:
            raise SandboxError("Neither Podman nor Docker is installed.")
        try:
            answer = subprocess.run([self.program, "info"], capture_output=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            answer = None
        if answer is None or answer.returncode:
            raise SandboxError(f"{self.program} is installed but does not answer.")
        if b"rootless: true" in answer.stdout and b"cgroupVersion: v1" in answer.stdout:
            # Podman would start, and say in passing that it ignores the limits.
            raise SandboxError("Without root, Podman limits nothing where the system has cgroups v1; grade as root.")
        if not self.image:
            raise SandboxError(
                "Name a container image that has NumPy and SymPy in MOMENTUM_LAB_IMAGE, or with --image."
            )

    def process_limit(self, limits):
        """Return None: the container counts its processes itself."""
        return None

    def start(self, limits, scratch):
        """Return how a child starts."""
        name = f"momentum-lab-{secrets.token_hex(8)}"
        command = [
            self.program, "run", "--name", name, "--rm", "--interactive", "--init", "--network", "none", "--read-only",
            "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "65534:65534", "--workdir", "/tmp",
            "--tmpfs", f"/tmp:size={limits.scratch},mode=1777", "--pids-limit", str(limits.processes),
            "--memory", str(limits.memory), "--memory-swap", str(limits.memory), "--pull", "never",
        ]  # fmt: skip
        for variable, value in ENVIRONMENT.items():
            if variable != "PATH":  # an image knows where its Python lies
                command += ["--env", f"{variable}={value}"]
        for target, path in _files().items():
            command += ["--volume", f"{path}:{target}:ro"]
        files = {"probe": str(LAB / "probe.py"), "silent": str(LAB / "silent.py"), "paths": [str(LAB)]}
        # The packages of an image are known to its own interpreter only, so its site files are read.
        flags = [flag for flag in FLAGS if flag != "-S"]
        command += [self.image, "python3", *flags, str(LAB / "child.py")]
        return Start(command, dict(os.environ), files, stop=[self.program, "kill", name])


def _files():
    shown = {LAB / "child.py": INSIDE / "child.py", LAB / "silent.py": INSIDE / "silent.py"}
    shown[LAB / "probe.py"] = PACKAGE / "checks" / "probe.py"
    for path in sorted(PACKAGE.iterdir()):
        if path.stem not in SILENT:
            shown[LAB / PACKAGE.name / path.name] = path
    return shown
