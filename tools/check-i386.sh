#!/bin/sh
# check-i386.sh [--work DIR] [--keep]
#
# Builds for i386 (SSE2 arithmetic, as numbers are compared bit for bit) with
# -Werror and runs the suites core and io, on an amd64 machine with Debian 12.
# For a release; needs root once, for the libraries, which go to DIR (1 GB,
# default: /var/tmp/dinoscope-i386) and away again without --keep.
set -eu

source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=/var/tmp/dinoscope-i386
arch=i386
triplet=i386-linux-gnu
triplet_gcc=i686-linux-gnu

. "$source/tools/packages.sh"
. "$source/tools/foreign.sh"
options check-i386.sh "$@"
root=$work/root
cross=$work/cross.ini
# shellcheck disable=SC2086
install_packages $packages_run $packages_test debootstrap gcc-i686-linux-gnu g++-i686-linux-gnu || exit 1

mkdir -p "$work"
unpack_root
loader=$root/lib/ld-linux.so.2
library=$root/usr/lib/$triplet
# What is built finds its loader and all libraries by itself, also when a test starts it.
cross_file x86 i686 little "'-msse2', '-mfpmath=sse'" "'-Wl,--dynamic-linker=$loader', '-Wl,--disable-new-dtags', '-Wl,-rpath=$library', '-Wl,-rpath=$root/lib/$triplet'" ""
sed -i 's/^sys_root/needs_exe_wrapper = false\nsys_root/' "$cross"
configure "$work/build" "$source"
# shellcheck disable=SC2046
ninja -C "$work/build" src/dicom/dinoscope-dicom src/picture/dinoscope-picture $(tests_of "$work/build" core io) >"$work/build.log" 2>&1 || die "$(tail -40 "$work/build.log")"
status=0
meson test -C "$work/build" --no-rebuild --timeout-multiplier 4 --print-errorlogs --suite core --suite io --no-suite full || status=1
python3 "$source/tests/summary.py" "$work/build/meson-logs/testlog" || status=1
[ "$keep" = yes ] || rm -rf "$work"
exit "$status"
