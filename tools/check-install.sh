#!/bin/sh
# Installs into an empty prefix, takes the build tree away, and runs the programs
# from the prefix with an empty environment; then uninstalls. A release runs it.
# check-install.sh [DISPLAY_NUMBER]
set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
number=${1:-119}
work=$(mktemp -d "${TMPDIR:-/tmp}/dinoscope-install.XXXXXX")
server=
end() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || :
  rm -rf "$work"
}
trap end EXIT

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# clean COMMAND...: with nothing of the caller's environment but a home of its own.
clean() {
  env -i HOME="$work/home" PATH=/usr/bin:/bin "$@"
}

prefix=$work/prefix
mkdir "$work/home"
meson setup "$work/build" "$source" --prefix="$prefix" -Dtests=false -Dintrospection=enabled -Ddocs=enabled >"$work/log" || die "$(tail -20 "$work/log")"
ninja -C "$work/build" -j2 >"$work/log" || die "$(tail -20 "$work/log")"
meson install -C "$work/build" --no-rebuild >"$work/log" || die "$(tail -20 "$work/log")"
mv "$work/build" "$work/hidden"

bin=$prefix/bin
film=$prefix/share/dinoscope/examples/chest-01.png
clean "$bin/dinoscope-cli" info "$film" >"$work/info" || die "dinoscope-cli info failed"
clean "$bin/dinoscope-cli" map "$film" --model demo --overlay pca -q -o "$work/pca.png" || die "dinoscope-cli map failed"
clean "$bin/dinoscope-cli" map "$film" --model demo --overlay pca -q --secondary-capture -o "$work/pca.dcm" || die "the DICOM helper was not found"
# It has colours, which only the helper can tell.
clean "$bin/dinoscope-cli" info "$work/pca.dcm" 2>&1 | grep -q RGB || die "the DICOM helper does not read"

# Python, with the library, its typelib and the example of the prefix.
libdir=$(dirname "$(find "$prefix" -name dinoscope-1.pc)")/..
clean LD_LIBRARY_PATH="$libdir" GI_TYPELIB_PATH="$libdir/girepository-1.0" PYTHONDONTWRITEBYTECODE=1 \
  /usr/bin/python3 "$prefix/share/dinoscope/examples/features_and_maps.py" "$film" --model demo -o "$work/python" >"$work/log" 2>&1 || die "$(cat "$work/log")"
clean "$bin/dinoscope-cli" features "$film" --model demo -q -o "$work/tokens.npy" || die "dinoscope-cli features failed"
cmp "$work/python/tokens.npy" "$work/tokens.npy" || die "Python and dinoscope-cli find other features"
for shard in 0 1; do
  clean DINOSCOPE_LOCAL="$work/local" DINOSCOPE_MODEL=demo DINOSCOPE_CLI="$bin/dinoscope-cli" \
    "$prefix/share/dinoscope/cluster/embed-shard.sh" --shard $shard/2 "$prefix/share/dinoscope/examples" "$work/parts" 2>"$work/log" || die "embed-shard.sh: $(cat "$work/log")"
done
clean DINOSCOPE_CLI="$bin/dinoscope-cli" "$prefix/share/dinoscope/cluster/merge-shards.sh" "$work/parts" "$work/merged" 2>"$work/log" || die "merge-shards.sh: $(cat "$work/log")"
[ -s "$prefix/share/gir-1.0/Dinoscope-1.gir" ] || die "Dinoscope-1.gir is not installed"
[ -s "$prefix/share/doc/dinoscope-1/index.html" ] || die "the reference is not installed"
# Every program has its page.
for program in "$bin"/* "$prefix"/libexec/* "$libdir"/dinoscope/helpers-*/*; do
  [ -f "$prefix/share/man/man1/$(basename "$program").1" ] || die "$(basename "$program") has no man page"
done
# Other viewers' parts lie in the prefix, complete and with nothing that cannot be found.
for part in eog/plugins/libdinoscope-eog.so eog/plugins/dinoscope-eog.plugin gthumb/extensions/libdinoscope_overlay.so \
  gthumb/extensions/dinoscope_overlay.extension nautilus/extensions-4/libnautilus-dinoscope.so; do
  found=$(find "$prefix" -path "*/$part")
  [ -n "$found" ] || die "$part was not built; the packages that it needs are in tools/packages.sh"
  case $part in *.so) ! clean ldd "$found" | grep -q 'not found' || die "$part lacks a library" ;; esac
done

if [ -x "$bin/dinoscope" ]; then
  app=io.github.dinoscope.Dinoscope
  desktop-file-validate "$prefix/share/applications/$app.desktop" "$prefix"/share/geeqie/applications/*.desktop
  appstreamcli validate --no-net "$prefix/share/metainfo/$app.metainfo.xml"
  grep -qx "Exec=$bin/dinoscope --gapplication-service" "$prefix/share/dbus-1/services/$app.service"
  Xvfb ":$number" -screen 0 1280x1024x24 -nolisten tcp >"$work/log" 2>&1 &
  server=$!
  sleep 2
  # D-Bus finds the service where XDG_DATA_DIRS leads.
  cat >"$work/session" <<'SESSION'
set -eu
app=io.github.dinoscope.Dinoscope
# The desktop's way: D-Bus starts the program with the file.
gapplication launch "$app" "$1/chest-01.png"
timeout 60 xdotool search --sync --onlyvisible --name chest-01 >/dev/null
# A second start ends at once: the first program shows the file in a tab of its window.
timeout 60 "$2" "$1/chest-02.png"
timeout 60 xdotool search --sync --onlyvisible --name chest-02 >/dev/null
[ "$(xdotool search --onlyvisible --class dinoscope | sort -u | wc -l)" = 1 ]
# An action of the desktop's menu.
gapplication action "$app" open
timeout 60 xdotool search --sync --onlyvisible --name '^Open' >/dev/null
gapplication action "$app" quit
SESSION
  clean DISPLAY=":$number" GDK_BACKEND=x11 GSK_RENDERER=cairo LC_ALL=C.UTF-8 XDG_DATA_DIRS="$prefix/share:/usr/share" \
    dbus-run-session -- sh "$work/session" "$prefix/share/dinoscope/examples" "$bin/dinoscope" >"$work/window" 2>&1 || die "no window: $(cat "$work/window")"
  ! grep -q 'Dinoscope-[A-Z]' "$work/window" || die "$(cat "$work/window")"
fi

mv "$work/hidden" "$work/build"
ninja -C "$work/build" uninstall >"$work/log"
left=$(find "$prefix" ! -type d ! -name '*.cache' ! -name gschemas.compiled ! -path '*/__pycache__/*')
[ -z "$left" ] || die "left after uninstall: $left"
echo "installed, run from the prefix and uninstalled"
