#!/bin/sh
# check-offline.sh [--suite trixie|bookworm] [--modules DIR] [--work DIR]
#
# Builds and runs the Flatpak without Flathub: a runtime is made of Debian's
# packages, the manifest is built against it by flatpak-builder without a
# network, installed for a user that exists in DIR only, and the program is run
# in its sandbox. For a release; needs root, bubblewrap and 4 GB in DIR
# (default: /var/tmp/dinoscope-flat). What was made there is used again; without
# DIR/SUITE everything is made anew.
#
# Modules whose archive lies in the folder of --modules, under its name on the
# server, are built from it; of the others the runtime has Debian's packages.
# DEBIAN_MIRROR names another mirror. The screenshots have to be looked at.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
manifest=$root/flatpak/io.github.dinoscope.Dinoscope.json
suite=trixie
modules=
work=/var/tmp/dinoscope-flat
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
runtime=org.debian.LocalSdk
example=/app/share/dinoscope/examples/chest-01.png

. "$root/tools/packages.sh"

usage() {
  say "usage: check-offline.sh [--suite trixie|bookworm] [--modules DIR] [--work DIR]"
  exit 2
}

while [ $# -gt 0 ]; do
  case "$1" in
    --suite) suite=${2:?} ;;
    --modules) modules=$(CDPATH='' cd -- "${2:?}" && pwd) ;;
    --work) work=${2:?} ;;
    *) usage ;;
  esac
  shift 2
done

fail() {
  say "FAILED: $*"
  exit 1
}

# step TEXT: says what comes next, and how long the last one took.
step() {
  now=$(date +%s)
  [ -z "${since:-}" ] || say "   $((now - since)) s"
  since=$now
  say "== $*"
}

[ "$(id -u)" -eq 0 ] || fail "debootstrap and chroot need root"
# shellcheck disable=SC2086
install_packages $packages_flatpak

app=$(jq -r '."app-id"' "$manifest")
here=$work/$suite
# Nothing of the user's is read or written.
HOME=$here/home
XDG_DATA_HOME=$HOME/.local/share
XDG_CACHE_HOME=$HOME/.cache
XDG_CONFIG_HOME=$HOME/.config
# The sandbox looks for documents there, wherever they are outside.
XDG_RUNTIME_DIR=/run/user/$(id -u)
export HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME XDG_RUNTIME_DIR
mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$here/out"
chmod 700 "$XDG_RUNTIME_DIR"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS

make_runtime() {
  if [ ! -d "$here/rootfs" ]; then
    step "Debian $suite"
    debootstrap --variant=minbase "$suite" "$here/rootfs.part" "$mirror" >"$here/debootstrap.log" 2>&1 || fail "debootstrap: $here/debootstrap.log"
    mv "$here/rootfs.part" "$here/rootfs"
  fi
  step "Packages of the runtime"
  # shellcheck disable=SC2086
  chroot "$here/rootfs" sh -ec 'export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$@"
    apt-get clean' sh $packages_run appstream appstream-util elfutils python3 cmake gperf >"$here/apt.log" 2>&1 || fail "apt-get: $here/apt.log"
  step "The runtime's repository"
  rm -rf "$here/sdk"
  mkdir -p "$here/sdk/files"
  cp -a "$here/rootfs/usr" "$here/sdk/usr"
  cp -a "$here/rootfs/etc" "$here/sdk/usr/etc"
  rm -f "$here/sdk/usr/etc/"*shadow* "$here/sdk/usr/etc/resolv.conf"
  # As in GNOME's runtime, so that flatpak makes the linker's cache, with the modules' libraries in it.
  : >"$here/sdk/usr/etc/ld.so.conf"
  rm -f "$here/sdk/usr/etc/ld.so.cache"
  ln -sf ../sbin/ldconfig "$here/sdk/usr/bin/ldconfig"
  find "$here/sdk/usr" -perm /6000 -exec chmod a-s {} +
  printf '[Runtime]\nname=%s\nruntime=%s/x86_64/%s\nsdk=%s/x86_64/%s\n' "$runtime" "$runtime" "$suite" "$runtime" "$suite" >"$here/sdk/metadata"
  flatpak build-export --runtime --arch=x86_64 "$here/repo" "$here/sdk" "$suite" >"$here/export.log" 2>&1 || fail "build-export: $here/export.log"
  rm -rf "$here/sdk"
  step "Installing the runtime"
  flatpak --user remote-add --if-not-exists --no-gpg-verify local "file://$here/repo"
  flatpak --user install -y --noninteractive --or-update local "$runtime//$suite" >"$here/install.log" 2>&1 || fail "install: $here/install.log"
  touch "$here/runtime.done"
}

# The manifest for the runtime that is here, and the tree's files but for what git ignores.
rewrite_manifest() {
  rm -rf "$here/source"
  mkdir "$here/source"
  git -C "$root" ls-files -z --cached --others --exclude-standard | tar -C "$root" --null -T - -cf - | tar -C "$here/source" -xf -
  local_archives=$(if [ -n "$modules" ]; then ls "$modules"; fi | jq -R . | jq -s .)
  jq --arg runtime "$runtime" --arg suite "$suite" --arg folder "$modules" --arg source "$here/source" --argjson names "$local_archives" '
    def basename: split("/") | last;
    def is_here: .sources[0] | .type == "dir" or ((.url | basename) as $name | $names | index($name) != null);
    .runtime = $runtime | .sdk = $runtime | ."runtime-version" = $suite
    | .modules |= map(select(is_here))
    | .modules[].sources[0] |= if .type == "dir" then .path = $source else .path = $folder + "/" + (.url | basename) | del(.url) end
  ' "$manifest" >"$here/$app.json"
  jq -r '"   modules: " + ([.modules[].name] | join(", "))' "$here/$app.json" >&2
}

# in_app COMMAND…: in the sandbox, as the program itself is. A path between @@
# and @@ comes in alone, through the document portal.
in_app() {
  command=$1
  shift
  dbus-run-session -- flatpak --user run --file-forwarding --command="$command" "$app" "$@" 2>>"$here/session.log"
}

# What the sandbox must not have, asked from inside.
check_closed() {
  interfaces=$(in_app sh -c 'sed 1,2d /proc/net/dev | cut -d: -f1 | tr -d " "')
  [ "$interfaces" = lo ] || fail "the sandbox has the network interfaces: $interfaces"
  touch "$HOME/visible-outside"
  in_app sh -c "! [ -e '$HOME/visible-outside' ] && ! [ -e '$root/meson.build' ]" || fail "the sandbox sees files of the system"
}

# DICOM files are read and made by dinoscope-dicom under a filter of its own,
# inside Flatpak's; it refuses to work without.
check_dicom() {
  python3 "$root/flatpak/make-film.py" "$here/film.dcm"
  in_app sh -ec "grep -q '^Seccomp:.2' /proc/self/status
    dinoscope-cli info \"\$1\"
    dinoscope-cli map \"\$1\" --overlay pca --secondary-capture -o /tmp/capture.dcm
    dinoscope-cli map \"\$1\" --overlay pca -o /tmp/map.png" sh @@ "$here/film.dcm" @@ >"$here/out/dicom.txt" 2>&1 ||
    fail "DICOM in the sandbox: $here/out/dicom.txt, $here/session.log"
  grep -q '512 x 512\|512 × 512' "$here/out/dicom.txt" || fail "that is not the film: $here/out/dicom.txt"
}

# The command line makes a map.
check_map() {
  in_app sh -ec "dinoscope-cli map $example --overlay pca --size original -o /tmp/map.png && cat /tmp/map.png" >"$here/out/map.png" || fail "no map on the command line: $here/session.log"
  identify "$here/out/map.png" >/dev/null || fail "the map is no picture"
}

# is_coloured PICTURE: a map lies over the grey radiograph.
is_coloured() {
  saturated=$(convert "$1" -colorspace HSL -channel G -separate -threshold 25% -format '%[fx:mean]' info:)
  awk "BEGIN { exit !($saturated > 0.05) }"
}

# check_window NAME FILE…: the window with a radiograph and its map; NAME.png shows it.
check_window() {
  name=$1
  shift
  cat >"$here/window.sh" <<'EOF'
app=$1
picture=$2
shift 2
flatpak --user run --file-forwarding --env=GSK_RENDERER=cairo --env=GDK_BACKEND=x11 "$app" "$@" &
tries=0
while [ "$tries" -lt 120 ]; do
  sleep 2
  import -window root "$picture"
  saturated=$(convert "$picture" -colorspace HSL -channel G -separate -threshold 25% -format '%[fx:mean]' info:)
  ! awk "BEGIN { exit !($saturated > 0.05) }" || break
  tries=$((tries + 1))
done
sleep 3
import -window root "$picture"
flatpak kill "$app"
wait
EOF
  xvfb-run -a -s "-screen 0 1280x900x24 -noreset" dbus-run-session -- sh "$here/window.sh" "$app" "$here/out/$name.png" "$@" >"$here/out/$name.log" 2>&1 || true
  is_coloured "$here/out/$name.png" || fail "no map in the window: $here/out/$name.png, $here/out/$name.log"
  ! grep -iE 'Dinoscope-(WARNING|CRITICAL)|Gtk-CRITICAL|segmentation' "$here/out/$name.log" || fail "the window complained: $here/out/$name.log"
}

[ -e "$here/runtime.done" ] || make_runtime
step "The manifest"
rewrite_manifest
step "Building without a network"
cd "$here"
dbus-run-session -- flatpak-builder --user --disable-rofiles-fuse --disable-download --sandbox --force-clean \
  --repo="$here/apprepo" "$here/build" "$here/$app.json" >"$here/build.log" 2>&1 || {
  tail -n 40 "$here/build.log" >&2
  fail "flatpak-builder: $here/build.log"
}
step "What was built"
python3 "$root/flatpak/lint.py" "$manifest" "$here/build" || fail "lint"
step "Installing"
flatpak --user remote-add --if-not-exists --no-gpg-verify app "file://$here/apprepo"
flatpak --user install -y --noninteractive --reinstall app "$app" >"$here/install.log" 2>&1 || fail "install: $here/install.log"
step "No network and no files"
check_closed
step "The command line"
check_map
step "DICOM"
check_dicom
step "The window"
check_window window "$example"
step "The window with a picture that comes alone"
cp "$root/data/examples/chest-02.png" "$here/lone.png"
check_window alone @@ "$here/lone.png" @@
step "Passed"
say "Please look at $here/out/window.png and $here/out/alone.png"
