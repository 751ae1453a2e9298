#!/bin/sh
# The long part of ./test --full. Each part is a script that can also be run by
# itself, after ./test has built; run.sh PART… runs these alone. What a part
# prints goes to build-full/PART.log, from which tests/summary.py counts: lines
# "ok - NAME", "not ok - NAME", "skipped - NAME", and "results - PATH" for the
# results of a run of "meson test". Its own last line and exit code are those of
# the parts that ran; ./test adds them to the rest.
# shellcheck disable=SC1091
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
logs=$here/build-full
mkdir -p "$logs" || exit 1

# part NAME COMMAND…: a part that fails without saying of what has failed, too.
part() {
  name=$1
  shift
  case " $parts " in
    "  " | *" $name "*) ;;
    *) return ;;
  esac
  start=$(date +%s)
  printf '== %s\n' "$name"
  { "$@" || printf 'not ok - %s: ended with %d\n' "$name" "$?"; } 2>&1 | tee "$logs/$name.log"
  printf '== %s took %d s\n' "$name" "$(($(date +%s) - start))"
}

parts="$*"
rm -f "$logs"/*.log
for script in sweeps sanitizers races valgrind integer; do
  part "$script" sh "$here/tools/full/$script.sh"
done
part static sh "$here/tools/check-static.sh"
python3 "$here/tests/summary.py" "$logs"/*.log
