#!/bin/sh
# Tests of the suite "full", which take minutes: once as shipped, once under
# AddressSanitizer and UndefinedBehaviorSanitizer.
# shellcheck disable=SC1091,SC2086,SC2154
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
. "$here/tools/full/common.sh"

build_plain && build_sanitized || exit 1
rm -f "$plain"/meson-logs/full.* "$sanitized"/meson-logs/full.*
on_display meson test -C "$plain" $meson_test_options --logbase full --suite full
results "$plain" full
under_sanitizers meson test -C "$sanitized" $meson_test_options --logbase full --suite full
results "$sanitized" full
