#!/usr/bin/env python3
"""Runs the fuzzers that tools/fuzz.sh has built, one at a time in rounds of at most
half a minute, and tells what they did. Usage:
run_fuzzers.py [--coverage REPLAY_BUILD] SOURCE BUILD FOLDER [SECONDS] [TARGET…]"""
import argparse
import json
import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

ROUND = 30
TIMEOUT = 10
LIMITS = ["-rss_limit_mb=1024", "-malloc_limit_mb=512", "-timeout=%d" % TIMEOUT]
# DCMTK asks for as much memory as an element says that it has. The helper has 1 GB
# of address space; here the allocator refuses much less, since
# AddressSanitizer writes something for every eighth byte.
DICOM_MOST_MB = 64
DICOM = ("codestream", "dicom", "dicom-request")
MAX_LENGTH = {"dicom": 8192, "jpeg": 8192, "packed": 8192, "png": 8192, "checkpoint": 8192, "exif": 2048, "command-line": 1024}

DICTIONARIES = {
    "safetensors": ("safetensors", "safetensors-header", "checkpoint", "head", "probe-head", "decoder", "basis"), "config": ("config", "processor"), "png": ("png", "archive"), "jpeg": ("jpeg", "exif"),
    "dicom": ("dicom", "codestream", "dicom-message", "dicom-request"), "npy": ("npy",), "table": ("table", "boxes"), "folder": ("embeddings", "index", "journal"), "sidecar": ("sidecar", "manifest", "message-pipe"),
    "command-line": ("command-line",),
}

# The readers that a target is about, for line coverage.
READERS = {
    "archive": ["cli/embed-archive.c"], "basis": ["core/maps/pca-basis.c"], "boxes": ["io/csv.c"], "checkpoint": ["core/model/checkpoint.c", "core/model/checkpoint-match.c", "core/model/checkpoint-scheme.c", "core/model/model-open.c"],
    "codestream": ["dicom/codestream.c"], "command-line": ["cli/options.c", "engine/dinoscope-parameter.c"], "config": ["core/model/config.c", "core/model/json.c"], "decoder": ["io/decoder-file.c"],
    "dicom": ["dicom/reader.cpp", "dicom/charset.cpp", "dicom/spacing.c"], "dicom-message": ["io/dicom-message.c"], "dicom-request": ["dicom/capture.cpp"], "embeddings": ["io/embeddings.c"], "exif": ["io/exif.c", "io/jpeg-markers.c"],
    "head": ["io/head-file.c"], "index": ["io/index.c"], "journal": ["cli/embed-journal.c"], "jpeg": ["io/jpeg.c"], "manifest": ["cli/model-manifest.c", "cli/url.c"], "message-pipe": ["pipe/message-pipe.c", "viewer/map.c"],
    "npy": ["io/npy.c", "io/npy-header.c", "io/matrix-file.c"], "packed": ["io/packed-file.c"], "png": ["io/png-read.c"], "probe-head": ["plugins/linear-probe/head.c"], "processor": ["core/model/processor.c"],
    "safetensors": ["core/model/safetensors.c"], "safetensors-header": ["core/model/tensor-list.c"], "sidecar": ["engine/dinoscope-sidecar-read.c", "engine/dinoscope-sidecar-marks.c"], "table": ["io/table.c", "io/table-match.c", "io/training-list.c"],
}


def environment(source, target):
    result = {key: value for key, value in os.environ.items() if not key.startswith(("DINOSCOPE_", "XDG_", "HF_"))}
    most = DICOM_MOST_MB if target in DICOM else 4096
    result.update({
        "ASAN_OPTIONS": "allocator_may_return_null=1:strict_string_checks=1:detect_leaks=1:max_allocation_size_mb=%d" % most,
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1", "LSAN_OPTIONS": "print_suppressions=0:suppressions=%s/tests/lsan.supp" % source, "G_SLICE": "always-malloc",
        "DINOSCOPE_TEST_DATA": "%s/tests/data" % source, "DINOSCOPE_PLUGINS": "none", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
    })
    return result


class Target:
    def __init__(self, name, args):
        self.name, self.args = name, args
        self.executions, self.coverage, self.features, self.memory, self.slowest, self.findings, self.rounds = 0, 0, 0, 0, 0, [], 0
        self.corpus = args.folder / "corpus" / name
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.findings_folder = args.folder / "findings"
        self.findings_folder.mkdir(exist_ok=True)

    def command(self, seconds):
        dictionary = next((key for key, names in DICTIONARIES.items() if self.name in names), None)
        command = [str(self.args.build / "tests/fuzz" / ("fuzz-" + self.name)), "-max_total_time=%d" % seconds, "-print_final_stats=1", "-close_fd_mask=3", "-max_len=%d" % MAX_LENGTH.get(self.name, 4096),
                   "-artifact_prefix=%s/%s-" % (self.findings_folder, self.name), "-use_value_profile=%d" % (self.rounds % 3 == 2)]
        command += LIMITS
        command += ["-dict=%s/tests/fuzz/dictionaries/%s.dict" % (self.args.source, dictionary)] if dictionary else []
        return command + [str(self.corpus), "%s/tests/fuzz/corpus/%s" % (self.args.source, self.name)]

    def is_slow(self, path):
        """libFuzzer looks at the clock; on a busy machine that says little. Whether
        the processor works for as long as that."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [argument for argument in self.command(0) if not argument.startswith(("-timeout", "-max_total_time"))][:-2]
        subprocess.run(command + [str(path)], env=environment(self.args.source, self.name), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime >= TIMEOUT

    def run(self, seconds):
        profiled = self.rounds % 3 == 2
        before = set(self.findings_folder.iterdir())
        result = subprocess.run(self.command(seconds), env=environment(self.args.source, self.name), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, errors="replace")
        log = result.stderr
        (self.args.folder / (self.name + ".log")).write_text(log)

        def last(pattern):
            found = re.findall(pattern, log)
            return int(found[-1]) if found else 0

        self.rounds += 1
        self.executions += max(last(r"stat::number_of_executed_units: (\d+)"), last(r"#(\d+)\s+DONE"))
        # Value profiles are features of another kind.
        if not profiled:
            self.features = max(self.features, last(r" ft: (\d+)"))
        self.coverage = max(self.coverage, last(r"cov: (\d+)"))
        self.memory = max(self.memory, last(r"stat::peak_rss_mb:\s+(\d+)"))
        self.slowest = max(self.slowest, last(r"stat::slowest_unit_time_sec:\s+(\d+)"))
        new = sorted(path.name for path in set(self.findings_folder.iterdir()) - before)
        if result.returncode == 70 and not any(self.is_slow(self.findings_folder / name) for name in new):
            for name in new:
                (self.findings_folder / name).unlink()
        elif result.returncode != 0:
            reason = re.findall(r"(?:SUMMARY|ERROR): (.*)|(runtime error: .*)|(broken promise: .*)", log)
            words = next(("".join(match) for match in reason), "exit code %d" % result.returncode)
            self.findings.append((new, words))
            (self.args.folder / ("finding-%s-%d.log" % (self.name, len(self.findings)))).write_text(log)
            print("FINDING in %s: %s (%s)" % (self.name, words, ", ".join(new) or "no input kept"), flush=True)


def line_coverage(targets, args):
    """Lines of each target's readers that its inputs reach; also the whole listing."""
    where = args.folder / "coverage"
    where.mkdir(exist_ok=True)
    result = {}
    for target in targets:
        program = args.coverage / "tests/fuzz" / ("fuzz-" + target.name)
        raw, profile = where / (target.name + ".profraw"), where / (target.name + ".profdata")
        env = dict(environment(args.source, target.name), LLVM_PROFILE_FILE=str(raw))
        folders = [args.source / "tests/fuzz/corpus" / target.name] + ([target.corpus] if any(target.corpus.iterdir()) else [])
        subprocess.run([str(program), *map(str, folders)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run(["llvm-profdata", "merge", "-sparse", str(raw), "-o", str(profile)], check=True)
        objects = [str(program)] + [arg for path in (args.coverage / "src/engine").glob("libdinoscope.so.*.*.*") if path.is_file() for arg in ("-object", str(path))]
        report = subprocess.run(["llvm-cov", "export", "-summary-only", *objects, "-instr-profile", str(profile)], capture_output=True, text=True, check=True)
        files = json.loads(report.stdout)["data"][0]["files"]
        readers = [one["filename"] for one in files if os.path.relpath(os.path.normpath(one["filename"]), args.source / "src") in READERS[target.name]]
        counts = [one["summary"]["lines"] for one in files if one["filename"] in readers]
        listing = subprocess.run(["llvm-cov", "show", *objects, "-instr-profile", str(profile), *readers], capture_output=True, text=True)
        (where / (target.name + ".txt")).write_text(listing.stdout)
        raw.unlink()
        result[target.name] = 100 * sum(count["covered"] for count in counts) / max(sum(count["count"] for count in counts), 1)
    return result


def report(targets, lines):
    print("%-20s %12s %8s %8s %7s %8s %9s  %s" % ("target", "executions", "edges", "features", "MB", "slowest", "lines", "findings"))
    for target in targets:
        text = "%.1f %%" % lines[target.name] if target.name in lines else "-"
        print("%-20s %12d %8d %8d %7d %7ds %9s  %d" % (target.name, target.executions, target.coverage, target.features, target.memory, target.slowest, text, len(target.findings)))
    print("%-20s %12d %44s  %d" % ("all", sum(target.executions for target in targets), "", sum(len(target.findings) for target in targets)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--coverage", type=Path)
    parser.add_argument("source", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("seconds", type=int, nargs="?", default=600)
    parser.add_argument("targets", nargs="*")
    args = parser.parse_args()
    known = sorted(READERS)
    unknown = [name for name in args.targets if name not in known]
    if unknown:
        sys.exit("There is no target %s; there are: %s." % (unknown[0], ", ".join(known)))
    targets = [Target(name, args) for name in args.targets or known]
    share = max(args.seconds // len(targets), 1)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for done in range(0, share, ROUND):
            for target in targets:
                target.run(min(ROUND, share - done))
            print("%d s of %d for each: %d executions" % (min(done + ROUND, share), share, sum(target.executions for target in targets)), flush=True)
    except KeyboardInterrupt:
        print("interrupted")
    report(targets, line_coverage(targets, args) if args.coverage else {})
    return 1 if any(target.findings for target in targets) else 0


if __name__ == "__main__":
    sys.exit(main())
