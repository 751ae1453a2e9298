#!/bin/sh
# check-compilers.sh [--work DIR] [COMPILER...]: builds everything with gcc and with
# clang (or with those that are named), -Werror and optimised, and runs the suites
# core and io of clang's build; ./test runs gcc's. For a release, on Debian 12; DIR
# (default: /var/tmp/dinoscope-compilers) goes away again.
set -eu

source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=/var/tmp/dinoscope-compilers
if [ "${1:-}" = --work ]; then
  work=${2:?}
  shift 2
fi
[ $# -gt 0 ] || set -- gcc clang

. "$source/tools/packages.sh"
# shellcheck disable=SC2086
install_packages $packages_run $packages_test clang || exit 1

mkdir -p "$work"
status=0
for compiler in "$@"; do
  case $compiler in gcc) cpp=g++ ;; *) cpp=clang++ ;; esac
  CC=$compiler CXX=$cpp meson setup "$work/$compiler" "$source" --werror --buildtype=debugoptimized >"$work/$compiler.log" 2>&1 && ninja -k 0 -C "$work/$compiler" >>"$work/$compiler.log" 2>&1 || {
    grep -A 40 "^FAILED" "$work/$compiler.log" >&2 || tail -40 "$work/$compiler.log" >&2
    echo "not ok - $("$compiler" --version | head -n 1)"
    status=1
    continue
  }
  echo "ok - $("$compiler" --version | head -n 1)"
done
if [ "$status" -eq 0 ] && [ -d "$work/clang" ]; then
  meson test -C "$work/clang" --no-rebuild --timeout-multiplier 4 --print-errorlogs --suite core --suite io --no-suite full || status=1
fi
rm -rf "$work"
exit "$status"
