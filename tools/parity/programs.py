"""Starts Culebra and the twin and reads their event lines."""

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAR = HERE.parents[1] / "experiments" / "target" / "experiments.jar"
RUNNING = set()


class ProgramFailed(Exception):
    """A program ended with an error; the text tells which and what it said last."""


class Twin:
    name = "PyTorch"

    def command(self, *arguments):
        return [sys.executable, str(HERE / "twin.py"), *map(str, arguments)]

    def train(self, *arguments):
        """The events of a run."""
        return run(self.command(*arguments, "--json"))

    def evaluate(self, *arguments):
        """The event `evaluation` of a checkpoint."""
        return the_event("evaluation", run(self.command("evaluate", *arguments, "--json")))


class Culebra:
    name = "Culebra"

    def __init__(self, jar):
        self.jar = Path(jar)
        if not self.jar.is_file():
            raise ProgramFailed(f"{jar} is missing: build it with ./mvnw -q -DskipTests package, or name it with --jar")

    def command(self, *arguments):
        return [java(), "-jar", str(self.jar), *map(str, arguments)]

    def train(self, *arguments):
        """The events of a run, whose run directory is thrown away."""
        with tempfile.TemporaryDirectory() as folder:
            return run(self.command(*arguments, "--json", "--run-dir", Path(folder) / "run"))

    def evaluate(self, *arguments):
        """The event `evaluation` of a checkpoint."""
        return the_event("evaluation", run(self.command("evaluate", *arguments, "--json")))

    def findings(self):
        """What `doctor` found on this machine: details by name."""
        lines = subprocess.run(self.command("doctor"), capture_output=True, text=True, check=True).stdout.splitlines()
        found = (line.removeprefix("found").strip() for line in lines if line.startswith("found"))
        return dict(map(str.strip, line.split("  ", 1)) for line in found)


def java():
    """The Java of CULEBRA_JAVA (a JDK's folder or its `java`), else the `java` on the path, which finds a newer one."""
    explicit = os.environ.get("CULEBRA_JAVA") or "java"
    return str(Path(explicit) / "bin" / "java") if Path(explicit).is_dir() else explicit


def run(command):
    """Runs a program to its end; its events, each with `arrival`, the clock's seconds when its line was read."""
    return [json.loads(line) | {"arrival": arrival} for line, arrival in timed_lines(command)]


def timed_lines(command, environment=None):
    """Runs a program to its end; each line of its output with the clock's seconds when it was read."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True,
                                   env=environment)
        RUNNING.add(process.pid)
        try:
            lines = [(line, time.perf_counter()) for line in process.stdout]
            code = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finally:
            RUNNING.discard(process.pid)
        if code:
            errors.seek(0)
            raise ProgramFailed(f"{shlex.join(command)}\nended with {code}:\n{errors.read()[-2000:]}")
        return lines


def end_with_all_running():
    """Lets a SIGTERM end, with this program, those that it has started, which are no part of its process group."""

    def end(*_):
        for group in list(RUNNING):
            os.killpg(group, signal.SIGKILL)
        os._exit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)


def the_event(name, events):
    """The only event of this name."""
    (event,) = (event for event in events if event["event"] == name)
    return event


def steps(events):
    """The events of steps."""
    return [event for event in events if event["event"] == "step"]
