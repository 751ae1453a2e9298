#!/bin/sh
# Data races, told by ThreadSanitizer: the thread team and what works on it, and
# the engine. OpenBLAS and GLib are not built for it; GLib's edges come from
# tests/engine/thread-edges.c. One suppression, tests/tsan.supp; a race that is
# there on purpose has to be found, or nothing that was not found counts.
# shellcheck disable=SC1091,SC2086,SC2154
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
. "$here/tools/full/common.sh"
threads=$here/build-thread

configure "$threads" -Dapp=disabled -Deog=disabled -Dgthumb=disabled -Db_sanitize=thread -Db_lundef=false &&
  ninja -C "$threads" || exit 1

TSAN_OPTIONS=suppressions=$here/tests/tsan.supp:ignore_noninstrumented_modules=1
export TSAN_OPTIONS
edges="env LD_PRELOAD=$threads/tests/engine/libthread-edges.so G_SLICE=always-malloc"

said=$(DINOSCOPE_DATADIR=$here/data DINOSCOPE_TEST_DATA=$here/tests/data DINOSCOPE_PLUGINS=none \
  DINOSCOPE_PICTURE_HELPER=$threads/src/picture/dinoscope-picture \
  $edges "$threads/tests/engine/planted-race" 2>&1)
if printf '%s\n' "$said" | grep -q 'SUMMARY: ThreadSanitizer: data race .*planted-race.c'; then
  printf 'ok - the planted race is found\n'
else
  printf '%s\nnot ok - the planted race is found\n' "$said"
fi

# What divides its work among threads in core needs no GLib.
core="encoder-encoder encoder-features encoder-team core-attention-maps core-heads core-pca core-rollout core-search core-similarity core-vectors"
rm -f "$threads"/meson-logs/races*
meson test -C "$threads" $meson_test_options --logbase races $core
results "$threads" races
meson test -C "$threads" $meson_test_options --logbase races --wrap "$edges" --suite engine
results "$threads" races-env
