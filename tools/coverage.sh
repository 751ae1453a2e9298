#!/bin/sh
# Which lines and branches the tests run, by layer, with gcc's counters and
# Debian's gcovr. A release runs it. coverage.sh [FOLDER] [ARGUMENT…]: builds in
# FOLDER (default: build-coverage) and leaves there "uncovered.txt", which lists
# what no test runs; the arguments go to "meson test". Exit code 1 when a layer
# is below its threshold.
#
# gcovr leaves out branches that only a C++ exception takes
# (--exclude-throw-branches) and those that the compiler finds no code for
# (--exclude-unreachable-branches); nothing is marked in the source, and a failing
# allocation counts as a branch like others. Tests of the repository itself and of
# a cluster are not run. COVERAGE_JOBS says how many tests run at once.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1:-build-coverage}
[ $# -eq 0 ] || shift
case $folder in /*) ;; *) folder=$here/$folder ;; esac

. "$here/tools/packages.sh"
# shellcheck disable=SC2086
install_packages $packages_run $packages_test gcovr || exit 1

unset HF_HOME HF_HUB_CACHE DINOSCOPE_MODEL DINOSCOPE_ISA DINOSCOPE_PLUGIN_PATH DISPLAY WAYLAND_DISPLAY
if [ -z "${DINOSCOPE_TESTDATA:-}" ] && [ -d "$here/../shared/golden" ]; then
  DINOSCOPE_TESTDATA=$(CDPATH='' cd -- "$here/../shared" && pwd)
fi
export DINOSCOPE_TESTDATA="${DINOSCOPE_TESTDATA:-}"

# The only C++ here is the reader of DICOM files.
mkdir -p "$folder"
gcc -D_GNU_SOURCE -fPIE -c -o "$folder/dicom-coverage.o" "$here/tests/dicom-coverage.c"
# At -O1 a line keeps its branches and the tests do not take hours. Counters are not
# atomic, which the kernels would wait for: of lines that threads run at once counts
# are too low, by far not zero.
if [ ! -f "$folder/build.ninja" ]; then
  meson setup "$folder" "$here" --buildtype=debug -Doptimization=1 -Db_coverage=true -Ddocs=disabled \
    -Dcpp_link_args="['$folder/dicom-coverage.o', '--coverage']"
fi
ninja -C "$folder"
find "$folder" -name '*.gcda' -delete

# A test that fails is ./test's to complain about; here only its lines are missing.
xvfb-run -a -s "-screen 0 1280x1024x24 -noreset" dbus-run-session -- \
  env GDK_BACKEND=x11 ADW_DISABLE_PORTAL=1 GTK_USE_PORTAL=0 \
  meson test -C "$folder" --no-rebuild --timeout-multiplier 10 --no-suite checks --no-suite cluster --no-suite full \
  --num-processes "${COVERAGE_JOBS:-2}" "$@" || echo "Some tests failed; what only they run counts as not run." >&2

(cd "$folder" && gcovr --root "$here" --filter "$here/src/" --exclude-throw-branches --exclude-unreachable-branches \
  --gcov-ignore-parse-errors --json coverage.json .)

python3 - "$folder/coverage.json" "$folder/uncovered.txt" <<'END'
import json
import re
import sys

# Layer: its files, and how many percent of lines and branches at least.
LAYERS = (
    ("readers", r"src/(io|dicom|core/model)/", 95, 90),
    ("core", r"src/core/", 95, None),
    ("engine", r"src/(engine|render)/", 90, None),
    ("command line", r"src/cli/", 90, None),
    ("window", r"src/app/", 80, None),
    ("viewers and plug-ins", r"src/(eog|gthumb|nautilus|pipe|plugins|viewer)/", None, None),
)
with open(sys.argv[1]) as stream:
    files = {entry["file"]: [line for line in entry["lines"] if not line["gcovr/noncode"]] for entry in json.load(stream)["files"]}
low = False
print("%-22s %15s %7s %17s %7s" % ("Layer", "lines", "%", "branches", "%"))
for name, pattern, least_lines, least_branches in LAYERS:
    lines = [line for path, found in files.items() if re.match(pattern, path) for line in found]
    branches = [branch for line in lines for branch in line["branches"]]
    row = "%-22s" % name
    for items, least, width in ((lines, least_lines, 7), (branches, least_branches, 8)):
        run = sum(item["count"] > 0 for item in items)
        percent = 100 * run / max(len(items), 1)
        row += " %*d / %*d %7.2f" % (width - 1, run, width - 1, len(items), percent)
        if least is not None and percent < least:
            low = True
            row += " < %d" % least
    print(row)
with open(sys.argv[2], "w") as stream:
    for path in sorted(files):
        for line in files[path]:
            taken = [branch["count"] > 0 for branch in line["branches"]]
            if line["count"] == 0:
                stream.write("%s:%d\n" % (path, line["line_number"]))
            elif not all(taken):
                stream.write("%s:%d %d of %d branches\n" % (path, line["line_number"], sum(taken), len(taken)))
print("Not run: " + sys.argv[2])
sys.exit(low)
END
