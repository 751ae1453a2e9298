# What the parts of ./test --full share. Sourced with "here" set to the root.
# shellcheck shell=sh disable=SC1091,SC2034,SC2154

. "$here/tools/packages.sh"
. "$here/tools/test-common.sh"
make_locales

# results FOLDER LOGBASE: where "meson test --logbase LOGBASE" left what it
# found. Failures are counted from there; where nothing is left, nothing ran.
results() {
  if [ ! -f "$1/meson-logs/$2.junit.xml" ]; then
    printf 'not ok - %s: nothing was run in %s\n' "$2" "$1"
    return
  fi
  printf 'results - %s\n' "$1/meson-logs/$2"
}
