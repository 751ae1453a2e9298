#!/bin/sh
# check-big-endian.sh [--work DIR] [--keep]
#
# Builds for s390x, whose numbers have the high byte first, with -Werror and runs
# the tests of files under qemu: what io reads and writes and what core reads of
# models. What starts dinoscope-dicom or dinoscope-picture is left out: a process
# under qemu cannot start another one of that processor, nor be confined by seccomp.
# So are the two cases of a file that shrinks while it is mapped: qemu 7.2 gives the
# handler of SIGBUS an address whose halves are exchanged.
# For a release; needs root once, for the libraries, which go to DIR (1 GB,
# default: /var/tmp/dinoscope-s390x) and away again without --keep.
set -eu

source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=/var/tmp/dinoscope-s390x
arch=s390x
triplet=s390x-linux-gnu
triplet_gcc=s390x-linux-gnu
tests_io="arrays cells compose csv dicom-message embeddings jpeg matrix-file output packed-file pictures png table"
tests_core="core-base core-config core-model core-model-damage core-model-tensors core-safetensors core-picture core-grey core-heads core-model-layouts core-prepare core-published core-random"

. "$source/tools/packages.sh"
. "$source/tools/foreign.sh"
options check-big-endian.sh "$@"
root=$work/root
cross=$work/cross.ini
# shellcheck disable=SC2086
install_packages $packages_run $packages_test debootstrap qemu-user-static gcc-s390x-linux-gnu g++-s390x-linux-gnu || exit 1

mkdir -p "$work"
unpack_root
cross_file s390x z13 big "" "'-Wl,-rpath-link=$root/usr/lib/$triplet', '-Wl,-rpath-link=$root/lib/$triplet'" "exe_wrapper = ['qemu-s390x-static', '-L', '$root']"
configure "$work/build" "$source"
targets=$(for name in $tests_io; do echo "tests/io/test-io-$name"; done; for name in $tests_core; do echo "tests/core/test-$name"; done)
# shellcheck disable=SC2086
ninja -C "$work/build" $targets >"$work/build.log" 2>&1 || die "$(tail -40 "$work/build.log")"
status=0
# shellcheck disable=SC2086
meson test -C "$work/build" --no-rebuild --timeout-multiplier 20 --print-errorlogs --test-args="-s /packed-file/mapping-shrinks -s /packed-file/model" --suite core --suite io $tests_io $tests_core || status=1
python3 "$source/tests/summary.py" "$work/build/meson-logs/testlog" || status=1
[ "$keep" = yes ] || rm -rf "$work"
exit "$status"
