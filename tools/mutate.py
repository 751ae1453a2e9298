#!/usr/bin/env python3
"""Do the tests notice when the code is wrong? Changes one place at a time in
src/core, src/io and the C part of src/dicom, builds, and runs the tests that
reach the place: a mutant is killed when one of them fails (or runs ten times as
long as it usually does), and survives otherwise.

  tools/mutate.py WORK [--count 300] [--seed 1] [--jobs 2] [--ids FILE] [--only FOLDER] [--suites a,b] [--tests a,b]

WORK is a folder (several GB) for copies of the tree, their builds and the
results; what is in it is used again. Which tests reach a line is measured with
gcov, each test by itself. The sample is drawn from all places alike; mutants
that do not compile, or whose object code is the same as before, are replaced by
the next ones and not counted. --ids takes those whose names FILE lists, one a
line, in place of a sample: for survivors, after tests were added; --tests says
which tests to ask then, whatever they reach.

A place is a token of a function's body: an operator (< and <=, + and -, && and
||, ! and nothing …), a constant (0 and 1, n and n+1, true and false), a result
(return 0), a condition (if (0)) or a statement (gone). Needs gcc, gcov, meson
and the packages of the tests, and nothing else."""
import argparse
import difflib
import hashlib
import json
import os
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
FOLDERS = ("src/core", "src/io", "src/dicom")
SKIPPED = ("colormap-tables.c",)
SUITES = ("core", "io", "reference", "engine", "cli")
# A test that takes longer than this is not asked.
SLOWEST = 40
LIBRARIES = ("src/core/libdino-core.a", "src/io/libdino-io.a", "src/dicom/dinoscope-dicom", "src/picture/dinoscope-picture")
SETUP = [
    "-Doptimization=1", "-Ddebug=false", "-Dapp=disabled", "-Deog=disabled", "-Dgthumb=disabled",
    "-Dnautilus=disabled", "-Dintrospection=disabled", "-Ddocs=disabled", "-Dwerror=false",
]
SANITIZER = ["-Db_sanitize=address,undefined", "-Db_lundef=false"]
SANITIZER_ENV = {
    "ASAN_OPTIONS": "detect_leaks=1:allocator_may_return_null=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "halt_on_error=1",
    "G_SLICE": "always-malloc",
}

TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<directive>^[ \t]*\#(?:\\\n|[^\n])*)
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<number>0[xX][0-9a-fA-F.]+(?:[pP][+-]?\d+)?[uUlLfF]*|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[uUlLfF]*)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<operator>\.\.\.|<<=|>>=|->|\+\+|--|<=|>=|==|!=|&&|\|\||<<|>>|[-+*/%&|^]=|[^\s\w])
      | (?P<space>\s+)""",
    re.X | re.S | re.M,
)
SWAPS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
    "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "|=": "&=", "&=": "|=", "<<=": ">>=", ">>=": "<<=",
    "++": "--", "--": "++",
}
# Unary or part of a type where no space stands on both sides.
SPACED = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "&": "|", "|": "&", "^": "&", "<<": ">>", ">>": "<<"}
KEYWORDS = {"if", "else", "for", "while", "do", "switch", "case", "default", "return", "break", "continue", "goto", "sizeof"}
TYPES = {"const", "struct", "enum", "union", "unsigned", "signed", "int", "char", "short", "long", "float", "double", "bool", "void", "volatile"}


class Token:
    def __init__(self, match, line):
        self.kind, self.text, self.start, self.end, self.line = match.lastgroup, match.group(), match.start(), match.end(), line


def tokens_of(text):
    """Tokens without space, comments and directives."""
    result, line, at = [], 1, 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match.lastgroup not in ("comment", "directive", "space"):
            result.append(Token(match, line))
        line += match.group().count("\n")
        at = match.end()
    return result


def closing(tokens, at):
    """The index of what closes the bracket at AT."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += tokens[i].text in ("(", "[", "{")
        depth -= tokens[i].text in (")", "]", "}")
        if depth == 0:
            return i
    return len(tokens) - 1


def bodies(tokens):
    """Ranges of tokens of functions' bodies."""
    i = 0
    while i < len(tokens):
        if tokens[i].text == "{":
            end = closing(tokens, i)
            if i > 0 and tokens[i - 1].text == ")":
                yield i + 1, end
            i = end
        i += 1


def end_of_statement(tokens, at, end):
    while at < end and tokens[at].text != ";":
        at = closing(tokens, at) if tokens[at].text in ("(", "[", "{") else at
        at += 1
    return at


def is_declaration(tokens, at):
    first, second, third = tokens[at], tokens[at + 1], tokens[at + 2]
    if first.text in TYPES:
        return True
    if first.kind != "name" or first.text in KEYWORDS:
        return False
    return second.kind == "name" or (second.text == "*" and third.kind in ("name", "operator") and second.start > first.end and third.start == second.end)


def mutants_of_statement(tokens, start, end):
    """What the statement as a whole becomes, and the first token whose parts may change."""
    first = tokens[start]
    if is_declaration(tokens, start):
        value = next((i for i in range(start, end) if tokens[i].text == "="), end)
        return [], value
    if first.text == "return":
        constant = end == start + 2 and tokens[start + 1].text in ("0", "true", "false", "NULL")
        return ([] if end == start + 1 or constant else [(start + 1, end, "0", "result")]), start
    if first.text in ("break", "continue", "goto"):
        return [(start, end, "", "gone")], start
    if first.kind == "name" or first.text in ("(", "*", "++", "--"):
        return [(start, end, "", "gone")], start
    return [], start


def mutants_of_body(tokens, start, end):
    """(first token, token behind the last, new text, kind) of each mutant."""
    at, fixed = start, set()
    while at < end:
        text = tokens[at].text
        if text in ("{", "}", ";", "else", "do"):
            at += 1
        elif text in ("if", "while", "for", "switch"):
            close = closing(tokens, at + 1)
            if text == "if":
                yield at + 2, close, "0", "condition"
            at = close + 1
        elif text in ("case", "default"):
            while tokens[at].text != ":":
                at += 1
            at += 1
        elif tokens[at].kind == "name" and tokens[at + 1].text == ":" and text not in KEYWORDS:
            at += 2
        else:
            stop = end_of_statement(tokens, at, end)
            if text == "static":
                fixed.update(range(at, stop))
            else:
                whole, first = mutants_of_statement(tokens, at, stop)
                yield from whole
                fixed.update(range(at, first))
            at = stop + 1
    for i in range(start, end):
        token = tokens[i]
        if i in fixed:
            continue
        spaced = tokens[i - 1].end < token.start and token.end < tokens[i + 1].start
        if token.kind == "operator" and token.text in SWAPS:
            yield i, i + 1, SWAPS[token.text], "operator"
        elif token.kind == "operator" and token.text in SPACED and spaced:
            yield i, i + 1, SPACED[token.text], "operator"
        elif token.text == "!":
            yield i, i + 1, "", "operator"
        elif token.text in ("true", "false"):
            yield i, i + 1, "false" if token.text == "true" else "true", "constant"
        elif token.kind == "number":
            zero_block = tokens[i - 1].text == "{" and tokens[i + 1].text == "}"
            if not zero_block:
                yield i, i + 1, changed_number(token.text), "constant"


def changed_number(text):
    if text == "1":
        return "0"
    if re.fullmatch(r"\d+", text) and not re.fullmatch(r"0\d+", text):
        return str(int(text) + 1)
    return "(%s + 1)" % text


class Mutant:
    def __init__(self, path, text, start, end, new, line, kind):
        self.path, self.new, self.line, self.kind = path, new, line, kind
        column = start - text.rfind("\n", 0, start)
        self.name = "%s:%d:%d:%s" % (path, line, column, kind)
        self.before, self.text = text, text[:start] + new + text[end:]

    def diff(self):
        lines = difflib.unified_diff(self.before.splitlines(), self.text.splitlines(), lineterm="", n=0)
        return [line for line in lines if line[:2] not in ("--", "++", "@@")]


def all_mutants(only):
    found = []
    for folder in FOLDERS:
        for path in sorted((SOURCE / folder).rglob("*.[ch]")):
            if path.name in SKIPPED or not str(path.relative_to(SOURCE)).startswith(only):
                continue
            text = path.read_text()
            tokens = tokens_of(text)
            for start, end in bodies(tokens):
                for first, behind, new, kind in mutants_of_body(tokens, start, end):
                    found.append(
                        Mutant(str(path.relative_to(SOURCE)), text, tokens[first].start, tokens[behind - 1].end, new, tokens[first].line, kind)
                    )
    return found


class Tree:
    """A copy of the working tree with a build of its own."""

    def __init__(self, folder, options=(), tests=None):
        self.root, self.build = folder, folder / "build"
        listing = subprocess.run(["git", "-C", SOURCE, "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, check=True).stdout.decode()
        names = [name for name in listing.split("\0") if name and (SOURCE / name).is_file()]
        for name in names:
            target = folder / name
            # Only what differs, so that little is built again.
            if not target.exists() or target.read_bytes() != (SOURCE / name).read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(SOURCE / name, target)
        if not (self.build / "build.ninja").exists():
            subprocess.run(["meson", "setup", self.build, folder, *SETUP, *options], check=True, stdout=subprocess.DEVNULL)
        wanted = [test for name, test in tests_of(self).items() if name in tests] if tests else []
        self.ninja(*LIBRARIES, *sorted({target for test in wanted for target in test.targets})) if wanted else self.ninja()

    def ninja(self, *targets, check=True):
        run = subprocess.run(["ninja", "-C", self.build, "-j1" if targets else "-j2", *targets], capture_output=True, text=True)
        if check and run.returncode != 0:
            sys.exit(run.stdout[-4000:] + run.stderr)
        return run.returncode == 0

    def introspect(self, what):
        run = subprocess.run(["meson", "introspect", self.build, "--" + what], capture_output=True, text=True, check=True)
        return json.loads(run.stdout)

    def objects(self):
        return {
            str(path): hashlib.sha1(path.read_bytes()).digest()
            for folder in FOLDERS
            for path in (self.build / folder).rglob("*.o")
        }


class Test:
    def __init__(self, tree, entry, files):
        self.name, self.command, self.env = entry["name"], entry["cmd"], entry["env"]
        self.suite = entry["suite"][0].split(":")[-1]
        self.workdir = entry["workdir"] or str(tree.build)
        self.targets = [str(Path(files[i]).relative_to(tree.build)) for i in entry["depends"] if i in files]

    def run(self, limit, scratch, more=()):
        """'passed', 'failed' or 'timeout', and the seconds."""
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        env = dict(os.environ, **self.env, TMPDIR=str(scratch), **dict(more))
        begin = time.monotonic()
        with open(scratch.parent / (scratch.name + ".log"), "w+b") as log:
            process = subprocess.Popen(
                self.command, cwd=self.workdir, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=lambda: limit_process("ASAN_OPTIONS" in env),
            )
            try:
                code = process.wait(limit)
            except subprocess.TimeoutExpired:
                code = None
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            log.seek(0)
            bad = re.search(rb"^(not ok|Bail out)", log.read(), re.M)
        state = "timeout" if code is None else "failed" if code not in (0, 77) or bad else "passed"
        return state, time.monotonic() - begin


def limit_process(sanitized):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A sanitizer reserves terabytes; a test maps a file of that size.
    if not sanitized:
        resource.setrlimit(resource.RLIMIT_DATA, (16 << 30, 16 << 30))


def tests_of(tree):
    files = {target["id"]: target["filename"][0] for target in tree.introspect("targets")}
    tests = [Test(tree, entry, files) for entry in tree.introspect("tests")]
    return {test.name: test for test in tests if test.suite in SUITES}


def measure(work, suites):
    """Which lines each test of SUITES reaches: {test: {"seconds": s, "lines": {file: [line]}}}."""
    kept = work / "reached.json"
    reached = json.loads(kept.read_text()) if kept.exists() else {}
    tree = Tree(work / "reach", ["-Db_coverage=true"])
    notes = {str(path.relative_to(tree.build)): path for path in tree.build.rglob("*.gcno")}
    tests = {name: test for name, test in tests_of(tree).items() if test.suite in suites}
    for name, test in sorted(tests.items()):
        if name in reached:
            continue
        data = work / "data"
        shutil.rmtree(data, ignore_errors=True)
        state, seconds = test.run(SLOWEST * 5, work / "scratch", {"GCOV_PREFIX": str(data)})
        lines = lines_of(data, tree, notes) if state == "passed" and seconds <= SLOWEST else {}
        reached[name] = {"seconds": seconds, "lines": lines}
        print("%s: %s, %.1f s, %d files" % (name, state, seconds, len(lines)), flush=True)
        kept.write_text(json.dumps(reached))
    shutil.rmtree(work / "data", ignore_errors=True)
    return {name: reached[name] for name in tests}


def lines_of(data, tree, notes):
    at = data / tree.build.relative_to("/")
    ours = []
    for path in at.rglob("*.gcda"):
        note = notes.get(str(path.relative_to(at).with_suffix(".gcno")))
        if note:
            path.with_suffix(".gcno").symlink_to(note)
            ours.append(str(path))
    lines = {}
    for first in range(0, len(ours), 50):
        run = subprocess.run(["gcov", "-t", "--json-format", *ours[first : first + 50]], capture_output=True, text=True, cwd=tree.build)
        for document in run.stdout.splitlines():
            for entry in json.loads(document)["files"]:
                path = os.path.normpath(os.path.join(tree.build, entry["file"]))
                if path.startswith(str(tree.root) + "/src/"):
                    name = os.path.relpath(path, tree.root)
                    lines.setdefault(name, set()).update(line["line_number"] for line in entry["lines"] if line["count"] > 0)
    return {name: sorted(found) for name, found in lines.items()}


class Runner:
    """Runs one mutant after another in a tree. SANITIZED: those that survived go
    through AddressSanitizer and UndefinedBehaviorSanitizer once more, as the tests do."""

    def __init__(self, tree, work, reached, sanitized=False):
        self.tree, self.reached, self.sanitized = tree, reached, sanitized
        self.scratch = work / ("scratch-" + tree.root.name)
        self.tests = tests_of(tree)
        self.objects = tree.objects()
        self.commands = {os.path.normpath(os.path.join(c["directory"], c["file"])): c for c in json.loads((tree.build / "compile_commands.json").read_text())}

    def reaching(self, mutant):
        """Tests that reach the line, or the last line before it that has code: a
        long expression is counted where it begins. What runs in the sandbox
        leaves no counts, and all tests of DICOM are asked."""
        stem = Path(mutant.path).stem
        chosen = []
        for name, measured in self.reached.items():
            test = self.tests.get(name)
            lines = set(measured.get("lines", {}).get(mutant.path, ()))
            close = any(line in lines for line in range(mutant.line - 3, mutant.line + 1))
            if test and (close or "lines" not in measured or (mutant.path.startswith("src/dicom/") and "dicom" in name)):
                near = stem in name or (mutant.path.startswith("src/io") and test.suite == "io")
                chosen.append((SUITES.index(test.suite) > 1, not near, measured["seconds"], name))
        return [self.tests[name] for *_, name in sorted(chosen)]

    def same_when_optimised(self, mutant):
        command = self.commands.get(str(self.tree.root / mutant.path))
        if command is None:
            return False
        arguments = [a for a in shlex.split(command["command"]) if a != "ccache"]
        output = str(self.scratch) + ".o"
        arguments[arguments.index("-o") + 1] = output
        hashes = []
        for text in (mutant.before, mutant.text):
            (self.tree.root / mutant.path).write_text(text)
            subprocess.run(["-O2" if a == "-O1" else a for a in arguments], cwd=command["directory"], check=True, capture_output=True)
            hashes.append(hashlib.sha1(Path(output).read_bytes()).digest())
        return hashes[0] == hashes[1]

    def run(self, mutant):
        (self.tree.root / mutant.path).write_text(mutant.text)
        try:
            return self.judge(mutant)
        finally:
            (self.tree.root / mutant.path).write_text(mutant.before)

    def judge(self, mutant):
        if not self.tree.ninja(*LIBRARIES, check=False):
            return "invalid", ""
        if not self.sanitized and self.tree.objects() == self.objects:
            return "equivalent", ""
        tests, asked = self.reaching(mutant), 0
        for size in (1, 3, 6, 12, 1000):
            batch = tests[asked : asked + size]
            asked += size
            if batch and not self.tree.ninja(*sorted({target for test in batch for target in test.targets}), check=False):
                return "invalid", ""
            for test in batch:
                limit = max(SLOWEST, 10 * self.reached[test.name]["seconds"])
                state, _ = test.run(limit * (3 if self.sanitized else 1), self.scratch, SANITIZER_ENV if self.sanitized else {})
                if state != "passed":
                    return "killed", test.name + (", sanitized" if self.sanitized else "") + (" (timeout)" if state == "timeout" else "")
        if not self.sanitized and self.same_when_optimised(mutant):
            return "equivalent", ""
        return "survived", "%d tests reach it" % len(tests)


def in_parallel(runners, queue, count, log):
    """Runs mutants of QUEUE until COUNT of them were killed or survived: {index: result}."""
    results, lock = {}, threading.Lock()

    def loop(runner):
        while True:
            with lock:
                if not queue or sum(r["state"] in ("killed", "survived") for r in results.values()) >= count:
                    return
                index, mutant = queue.pop(0)
            begin = time.monotonic()
            state, why = runner.run(mutant)
            entry = {"name": mutant.name, "state": state, "why": why, "seconds": round(time.monotonic() - begin, 1), "diff": mutant.diff()}
            with lock:
                results[index] = entry
                log.write(json.dumps(entry) + "\n")
                log.flush()
                print("%4d %-10s %5.1f s  %s  %s" % (index, state, entry["seconds"], mutant.name, why), flush=True)

    threads = [threading.Thread(target=loop, args=(runner,)) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def table(results):
    folders = sorted({folder_of(r["name"]) for r in results})
    lines = ["| Folder | Mutants | Killed | Survived | Killed of all |", "| --- | ---: | ---: | ---: | ---: |"]
    for folder in folders + ["all"]:
        states = [r["state"] for r in results if folder in (folder_of(r["name"]), "all")]
        killed, survived = states.count("killed"), states.count("survived")
        if killed + survived:
            lines.append("| %s | %d | %d | %d | %.1f %% |" % (folder, killed + survived, killed, survived, 100 * killed / (killed + survived)))
    states = [r["state"] for r in results]
    lines.append("")
    lines.append("%d more had the same object code, %d did not compile." % (states.count("equivalent"), states.count("invalid")))
    return "\n".join(lines)


def folder_of(name):
    return "/".join(name.split("/")[: 3 if name.startswith("src/core") else 2])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--ids", type=Path)
    parser.add_argument("--tests")
    parser.add_argument("--suites", default=",".join(SUITES))
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)

    mutants = all_mutants(options.only)
    print("%d places" % len(mutants), flush=True)
    if options.ids:
        names = options.ids.read_text().split()
        by_name = {mutant.name: mutant for mutant in mutants}
        for name in names:
            if name not in by_name:
                sys.exit("no such mutant: " + name)
        mutants, options.count = [by_name[name] for name in names], len(names)
    else:
        random.Random(options.seed).shuffle(mutants)

    named = options.tests.split(",") if options.tests else None
    reached = {name: {"seconds": 0} for name in named} if named else measure(options.work, options.suites.split(","))
    log = open(options.work / "results.jsonl", "w")
    runners = [Runner(Tree(options.work / ("tree-%d" % i), tests=named), options.work, reached) for i in range(options.jobs)]
    for name in named or []:
        if runners[0].tests[name].run(10 * SLOWEST, runners[0].scratch)[0] != "passed":
            sys.exit("fails without a mutant: " + name)
    results = in_parallel(runners, list(enumerate(mutants)), options.count, log)
    print("Survivors once more, under the sanitizers", flush=True)
    survivors = [(index, mutants[index]) for index in sorted(results) if results[index]["state"] == "survived"]
    runners = [Runner(Tree(options.work / ("sanitized-%d" % i), SANITIZER, named), options.work, reached, True) for i in range(options.jobs if survivors else 0)]
    results.update(in_parallel(runners, survivors, len(survivors), log))

    # The first of the sample, whichever were finished first.
    ordered, counted = [], 0
    for index in sorted(results):
        if counted < options.count:
            ordered.append(results[index])
            counted += results[index]["state"] in ("killed", "survived")
    print("\nSurvivors:")
    for entry in ordered:
        if entry["state"] == "survived":
            print("%s (%s)\n%s" % (entry["name"], entry["why"], "\n".join("    " + line for line in entry["diff"])))
    print("\nSeed %d, %d places\n%s" % (options.seed, len(mutants), table(ordered)))


if __name__ == "__main__":
    main()
