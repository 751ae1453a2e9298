# Building for another processor with Debian's cross compilers: sourced by
# check-i386.sh and check-big-endian.sh, which set arch (Debian's name), triplet,
# root, work and cross; check-debian13.sh takes its options and archive from here. Nothing of the machine's own is changed: the other processor's
# packages are unpacked into a folder, and none of their scripts is run.
# shellcheck shell=sh
# shellcheck disable=SC2154

# Besides the compiler's own.
foreign_packages="libc6-dev,libstdc++-12-dev,libjansson-dev,libpng-dev,libjpeg62-turbo-dev,libssl-dev,libopenblas-pthread-dev,libopenblas0-pthread,libgfortran5"
foreign_packages="$foreign_packages,libdcmtk-dev,libopenjp2-7-dev,libseccomp-dev,libglib2.0-dev,libcairo2-dev,libpango1.0-dev,libarchive-dev,libcurl4-openssl-dev"

# options SCRIPT [--work DIR] [--keep]: sets work, where it was given, and keep.
options() {
  name=$1
  keep=no
  shift
  while [ $# -gt 0 ]; do
    case "$1" in
      --work) work=${2:?} && shift ;;
      --keep) keep=yes ;;
      *) echo "usage: $name [--work DIR] [--keep]" >&2 && exit 2 ;;
    esac
    shift
  done
}

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# The archive that this machine uses; DEBIAN_MIRROR names another one.
debian_mirror() {
  printf '%s\n' "${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | head -n 1)}"
}

# The libraries, in $root.
unpack_root() {
  [ ! -d "$root" ] || return 0
  [ "$(id -u)" -eq 0 ] || die "debootstrap needs root"
  debootstrap --foreign --arch="$arch" --variant=minbase --include="$foreign_packages" bookworm "$root.part" "$(debian_mirror)" >"$work/debootstrap.log" 2>&1 ||
    die "$(tail -5 "$work/debootstrap.log")"
  for package in "$root.part"/var/cache/apt/archives/*.deb; do
    dpkg-deb -x "$package" "$root.part" || die "$package"
  done
  # What their scripts would have chosen.
  for file in "$root.part/usr/lib/$triplet/openblas-pthread"/*.so*; do
    ln -sf "openblas-pthread/${file##*/}" "$root.part/usr/lib/$triplet/${file##*/}"
  done
  # Absolute links would lead to the machine's own files.
  find "$root.part/usr" "$root.part/etc" -type l -lname '/*' | while read -r link; do
    ln -sfn "$root$(readlink "$link")" "$link"
  done
  mv "$root.part" "$root"
}

# cross_file CPU_FAMILY CPU ENDIAN COMPILER_FLAGS LINKER_FLAGS WRAPPER: lists as meson has them.
cross_file() {
  cat >"$cross" <<EOF
[binaries]
c = '$triplet_gcc-gcc'
cpp = '$triplet_gcc-g++'
ar = '$triplet_gcc-ar'
strip = '$triplet_gcc-strip'
pkgconfig = 'pkg-config'
$6
[properties]
sys_root = '$root'
pkg_config_libdir = ['$root/usr/lib/$triplet/pkgconfig', '$root/usr/lib/$triplet/openblas-pthread/pkgconfig', '$root/usr/share/pkgconfig']
[built-in options]
c_args = ['--sysroot=$root', $4]
cpp_args = ['--sysroot=$root', $4]
c_link_args = ['--sysroot=$root', $5]
cpp_link_args = ['--sysroot=$root', $5]
[host_machine]
system = 'linux'
cpu_family = '$1'
cpu = '$2'
endian = '$3'
EOF
}

# configure FOLDER SOURCE
configure() {
  [ -f "$1/build.ninja" ] ||
    meson setup "$1" "$2" --cross-file "$cross" --werror --buildtype=debugoptimized -Dapp=disabled -Deog=disabled -Dgthumb=disabled -Dnautilus=disabled \
      -Dintrospection=disabled -Ddocs=disabled >"$work/setup.log" 2>&1 || die "$(tail -20 "$work/setup.log")"
}

# tests_of BUILD SUITE...: the targets that tests of these suites are or start.
tests_of() {
  meson introspect "$1" --tests --targets | python3 -c '
import json, os, sys
build, suites, known = os.path.realpath(sys.argv[1]), {"dinoscope:" + name for name in sys.argv[2:]}, json.load(sys.stdin)
chosen = [test for test in known["tests"] if suites & set(test["suite"]) and "dinoscope:full" not in test["suite"]]
needed = {name for test in chosen for name in test["depends"]}
files = {test["cmd"][0] for test in chosen} | {file for target in known["targets"] if target["id"] in needed for file in target["filename"]}
print("\n".join(sorted(os.path.relpath(file, build) for file in files if file.startswith(build + os.sep))))' "$@"
}
