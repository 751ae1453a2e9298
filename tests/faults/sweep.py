"""A command in which the n-th allocation fails, for n = 0, 1, …: the other end of server.c."""
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from support import CLI

# As in faults.h: dino_alloc(), what Jansson makes, what it parses.
OWN, JSON, JSON_READ = 1, 2, 4
ONCE, FOR_GOOD = 0, 1
# What the manual promises for a command that could not do its work: input, model, output.
EXITS = (1, 3, 4)


class Outcome:
    def __init__(self, line, folder):
        words = line.split()
        status, self.seen, self.failed = map(int, words[:3])
        self.frames = words[3:]
        self.signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        self.code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        self.out = (folder / "stdout").read_bytes()
        self.err = (folder / "stderr").read_text(encoding="utf-8", errors="replace")


class Server:
    """The command, started once and forked as often as asked."""

    def __init__(self, arguments, env):
        self.folder = Path(tempfile.mkdtemp(prefix="dinoscope-faults-"))
        (self.folder / "stdin").touch()
        there, mine = os.pipe()
        back, theirs = os.pipe()
        env = {**os.environ, **env, "DINO_FAULTS": "%d,%d" % (there, theirs)}
        self.process = subprocess.Popen([CLI, *arguments], pass_fds=(there, theirs), stdin=subprocess.DEVNULL, env=env)
        os.close(there)
        os.close(theirs)
        self.requests = os.fdopen(mine, "w")
        self.answers = os.fdopen(back, "r")

    def run(self, domain, mode, at):
        self.requests.write("%d %d %d %s\n" % (domain, mode, at, self.folder))
        self.requests.flush()
        line = self.answers.readline()
        assert line, "the server has ended"
        return Outcome(line, self.folder)

    def close(self):
        self.requests.close()
        self.answers.close()
        self.process.wait()
        shutil.rmtree(self.folder)


def contents(folder):
    """What lies below folder: relative name and bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()}


def places(outcome):
    """Where the allocation that failed was asked for, in words."""
    own = [frame.rsplit("+", 1) for frame in outcome.frames]
    own = [address for file, address in own if os.path.realpath(file) == os.path.realpath(CLI)][1:]
    if not own or shutil.which("addr2line") is None:
        return " ".join(outcome.frames)
    lines = subprocess.run(["addr2line", "-fse", CLI, *own], capture_output=True, text=True).stdout.split("\n")
    names = ["%s (%s)" % pair for pair in zip(lines[::2], lines[1::2])]
    return " < ".join(name for name in names if not name.startswith(("fails", "dino_alloc", "__wrap", "json_memory", "??")))


def complaint(outcome, subjects, several):
    """What is wrong with how a command ended that could not have its memory; None: nothing."""
    if outcome.signal is not None:
        return "ended by %s" % signal.Signals(outcome.signal).name
    if "Sanitizer" in outcome.err or "runtime error" in outcome.err:
        return "a sanitizer complains"
    if outcome.code not in EXITS:
        return "exit code %d" % outcome.code
    said = [line for line in outcome.err.splitlines() if line.startswith("dinoscope-cli: ")]
    # A picture and the model, read at the same time, may both fail.
    if not said or (len(said) > 2 and not several):
        return "%d messages" % len(said)
    if "memory" not in said[0].lower():
        return "no word of memory"
    for line in said:
        if "memory" in line.lower() and not any(subject in line for subject in subjects):
            return "a message that names nothing"
    return None


class Sweep:
    """Every allocation of a command in turn, or a sample. subjects are what a
    message may name; a command of several inputs does without those that fail,
    one that resumes keeps what it has, one that tells has errors in its answer,
    and one that varies has another result each time."""

    def __init__(self, arguments, output, subjects, env, several=False, resumes=False, tells=False, varies=False, code=0):
        self.output, self.subjects, self.several, self.resumes, self.tells, self.varies, self.code = output, subjects, several, resumes, tells, varies, code
        self.server = Server(arguments, env)
        self.complaints = []
        self.references = {}

    def clear(self):
        shutil.rmtree(self.output, ignore_errors=True)
        os.makedirs(self.output)

    def reference(self, domain):
        self.clear()
        outcome = self.server.run(domain, ONCE, 0xFFFFFFFF)
        if outcome.code != self.code:
            raise AssertionError("exit code %s without a fault: %s" % (outcome.code or outcome.signal, outcome.err))
        return outcome, contents(self.output)

    def judge(self, outcome, want, files):
        left = contents(self.output)
        if outcome.code == self.code and outcome.signal is None and "Sanitizer" not in outcome.err:
            # What is only nice to have may be missing; what is told may not be wrong.
            if outcome.out == want.out and left == files or self.varies and left.keys() == files.keys() or self.tells and b"memory" in outcome.out.lower():
                return None
            if self.code == 0:
                return "exit code 0 with another result"
        if not self.several:
            # One file of several may be there, and whole; the text that a table begins with.
            for name in left:
                if left[name] != files.get(name):
                    return "left %s" % name
            if not want.out.startswith(outcome.out) and b'"failed"' not in outcome.out:
                return "something else on standard output"
        if any(".part" in name for name in left) and not self.resumes:
            return "left %s" % ", ".join(left)
        return complaint(outcome, self.subjects, self.several)

    def run(self, domain, mode, wanted):
        """Tries the allocations of which there are `wanted` at most (None: all); how many there are, and how many were made to fail."""
        if not self.references:
            # The first run leaves hashes in the cache, of which the others know.
            self.reference(domain)
        if domain not in self.references:
            self.references[domain] = self.reference(domain)
        want, files = self.references[domain]
        step = 1 if wanted is None else max(1, -(-want.seen // max(wanted, 1)))
        tried = 0
        # From the middle of each step: the first allocations are the same for all commands.
        for at in range(step // 2, want.seen, step):
            self.clear()
            outcome = self.server.run(domain, mode, at)
            if outcome.failed == 0:
                continue
            tried += 1
            wrong = self.judge(outcome, want, files)
            if wrong is not None:
                self.complaints.append("allocation %d%s: %s\n  at %s\n  says %r" % (at, "" if mode == ONCE else " and all after it", wrong, places(outcome), outcome.err[:400]))
        return want.seen, tried

    def close(self):
        self.server.close()
