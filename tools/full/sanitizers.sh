#!/bin/sh
# What plain ./test leaves out of the build under AddressSanitizer and
# UndefinedBehaviorSanitizer because it takes minutes there: whole collections,
# the full-size model, and clusters. Not GTK, whose libraries leak by design,
# nor Python, which would have to be started with the sanitizer preloaded.
# shellcheck disable=SC1091,SC2086,SC2154
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
. "$here/tools/full/common.sh"

build_sanitized || exit 1
rm -f "$sanitized"/meson-logs/rest*
# Those of the suites cli and reference have run.
rest=$(meson test -C "$sanitized" --list --suite reference --suite cluster --no-suite cli 2>/dev/null | sed -n 's|.* / ||p')
under_sanitizers meson test -C "$sanitized" $meson_test_options --logbase rest $rest
results "$sanitized" rest
