#!/bin/sh
# check-debian13.sh [--work DIR] [--keep]
#
# Builds everything on Debian 13 (GTK 4.18, libadwaita 1.7) with its gcc and its
# clang and -Werror, and runs the suites core, io, engine and cli there, in a folder
# that debootstrap fills. For a release; needs root and 5 GB in DIR (default:
# /var/tmp/dinoscope-debian13), which goes away again without --keep. DEBIAN_MIRROR
# names another archive than the machine's own.
set -eu

source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=/var/tmp/dinoscope-debian13

. "$source/tools/packages.sh"
. "$source/tools/foreign.sh"
options check-debian13.sh "$@"
root=$work/trixie
install_packages debootstrap git || exit 1
[ "$(id -u)" -eq 0 ] || die "debootstrap and chroot need root"

# inside COMMAND: in the folder, with nothing of the user's.
inside() {
  chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive sh -ec "$1"
}

mkdir -p "$work"
if [ ! -d "$root" ]; then
  debootstrap --variant=minbase trixie "$root.part" "$(debian_mirror)" >"$work/debootstrap.log" 2>&1 || die "$(tail -5 "$work/debootstrap.log")"
  mv "$root.part" "$root"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
inside "apt-get update -qq && apt-get install -y -qq --no-install-recommends $(echo $packages_run) clang python3 python3-numpy openssl strace" >"$work/apt.log" 2>&1 || die "$(tail -5 "$work/apt.log")"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
rm -rf "$root/src"
mkdir "$root/src"
git -C "$source" ls-files -z | tar -C "$source" --null -T - -cf - | tar -C "$root/src" -xf -

status=0
for compiler in gcc clang; do
  case $compiler in gcc) cpp=g++ ;; *) cpp=clang++ ;; esac
  if inside "[ -f /build-$compiler/build.ninja ] || CC=$compiler CXX=$cpp meson setup /build-$compiler /src --werror --buildtype=debugoptimized
    ninja -C /build-$compiler" >"$work/$compiler.log" 2>&1; then
    echo "ok - $(inside "$compiler --version | head -n 1")"
  else
    tail -40 "$work/$compiler.log" >&2
    echo "not ok - $(inside "$compiler --version | head -n 1")"
    status=1
  fi
done
if [ "$status" -eq 0 ]; then
  inside "meson test -C /build-gcc --no-rebuild --timeout-multiplier 4 --print-errorlogs --suite core --suite io --suite engine --suite cli --no-suite full" || status=1
  python3 "$source/tests/summary.py" "$root/build-gcc/meson-logs/testlog" || status=1
fi
if [ "$keep" = no ]; then
  umount "$root/proc"
  trap - EXIT
  rm -rf "$work"
fi
exit "$status"
