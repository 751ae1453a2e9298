#!/bin/sh
# tools/fuzz.sh [SECONDS] [TARGET…]: fuzzes the readers of all that somebody else
# wrote (tests/fuzz). Builds with clang, AddressSanitizer and
# UndefinedBehaviorSanitizer, divides SECONDS (default: 600) among the targets
# (default: all), and tells executions, coverage and findings of each. Exit code
# 1 with findings; what caused them is in FOLDER/findings.
#
# FUZZ_FOLDER: what has grown from run to run (default: build-fuzz/work).
# FUZZ_COVERAGE=1: which lines of the readers all inputs together reach, by
# llvm-cov, in FOLDER/coverage.
# FUZZ_JOBS: compilers at a time (default: 2); one target runs at a time.
#
# Needs what ./test installs, and the packages clang, llvm and libclang-rt-14-dev
# (or -dev of another version).
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
build=$here/build-fuzz
replay=$here/build-fuzz-coverage
folder=${FUZZ_FOLDER:-$build/work}
jobs=${FUZZ_JOBS:-2}
least="-Dapp=disabled -Deog=disabled -Dgthumb=disabled -Dnautilus=disabled -Dintrospection=disabled -Ddocs=disabled"

command -v clang >/dev/null 2>&1 || {
  echo "tools/fuzz.sh needs clang with its sanitizers (packages clang and libclang-rt-14-dev)." >&2
  exit 2
}

# set_up FOLDER OPTION…: configures once.
set_up() {
  where=$1
  shift
  # shellcheck disable=SC2086
  [ -f "$where/build.ninja" ] || CC=clang CXX=clang++ meson setup "$where" "$here" --buildtype=debugoptimized $least "$@" >/dev/null
}

set_up "$build" -Dfuzzing=true -Db_sanitize=address,undefined -Db_lundef=false && ninja -C "$build" -j "$jobs" fuzz-programs >/dev/null || exit 2
mkdir -p "$folder" || exit 2

if [ "${FUZZ_COVERAGE:-0}" = 1 ]; then
  flags="-fprofile-instr-generate -fcoverage-mapping"
  set_up "$replay" "-Dc_args=$flags" "-Dcpp_args=$flags" "-Dc_link_args=$flags" "-Dcpp_link_args=$flags" &&
    ninja -C "$replay" -j "$jobs" fuzz-programs >/dev/null || exit 2
  exec python3 "$here/tools/run_fuzzers.py" --coverage "$replay" "$here" "$build" "$folder" "$@"
fi
exec python3 "$here/tools/run_fuzzers.py" "$here" "$build" "$folder" "$@"
