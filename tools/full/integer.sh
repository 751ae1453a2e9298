#!/bin/sh
# What reads other people's files, built by clang with checks that gcc does not
# have: unsigned numbers that wrap, conversions that change a value, and floats
# that fit no integer. What is meant to wrap says so
# (core/base/wrap.h); where nothing is checked says tools/full/integer.ignore.
# shellcheck disable=SC1091,SC2046,SC2086,SC2154
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
. "$here/tools/full/common.sh"
folder=$here/build-integer
ignore=-fsanitize-ignorelist=$here/tools/full/integer.ignore

# no vptr: it asks pipe2() whether an object's memory is there, which the sandbox
# of the processes that decode answers with SIGSYS, as it does ioctl(), the first
# thing that a report there needs. So a finding in them is one that ends without
# words; the function, run by its fuzz corpus, says what it is.
CC=clang CXX=clang++ configure "$folder" -Dapp=disabled -Deog=disabled -Dgthumb=disabled -Dnautilus=disabled \
  -Db_sanitize=undefined -Db_lundef=false \
  "-Dc_args=-fsanitize=float-cast-overflow,integer $ignore" "-Dcpp_args=-fsanitize=integer -fno-sanitize=vptr $ignore" || exit 1

ninja -C "$folder" || exit 1

readers="core-base core-config core-model core-model-damage core-model-layouts core-model-memory core-model-tensors core-safetensors"
rm -f "$folder"/meson-logs/integer*
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
  meson test -C "$folder" $meson_test_options --logbase integer $readers $(meson test -C "$folder" --list --suite io --no-suite full 2>/dev/null | sed -n 's|.* / ||p')
results "$folder" integer
