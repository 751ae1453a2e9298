#!/bin/sh
# check-static.sh [--jobs N] [--tool NAME]... [FILE...]
#
# Looks at the source without running it: clang 14's warnings over everything,
# -Wconversion and -Wsign-conversion over the readers, gcc 12's analyzer,
# clang-tidy 14 and cppcheck 2.10 over src. What the tools get wrong stands with
# its reason in .clang-tidy, in tools/static/accepted.txt or beside the line.
# First each tool has to find a planted fault. A line for each tool and folder
# says "ok - …" or "not ok - …", with the findings behind it.
# Builds nothing but generated files, in build-static. On Debian 12.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$root/build-static

. "$root/tools/packages.sh"
# shellcheck disable=SC2086
install_packages $packages_run $packages_test $packages_full || exit 1

if [ ! -f "$build/build.ninja" ]; then
  meson setup "$build" "$root" --buildtype=debugoptimized >/dev/null
fi
generated=$(ninja -C "$build" -t targets all | sed -n 's/^\(.*\.[ch]\): CUSTOM_COMMAND.*/\1/p')
# shellcheck disable=SC2086
ninja -C "$build" $generated >/dev/null
exec python3 "$root/tools/static/check_static.py" "$root" "$build" "$@"
