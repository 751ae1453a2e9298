#!/usr/bin/env python3
"""Each command with the k-th call failing, interrupted or short, and killed at
the k-th change of a file: test-sweep.py CLI LIBRARY [--all]
Without --all a sample, the same each time."""
import random
import sys

import sweep
from commands import COMMANDS, make_inputs
from support import TestCase, main

ALL = "--all" in sys.argv
SEED = 9
FAULTS, KILLS = 110, 40

KINDS = {
    "open": ("EIO", "EINTR", "EMFILE"),
    "read": ("EIO", "EINTR", "short"),
    "write": ("EIO", "ENOSPC", "EINTR", "short"),
    "sync": ("EIO", "ENOSPC", "EINTR"),
    "rename": ("EIO", "ENOSPC"),
    "close": ("EIO", "EINTR"),
    "map": ("EIO", "ENOMEM"),
    "truncate": ("EIO", "EINTR"),
    "make": ("EACCES", "ENOSPC"),
}
# From the k-th on: a full disk stays full.
LASTING = {"write": ("ENOSPC",), "sync": ("EIO",), "rename": ("ENOSPC",), "make": ("ENOSPC",)}
# From the first on: nothing but halves.
ALWAYS = {"read": "short", "write": "short"}


def faults(subject):
    for kind, whats in KINDS.items():
        for number in subject.numbers(kind):
            yield from (sweep.Fault(kind, number, what) for what in whats)
    for kind, whats in LASTING.items():
        for number in subject.numbers(kind):
            yield from (sweep.Fault(kind, number, what, lasting=True) for what in whats)
    yield from (sweep.Fault(kind, 1, what, lasting=True) for kind, what in ALWAYS.items() if subject.numbers(kind))


def kills(subject):
    """Before each change of a file, and in the middle of each write."""
    yield from (sweep.Fault("change", number, "kill") for number in subject.numbers("change"))
    yield from (sweep.Fault("write", number, "tear") for number in subject.numbers("write"))


class Sweep(TestCase):
    subjects = []

    @classmethod
    def prepare(cls):
        """Once for both tests."""
        if not cls.subjects:
            cls.bench = sweep.Bench()
            make_inputs(cls.bench.world, cls.bench.cli)
            cls.subjects = [sweep.Subject(cls.bench, command, ALL) for command in COMMANDS]

    def sweep(self, kind, sample, what):
        self.prepare()
        todo = [(subject, fault) for subject in self.subjects for fault in kind(subject)]
        total = len(todo)
        if not ALL:
            todo = random.Random(SEED).sample(todo, sample)
        hits = 0
        problems = []
        for subject, fault in todo:
            result = subject.run(fault.text)
            hits += bool(self.bench.calls())
            judge = sweep.judge_kill if kind is kills else sweep.judge
            problem = judge(subject, fault, result)
            if problem:
                problems.append("%s, %s" % (subject.command.name, problem))
                print("# " + problems[-1].replace("\n", " | "), flush=True)
        print("# %d %s at %d places in %d commands, seed %d" % (hits, what, total, len(COMMANDS), SEED), flush=True)
        self.assertGreater(hits, len(todo) * 9 // 10)
        self.assertEqual(len(problems), 0)

    def test_faults(self):
        self.sweep(faults, FAULTS, "faults injected")

    def test_kills(self):
        self.sweep(kills, KILLS, "kills")


if __name__ == "__main__":
    try:
        main()
    finally:
        if Sweep.subjects:
            Sweep.bench.close()
