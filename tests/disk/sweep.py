"""Runs a command with one fault at a time, and knows what may come of it."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))

from support import CLI, WATCHDOG, Result  # noqa: E402

LIBRARY = os.path.abspath(sys.argv[2])

REASONS = {
    "EIO": "Input/output error",
    "ENOSPC": "No space left on device",
    "EACCES": "Permission denied",
    "EMFILE": "Too many open files",
    "ENOMEM": "Cannot allocate memory",
}


def contents(folder):
    """{relative name: bytes, or None of a folder} of all below."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_symlink():
            found[str(path.relative_to(folder))] = None if path.is_dir() else path.read_bytes()
    return found


def put_back(folder, files):
    for name, body in files.items():
        path = folder / name
        if body is None:
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(body)


class Bench:
    """A folder with the inputs, and places for outputs that are emptied for each run."""

    def __init__(self):
        # In memory where that is possible: a disk would be waited for at each fsync().
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.base = Path(tempfile.mkdtemp(prefix="dinoscope-faults-", dir=memory))
        self.root = self.base / "root"
        self.world = self.root / "world"
        self.world.mkdir(parents=True)
        self.out = self.root / "out"
        self.home = self.root / "home"
        self.log = self.base / "log"
        self.runs = 0

    def close(self):
        shutil.rmtree(self.base)

    def empty(self):
        for folder in (self.out, self.home):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        # Fonts are listed once; the files are not ours.
        (self.home / "cache").mkdir()
        (self.home / "cache" / "fontconfig").symlink_to(self.world / "kept" / "fontconfig")

    def environment(self, cache=None, **more):
        return {
            **os.environ,
            "XDG_CACHE_HOME": str(cache or self.home / "cache"),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            **more,
        }

    def start(self, line, faults=None, cache=None, **more):
        """The process; without faults it is counted (the log tells what it does), with "" it is left alone."""
        env = self.environment(cache, **more)
        if faults != "":
            self.log.unlink(missing_ok=True)
            env.update(LD_PRELOAD=LIBRARY, FAULTS_PROGRAM="dinoscope-cli", FAULTS_ROOT=str(self.root), FAULTS_LOG=str(self.log))
            env.update({"FAULTS": faults} if faults else {})
        self.runs += 1
        return subprocess.Popen([CLI, *line], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=env, cwd=self.base)

    def cli(self, line, cache=None, faults="", **more):
        child = self.start(line, faults, cache, **more)
        try:
            out, err = child.communicate(timeout=WATCHDOG)
        except subprocess.TimeoutExpired:
            child.kill()
            out, err = child.communicate()
            err += b"\nHANGS"
        return Result(subprocess.CompletedProcess(line, child.returncode, out, err))

    def calls(self):
        """[(kind, whether it changes files, path)] of the last run."""
        if not self.log.exists():
            return []
        words = os.fsdecode(self.log.read_bytes()).split("\0")[:-1]
        return [(words[i].rstrip("!"), words[i].endswith("!"), words[i + 1]) for i in range(0, len(words), 2)]


class Subject:
    """A command in a bench: what it does undisturbed, over an older output where there can be one."""

    def __init__(self, bench, command, thorough=True):
        self.bench = bench
        self.command = command
        self.cache = bench.world / "kept" if command.cache == "kept" else None
        self.old = {}
        self.line = self.line_of(command.arguments)
        bench.empty()
        first = bench.cli(self.line, self.cache, None)
        self.calls = bench.calls()
        self.expected = contents(bench.out)
        self.result = first
        assert first.code == command.code, "%s: %d %s" % (command.name, first.code, first.err)
        if command.old:
            bench.empty()
            older = bench.cli(self.line_of(command.old))
            assert older.code == 0, older.err
            self.old = contents(bench.out)
        elif command.folder is None:
            # A line more: still a sidecar, where that is looked at, and not the new one.
            self.old = {name: body + b"\n" if body is not None else None for name, body in self.expected.items()}
        if thorough:
            second = self.run(None)
            assert self.is_same(second), "%s is not the same twice: %s" % (command.name, self.differences())
            self.calls = bench.calls()
        self.home = self.home_names()

    def line_of(self, arguments):
        return [argument.format(w=self.bench.world, o=self.bench.out) for argument in arguments]

    def home_names(self):
        return {name for name in contents(self.bench.home) if "fontconfig" not in name}

    def run(self, faults):
        """Over the old output."""
        self.bench.empty()
        put_back(self.bench.out, self.old)
        return self.again(faults)

    def again(self, faults=""):
        return self.bench.cli(self.line, self.cache, faults)

    def paths(self, kind):
        return [path for call, changes, path in self.calls if (changes if kind == "change" else call == kind)]

    def path(self, kind, number):
        return self.paths(kind)[number - 1]

    def numbers(self, kind):
        """From 1, of the calls of a kind; fontconfig's own files are not ours."""
        return [number for number, path in enumerate(self.paths(kind), 1) if "fontconfig" not in path]

    def differences(self, files=None):
        """Of what is there from what should be."""
        there = contents(self.bench.out) if files is None else files
        wrong = sorted(set(there) ^ set(self.expected))
        return wrong or [name for name in there if there[name] != self.expected[name] and os.path.basename(name) not in self.command.random]

    def is_same(self, result):
        return result.code == self.command.code and (not self.command.says or result.out == self.result.out) and not self.differences()

    def mixture(self, lost=()):
        """What is neither old nor new, or gone, as a sentence; "" where all is well.

        A folder is all old, all new, or has no description, which comes last.
        What a run that goes on needs is left out; lost may be gone."""
        there = contents(self.bench.out)
        files = {name: body for name, body in there.items() if body is not None and not is_unfinished(name)}
        random = self.command.random
        strange = [
            name
            for name, body in files.items()
            if body != self.old.get(name) and body != self.expected.get(name) and not (os.path.basename(name) in random and name in self.expected)
        ]
        if strange:
            return "neither old nor new: %s" % strange
        description = self.command.description and "out/" + self.command.description
        if description in files:
            complete = {name: body for name, body in there.items() if not is_unfinished(name)}
            if files != {name: body for name, body in self.old.items() if body is not None} and self.differences(complete):
                return "old and new files with a description: %s" % sorted(there)
            return ""
        gone = [name for name in self.old if name not in there and name not in lost]
        return "" if not gone or description else "gone: %s" % gone


def is_unfinished(name):
    """Files of a run that was killed, which the next one goes on with or removes."""
    return any(part.endswith((".part", ".sorted")) or part in ("embed.journal", "embed.names") for part in name.split("/"))


def describe(result):
    return "exit %d, %s" % (result.code, result.err.strip()[-400:] or "no message")


def crash(result):
    if "HANGS" in result.err:
        return "hangs"
    return "crashes" if result.code < 0 or (result.code >= 128 and result.code != 130) else ""


def sidecars(subject):
    return [name for name in subject.old if name.endswith(".json") and not subject.command.folder]


class Fault:
    """KIND:K:WHAT, and what it hit."""

    def __init__(self, kind, number, what, lasting=False):
        self.kind, self.number, self.what, self.lasting = kind, number, what, lasting
        self.text = "%s:%d%s:%s" % (kind, number, "+" if lasting else "", what)

    def role(self, bench, path):
        parts = os.path.relpath(path, bench.root).split("/")
        return "model" if parts[:2] == ["world", "model"] else {"world": "input"}.get(parts[0], parts[0])


def is_harmless(subject, fault, path):
    """Whether nobody needs to be told that this failed."""
    role = fault.role(subject.bench, path)
    if "fontconfig" in path:
        return True
    if fault.kind == "close" and ".dinoscope-" not in os.path.basename(path):
        return True  # it is whole and has its name
    if fault.kind in ("open", "sync") and (os.path.isdir(path) or path.rstrip("/").endswith("/.dinoscope-new.part")):
        return True  # the file system cannot sync names
    if role == "home":
        return "name-key" not in path  # caches
    # Read again, or made in another way: what came of it is the same.
    return fault.kind in ("read", "map", "make", "remove") or (fault.kind == "open" and role != "out")


def judge(subject, fault):
    """What is wrong with how a command takes a fault, "" where nothing is."""
    result = subject.run(fault.text)
    hits = subject.bench.calls()
    if not hits:
        # One call less than counted, when threads take another order.
        return "" if subject.is_same(result) else "differs without a fault: " + describe(result)
    path = hits[0][2]
    about = "%s at %s: " % (fault.text, os.path.relpath(path, subject.bench.root))
    if crash(result):
        return about + crash(result) + ": " + describe(result)
    if fault.what in ("EINTR", "short"):
        return "" if subject.is_same(result) else about + "another result, %s; %s" % (subject.differences(), describe(result))
    if subject.is_same(result):
        return "" if all(is_harmless(subject, fault, hit) for _, _, hit in hits) else about + "nobody is told"
    problem = judge_failure(subject, fault, [hit for _, _, hit in hits], result)
    return about + problem + "; " + describe(result) if problem else ""


def codes_for(fault, role, path):
    """Exit codes for a fault at a file, as docs/contracts has them."""
    if "decoder.safetensors" in path or "head.safetensors" in path:
        return {1, 3}  # a head is a model as well
    if "manifest.json" in path:
        return {1, 2}
    if role == "out" and fault.kind in ("open", "read") and not is_unfinished(os.path.basename(path)):
        return {1, 4}  # what it wrote, or found there, is an input by then
    if "name-key" in path:
        return {1, 4}  # it is read, or made
    return {{"input": 1, "model": 3, "out": 4, "home": 4}[role]}


def names_for(subject, path):
    if ".dinoscope-" in os.path.basename(path):
        return {os.path.basename(name) for name in subject.expected} | {"name-key"}
    if "--hash-names" in subject.command.arguments and "/films/" in path:
        return {""}  # of a picture no name is told
    return {os.path.basename(path), os.path.basename(path).removesuffix(".part")}


def judge_failure(subject, fault, paths, result):
    """Of a fault that lasts, any of the files may be the one that is told of."""
    roles = {fault.role(subject.bench, path) for path in paths}
    codes = set().union(*(codes_for(fault, fault.role(subject.bench, path), path) for path in paths))
    if subject.command.name == "neighbors" and roles == {"input"}:
        codes |= {0}  # a place of the sheet stays empty
    if result.code not in codes:
        return "not exit %s" % " or ".join(map(str, sorted(codes)))
    said = result.err + result.text
    if REASONS[fault.what] not in said:
        return "no reason"
    if not any(name in said for path in paths for name in names_for(subject, path)):
        return "no name"
    return judge_files(subject, fault, roles)


def judge_files(subject, fault, roles):
    command = subject.command
    there = contents(subject.bench.out)
    if command.several and roles == {"input"}:
        return ""  # a picture less, which was told
    if command.resumes:
        again = subject.again()
        return "" if subject.is_same(again) else "does not go on: %s, %s" % (subject.differences(), describe(again))
    left = [name for name in there if ".dinoscope-" in name]
    if left:
        return "left behind: %s" % left
    if command.several and "input" in roles:
        return ""
    if command.apart or fault.kind in ("rename", "remove"):
        lost = sidecars(subject) if fault.kind == "rename" else ()
        return subject.mixture(lost)
    return "" if there == subject.old else "the earlier output was changed: %s" % [name for name in sorted({*there, *subject.old}) if there.get(name, b"none") != subject.old.get(name, b"none")]


def judge_kill(subject, fault):
    """After the kill nothing is half there, and the same command makes all good."""
    result = subject.run(fault.text)
    hits = subject.bench.calls()
    if not hits:
        return "" if subject.is_same(result) else "differs without a kill: " + describe(result)
    about = "%s at %s: " % (fault.text, os.path.relpath(hits[0][2], subject.bench.root))
    if result.code != -signal.SIGKILL:
        return about + "was not killed, " + describe(result)
    # Between a picture and its sidecar there is none.
    problem = subject.mixture(sidecars(subject))
    if problem:
        return about + problem
    again = subject.again()
    done = again.code == 4 and "not overwritten" in again.err and not subject.differences()
    if not done and not subject.is_same(again):
        return about + "not good again: %s, %s" % (subject.differences(), describe(again))
    left = sorted(subject.home_names() - subject.home)
    return about + "left behind in the home: %s" % left if left else ""


def judge_cut(subject, fault):
    """Somebody empties a file while it is mapped: an error that names it, and no crash."""
    path = subject.path("map", fault.number)
    body = Path(path).read_bytes()
    result = subject.run(fault.text)
    hits = subject.bench.calls()
    Path(path).write_bytes(body)
    about = "%s at %s: " % (fault.text, os.path.relpath(path, subject.bench.root))
    if not hits:
        return "" if subject.is_same(result) else about + "differs without a fault"
    if crash(result):
        return about + crash(result) + ": " + describe(result)
    if subject.is_same(result):
        return ""  # it was not looked at, or read in another way
    if result.code not in (1, 3) or os.path.basename(path) not in result.err:
        return about + describe(result)
    return about + "output was written" if contents(subject.bench.out) != subject.old else ""


# What one of two processes says that cannot both have their way.
REFUSALS = ("another run of this program", "another process", "not overwritten")


def judge_beside(subject, fault, other):
    """The process is stopped at a change of a file, another one of the command line
    other runs from beginning to end, and the first goes on: all of the one or of
    the other is there, and whoever did not write it says so."""
    bench = subject.bench
    bench.empty()
    if other != subject.line:
        bench.cli(other)
        theirs = contents(bench.out)
        bench.empty()
    put_back(bench.out, subject.old)
    first = bench.start(subject.line, fault.text, subject.cache)
    os.waitid(os.P_PID, first.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    second = bench.cli(other, subject.cache)
    os.kill(first.pid, signal.SIGCONT)
    out, err = first.communicate(timeout=WATCHDOG)
    first = Result(subprocess.CompletedProcess(subject.line, first.returncode, out, err))
    about = "%s, " % fault.text
    for result in (first, second):
        if crash(result) or (result.code != subject.command.code and not (result.code == 4 and any(word in result.err for word in REFUSALS))):
            return about + describe(result)
    if first.code and second.code and not subject.command.code:
        return about + "neither wrote: %s / %s" % (describe(first), describe(second))
    if other != subject.line and contents(bench.out) == theirs:
        return ""
    wrong = subject.differences()
    return about + "differ: %s" % wrong if wrong else ""
