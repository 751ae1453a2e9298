#!/bin/sh
# Memory errors and leaks, told by valgrind in what ships: tests of core and io,
# and the command line with a tiny checkpoint. Valgrind knows no AVX-512, so
# these are the AVX2 kernels on most machines. What the command line starts (the
# reader of DICOM, which allows itself no system call that valgrind would need)
# is not followed.
# shellcheck disable=SC1091,SC2086,SC2154
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
. "$here/tools/full/common.sh"

build_plain || exit 1
G_SLICE=always-malloc
export G_SLICE
valgrind="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite --num-callers=30 --suppressions=/usr/share/glib-2.0/valgrind/glib.supp"

# What takes minutes even so is arithmetic on whole pictures; smaller cases of
# the same functions are in what is left.
slow="encoder-pictures"
tests=$(meson test -C "$plain" --list --suite core --suite io 2>/dev/null | sed -n 's|.* / ||p' | grep -vxE "$slow")

rm -f "$plain"/meson-logs/valgrind*
meson test -C "$plain" $meson_test_options --logbase valgrind --wrap "$valgrind" $tests
results "$plain" valgrind-valgrind
