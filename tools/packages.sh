# Debian and Ubuntu packages, and how to install them. Sourced by run and test.
# shellcheck shell=sh

# What building and running needs.
packages_run="build-essential g++ meson ninja-build pkg-config gettext
libgtk-4-dev libadwaita-1-dev libcmark-dev libglib2.0-dev libopenblas-pthread-dev libjansson-dev
libpng-dev libjpeg-dev libssl-dev libdcmtk-dev libopenjp2-7-dev libseccomp-dev libarchive-dev libcurl4-openssl-dev libcairo2-dev libpango1.0-dev
libxml2-utils adwaita-icon-theme librsvg2-common fonts-cantarell desktop-file-utils"

# What the tests need besides.
packages_test="xvfb xauth x11-utils xdotool openbox dbus dbus-x11 imagemagick at-spi2-core libgl1-mesa-dri
python3 python3-numpy python3-sklearn python3-gi gir1.2-atspi-2.0 appstream libgirepository1.0-dev gi-docgen
abigail-tools binutils fish mandoc zsh locales openssl strace util-linux
eog eog-dev libpeas-dev gthumb gthumb-dev libnautilus-extension-dev valgrind munge parallel slurm-wlm python3-faiss python3-pandas"

# What ./test --full needs besides.
packages_full="clang clang-tidy cppcheck libclang-rt-dev"

# What flatpak/check-offline.sh needs besides.
packages_flatpak="dbus debootstrap elfutils flatpak flatpak-builder fuse3 git imagemagick jq python3 xauth xdg-desktop-portal xvfb"

# What tools/check-debian.sh needs besides.
packages_debian="debhelper dpkg-dev fakeroot lintian"

# What newer releases no longer have; without it the tests leave the style unchecked, and say so.
packages_optional="clang-format-14"

# say TEXT: a line to the person, not to a pipe.
say() {
  printf '%s\n' "$*" >&2
}

# The system is one that the packages' names fit: Debian 12 or Ubuntu 24.04, or newer.
known_system() {
  [ -r /etc/os-release ] || return 1
  # shellcheck disable=SC1091
  (
    . /etc/os-release
    major=${VERSION_ID%%.*}
    case "${ID:-}" in
      debian) [ -z "${VERSION_ID:-}" ] || [ "$major" -ge 12 ] ;;
      ubuntu) [ "${major:-0}" -ge 24 ] ;;
      *) false ;;
    esac
  )
}

# missing_packages NAME...: those that are not installed.
missing_packages() {
  for package in "$@"; do
    case " $installed " in
      *" $package "*) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# install_packages NAME...: installs what is missing; as root at once, else asks first.
install_packages() {
  if ! known_system; then
    missing=$(for tool in meson ninja pkg-config cc; do command -v "$tool" >/dev/null 2>&1 || printf '%s ' "$tool"; done)
    if [ -z "$missing" ] && pkg-config --exists gtk4 libadwaita-1 openblas jansson libpng libjpeg libcrypto libopenjp2 libseccomp libarchive libcurl libcmark; then
      return 0
    fi
    say "This is not Debian 12 or newer, nor Ubuntu 24.04 or newer, so nothing is installed by itself."
    say "Please install, under the names your system has for them:"
    say "  meson 1.0, ninja, a C compiler, pkg-config, gettext; the development files of GTK 4.8, libadwaita 1.2, GLib 2.74,"
    say "  OpenBLAS 0.3.20 (pthread build), Jansson 2.13, libpng 1.6.37, libjpeg-turbo 2.1, OpenSSL 3, Cairo 1.16, Pango 1.50,"
    say "  DCMTK 3.6.7 with its JPEG and JPEG-LS codecs, OpenJPEG 2.5, libseccomp 2.5, libarchive 3.6, libcurl 7.88, cmark 0.30, and a C++ compiler"
    return 1
  fi
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | sed -n 's/^ii *//p' | tr '\n' ' ')
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -eq 0 ]; then
    say "Installing: $missing"
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
    return
  fi
  say "These packages are missing:"
  say "  $missing"
  if ! command -v sudo >/dev/null 2>&1 || [ ! -t 0 ]; then
    say "Please install them: apt-get install $missing"
    return 1
  fi
  printf 'Install them with sudo now? [y/N] ' >&2
  read -r answer
  case "$answer" in
    y | Y | yes) sudo apt-get update -qq && sudo apt-get install -y --no-install-recommends $missing ;;
    *) return 1 ;;
  esac
}

# install_optional NAME...: installs those that the release has.
install_optional() {
  known_system || return 0
  for package in "$@"; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      install_packages "$package" || return 1
    fi
  done
}
