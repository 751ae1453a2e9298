#!/usr/bin/env python3
"""Each command with the k-th call failing, interrupted or short, killed at the
k-th change of a file, or stopped there while another does the same, and with
the k-th mapped file cut short: test-sweep.py CLI LIBRARY [--all I/N]
Without --all a sample, the same each time; with it part I of N of all."""
import random
import sys

import sweep
from commands import COMMANDS, make_inputs
from support import TestCase, main

ALL = "--all" in sys.argv
PART, PARTS = map(int, sys.argv[-1].split("/")) if ALL else (0, 1)
SEED = 9
FAULTS, KILLS, CUTS, PAIRS = 100, 30, 8, 12

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


def chosen(subject, kind):
    """All calls, but of a model's reads, which are the same in each command: all in the first, few in others."""
    model = [number for number in subject.numbers(kind) if kind == "read" and "/world/model/" in subject.path(kind, number)]
    left_out = set(model) - set(model[::12]) if subject.command.name != "features-npy" else set()
    return [number for number in subject.numbers(kind) if number not in left_out]


def faults(subject):
    for kind, whats in KINDS.items():
        for number in chosen(subject, kind):
            yield from (sweep.Fault(kind, number, what) for what in whats)
    for kind, whats in LASTING.items():
        for number in subject.numbers(kind):
            yield from (sweep.Fault(kind, number, what, lasting=True) for what in whats)
    yield from (sweep.Fault(kind, 1, what, lasting=True) for kind, what in ALWAYS.items() if subject.numbers(kind))


def kills(subject):
    """Before each change of a file, and in the middle of each write."""
    yield from (sweep.Fault("change", number, "kill") for number in subject.numbers("change"))
    yield from (sweep.Fault("write", number, "tear") for number in subject.numbers("write"))


def cuts(subject):
    yield from (sweep.Fault("map", number, "cut") for number in subject.numbers("map"))


def pairs(subject):
    yield from (sweep.Fault("change", number, "stop") for number in subject.numbers("change"))


class Sweep(TestCase):
    subjects = []

    @classmethod
    def prepare(cls):
        """Once for both tests."""
        if not cls.subjects:
            cls.bench = sweep.Bench()
            make_inputs(cls.bench.world, cls.bench.cli)
            cls.subjects = [sweep.Subject(cls.bench, command, ALL) for command in COMMANDS]

    def sweep(self, kind, sample, what, judge):
        self.prepare()
        todo = [(subject, fault) for subject in self.subjects for fault in kind(subject)]
        total = len(todo)
        todo = todo[PART::PARTS] if ALL else random.Random(SEED).sample(todo, sample)
        hits = 0
        problems = []
        for subject, fault in todo:
            problem = judge(subject, fault)
            hits += bool(self.bench.calls())
            if problem:
                problems.append("%s, %s" % (subject.command.name, problem))
                print(("# " + problems[-1].replace("\n", " | ")).encode("ascii", "replace").decode(), flush=True)
        print("# %d %s at %d places in %d commands, seed %d" % (hits, what, total, len(COMMANDS), SEED), flush=True)
        self.assertGreater(hits, len(todo) * 9 // 10)
        self.assertEqual(len(problems), 0)

    def test_faults(self):
        self.sweep(faults, FAULTS, "faults injected", sweep.judge)

    def test_kills(self):
        self.sweep(kills, KILLS, "kills", sweep.judge_kill)

    def test_mapped_files_cut(self):
        self.sweep(cuts, CUTS, "files cut while they were mapped", sweep.judge_cut)

    def test_two_at_once(self):
        self.sweep(pairs, PAIRS, "processes stopped while another did the same", lambda subject, fault: sweep.judge_beside(subject, fault, subject.line))

    def test_two_different_at_once(self):
        def judge(subject, fault):
            other = subject.line_of(subject.command.old)
            return sweep.judge_beside(subject, fault, other)

        self.sweep(lambda subject: pairs(subject) if subject.command.old else (), PAIRS, "processes stopped while another wrote something else", judge)


if __name__ == "__main__":
    try:
        main()
    finally:
        if Sweep.subjects:
            Sweep.bench.close()
