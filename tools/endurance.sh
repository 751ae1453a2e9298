#!/bin/sh
# tools/endurance.sh [PART…]: what a release has to stand for longer than a test may
# take. Parts, all of them when none is named:
#
#   random    the window used at random under AddressSanitizer and
#             UndefinedBehaviorSanitizer
#   repeat    10,000 opens and closes, in the window and by the library
#   embed     2,000 pictures embedded by one process
#   stop      stopped and continued, command line and window
#   display   the X server dies
#
# SEED (20261127), MINUTES (30) and LEAK_STEPS (600, after that) are those of "random",
# PICTURES, OPENS and so on of the others; a finding tells how it is repeated:
#   SEED=N STEPS=M tools/endurance.sh random
# Build folders: build-endurance (as shipped) and build-endurance-asan. Needs what
# ./test needs. Logs are in the build folder, endurance-*.log.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
plain=${PLAIN_BUILD:-$here/build-endurance}
sanitized=${ASAN_BUILD:-$here/build-endurance-asan}
seed=${SEED:-20261127}
minutes=${MINUTES:-30}
steps=${STEPS:-}
leak_steps=${LEAK_STEPS:-600}
opens=${OPENS:-10000}
status=0

programs="tests/endurance/random-window tests/endurance/repeat-window tests/endurance/repeat-engine tests/endurance/scripted-window src/cli/dinoscope-cli src/dicom/dinoscope-dicom src/picture/dinoscope-picture data/gschemas.compiled"

# build FOLDER OPTION…
build() {
  folder=$1
  shift
  if [ ! -f "$folder/build.ninja" ]; then
    meson setup "$folder" "$here" --buildtype=debugoptimized "$@" || return 1
  fi
  # shellcheck disable=SC2086
  ninja -C "$folder" $programs
}

# on_display BUILD COMMAND…: under an X server and a bus of its own, with nothing of
# the user's.
on_display() {
  folder=$1
  shift
  xvfb-run -a -s "-screen 0 1600x1200x24 -noreset" dbus-run-session -- env \
    GDK_BACKEND=x11 GSK_RENDERER=cairo LIBGL_ALWAYS_SOFTWARE=1 GTK_A11Y=test ADW_DISABLE_PORTAL=1 GTK_USE_PORTAL=0 \
    GSETTINGS_BACKEND=memory GSETTINGS_SCHEMA_DIR="$folder/data" GIO_USE_VFS=local GIO_USE_VOLUME_MONITOR=unix LC_ALL=C.UTF-8 \
    DINOSCOPE_DATADIR="$here/data" DINOSCOPE_TEST_DATA="$here/tests/data" DINOSCOPE_PLUGINS=none DINOSCOPE_PLUGIN_PATH= HF_HOME= HF_HUB_CACHE= \
    DINOSCOPE_CLI="$folder/src/cli/dinoscope-cli" DINOSCOPE_DICOM_HELPER="$folder/src/dicom/dinoscope-dicom" \
    DINOSCOPE_PICTURE_HELPER="$folder/src/picture/dinoscope-picture" "$@"
}

run_random() {
  build "$sanitized" -Db_sanitize=address,undefined -Db_lundef=false || return 1
  log=$sanitized/endurance-random-$seed.log
  if [ -n "$steps" ]; then
    set -- --steps "$steps"
  else
    set -- --minutes "$minutes"
  fi
  echo "Random steps in the window, seed $seed, $*; each is in $log"
  random_window detect_leaks=0 --log "$log" "$@" || return 1
  echo "What $leak_steps of these steps leak; the whole report is in $log.leaks"
  random_window detect_leaks=1:fast_unwind_on_malloc=0:malloc_context_size=16 --steps "$leak_steps" >"$log.leaks" 2>&1
  python3 "$here/tests/endurance/leaks.py" <"$log.leaks"
}

# random_window OPTIONS ARGUMENT…: OPTIONS are AddressSanitizer's. Whole stacks, which
# alone tell whose a leak is, make it several times as slow.
random_window() {
  options=$1
  shift
  on_display "$sanitized" env \
    ASAN_OPTIONS="$options":allocator_may_return_null=1:strict_string_checks=1:detect_stack_use_after_return=0 \
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 G_SLICE=always-malloc \
    LSAN_OPTIONS="suppressions=$here/tests/lsan.supp:print_suppressions=0" \
    "$sanitized/tests/endurance/random-window" --seed "$seed" "$@"
}

run_repeat() {
  build "$plain" || return 1
  failed=0
  for what in tabs windows programs; do
    n=$opens
    [ "$what" = tabs ] || n=$((opens / 20))
    on_display "$plain" "$plain/tests/endurance/repeat-window" "$what" "$n" || failed=1
  done
  for what in studies models features engines; do
    on_display "$plain" "$plain/tests/endurance/repeat-engine" "$what" "$opens" || failed=1
  done
  return $failed
}

# of_processes PART N
of_processes() {
  build "$plain" || return 1
  on_display "$plain" /usr/bin/python3 "$here/tests/endurance/processes.py" "$1" "$plain" "$2"
}

[ $# -gt 0 ] || set -- random repeat embed stop display
for part; do
  case $part in
    random) run_random ;;
    repeat) run_repeat ;;
    embed) of_processes embed "${PICTURES:-2000}" ;;
    stop) of_processes stop "${STOPS:-20}" ;;
    display) of_processes display "${LOSSES:-5}" ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac || { echo "$part: FAILED"; status=1; }
done
exit $status
