#!/bin/sh
# Builds the Debian packages of packaging/debian from a copy of the tree, lets
# lintian look at them, and runs what is in them from a folder that they are
# unpacked into; nothing is installed. A release runs it, on Debian 12 with what
# tools/packages.sh lists for building, for tests and for this.
# check-debian.sh [FOLDER]: the packages stay in FOLDER.
set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/dinoscope-debian.XXXXXX")
trap 'rm -rf "$work"' EXIT
out=${1:-}
[ -z "$out" ] || { mkdir -p "$out" && out=$(cd "$out" && pwd); }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

. "$source/tools/packages.sh"
# shellcheck disable=SC2086
install_packages $packages_run $packages_test $packages_debian || exit 1

version=$(sed -n "s/^  version: '\(.*\)',/\1/p" "$source/meson.build" | head -n 1)
tree=$work/dinoscope-$version
mkdir "$tree"
# What git knows, as it stands here; without git, all but builds.
if git -C "$source" rev-parse --git-dir >/dev/null 2>&1; then
  (cd "$source" && git ls-files -z | tar -c --null -T - -f -) | tar -x -C "$tree"
else
  tar -c --exclude='./build*' -C "$source" . | tar -x -C "$tree"
fi
tar -czf "$work/dinoscope_$version.orig.tar.gz" -C "$work" "dinoscope-$version"
cp -r "$tree/packaging/debian" "$tree/debian"

cd "$tree"
dpkg-checkbuilddeps
DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -us -uc >"$work/log" 2>&1 || die "$(tail -40 "$work/log")"
changes=$(ls "$work"/*.changes)
[ -z "$out" ] || cp "$work"/*.deb "$work"/*.dsc "$work"/*.tar.* "$changes" "$out"
# It is not for Debian's archive, which would want to know of a bug.
as_root=
[ "$(id -u)" -ne 0 ] || as_root=--allow-root
lintian $as_root --display-info --suppress-tags initial-upload-closes-no-bugs --fail-on error,warning "$changes" || die "lintian has something to say"

# As on a machine that has them, but for the folder; /usr is built in.
root=$work/root
mkdir "$root" "$work/home"
for package in "$work"/*.deb; do
  case $package in *-dbgsym_*) ;; *) dpkg-deb -x "$package" "$root" ;; esac
done
arch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
run() {
  env -i HOME="$work/home" PATH="$root/usr/bin:/usr/bin:/bin" LD_LIBRARY_PATH="$root/usr/lib/$arch" \
    DINOSCOPE_DATADIR="$root/usr/share/dinoscope" DINOSCOPE_DICOM_HELPER="$root/usr/libexec/dinoscope-dicom" \
    DINOSCOPE_PICTURE_HELPER="$root/usr/lib/$arch/dinoscope/helpers-0/dinoscope-picture" \
    DINOSCOPE_PLUGIN_PATH="$root/usr/lib/$arch/dinoscope/plugins-1" \
    GI_TYPELIB_PATH="$root/usr/lib/$arch/girepository-1.0" "$@"
}
film=$root/usr/share/dinoscope/examples/chest-01.png
run dinoscope-cli --version
run dinoscope-cli map "$film" --model demo --overlay pca -q -o "$work/pca.png" || die "dinoscope-cli map failed"
run dinoscope-cli map "$film" --model demo --overlay pca -q --secondary-capture -o "$work/pca.dcm" || die "the DICOM helper failed"
run dinoscope-cli map --list | grep -q linear-probe || die "the overlay of dinoscope-cli is not found"
run dinoscope --version
run /usr/bin/python3 -c "
import gi
gi.require_version('Dinoscope', '1')
from gi.repository import Dinoscope
print('Dinoscope', Dinoscope.MAJOR_VERSION, Dinoscope.MINOR_VERSION, Dinoscope.MICRO_VERSION)" || die "the typelib is not usable"
for file in usr/share/applications/io.github.dinoscope.Dinoscope.desktop "usr/lib/$arch/eog/plugins/libdinoscope-eog.so" \
  "usr/lib/$arch/gthumb/extensions/libdinoscope_overlay.so" "usr/lib/$arch/nautilus/extensions-4/libnautilus-dinoscope.so"; do
  [ -f "$root/$file" ] || die "$file is in none of the packages"
done
echo "built $(ls "$work"/*.deb | grep -c -v dbgsym) packages, lintian found neither errors nor warnings, and what is in them runs"
