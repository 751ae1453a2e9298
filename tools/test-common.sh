# What ./test and the parts of ./test --full share: folders, environment, builds.
# Sourced with "here" set to the repository's root, after packages.sh.
# shellcheck shell=sh disable=SC1091,SC2034,SC2154

plain=$here/build-test
sanitized=$here/build-sanitized
locales=$plain/locales

meson_test_options="--no-rebuild --timeout-multiplier 4 --print-errorlogs"

# Nothing of the user's reaches the tests.
unset HF_HOME HF_HUB_CACHE DINOSCOPE_MODEL DINOSCOPE_ISA DINOSCOPE_PLUGIN_PATH
unset DISPLAY WAYLAND_DISPLAY
if [ -z "${DINOSCOPE_TESTDATA:-}" ] && [ -d "$here/../shared/golden" ]; then
  DINOSCOPE_TESTDATA=$(CDPATH='' cd -- "$here/../shared" && pwd)
fi
DINOSCOPE_TESTDATA=${DINOSCOPE_TESTDATA:-}
export DINOSCOPE_TESTDATA

# configure FOLDER OPTION…: once.
configure() {
  folder=$1
  shift
  [ -f "$folder/build.ninja" ] || meson setup "$folder" "$here" --werror --buildtype=debugoptimized "$@"
}

build_plain() {
  configure "$plain" && ninja -C "$plain"
}

build_sanitized() {
  configure "$sanitized" -Dapp=disabled -Deog=disabled -Dgthumb=disabled \
    -Db_sanitize=address,undefined -Db_lundef=false &&
    ninja -C "$sanitized"
}

# Two locales for the tests alone, one of them with decimal commas.
make_locales() {
  if [ ! -d "$locales/de_DE.UTF-8" ]; then
    mkdir -p "$locales"
    localedef -i de_DE -f UTF-8 "$locales/de_DE.UTF-8" || say "The locale de_DE.UTF-8 could not be made."
  fi
  LOCPATH=$locales
  export LOCPATH
  if [ ! -d "$locales/C.UTF-8" ] && [ -d /usr/lib/locale/C.utf8 ]; then
    cp -r /usr/lib/locale/C.utf8 "$locales/C.UTF-8"
  fi
}

# on_display COMMAND…: with an X server and a session bus of its own.
on_display() {
  xvfb-run -a -s "-screen 0 1280x1024x24 -noreset" dbus-run-session -- \
    env GDK_BACKEND=x11 ADW_DISABLE_PORTAL=1 GTK_USE_PORTAL=0 "$@"
}

# under_sanitizers COMMAND…: ends at the first finding, leaks included.
under_sanitizers() {
  env ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1:strict_string_checks=1 \
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 G_SLICE=always-malloc "$@"
}
