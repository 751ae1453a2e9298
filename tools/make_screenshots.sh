#!/bin/sh
# make_screenshots.sh BUILD [FOLDER]: the pictures of the README, of the bundled
# radiographs and the bundled demonstration encoder, 1280x800, into FOLDER
# (docs/screenshots). BUILD is a configured and compiled build folder.
# Needs xvfb, xauth, dbus, xdotool and imagemagick.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$(CDPATH='' cd -- "${1:?usage: make_screenshots.sh BUILD [FOLDER]}" && pwd)
out=${2:-$here/docs/screenshots}
mkdir -p "$out"
out=$(CDPATH='' cd -- "$out" && pwd)
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

# Run inside the X server: shows FILE, presses KEYS, and saves the screen once
# it has stopped changing.
cat >"$home/shoot" <<'SHOOT'
#!/bin/sh
set -eu
"$BUILD/src/app/dinoscope" "$FILE" &
program=$!
trap 'kill $program; wait $program 2>/dev/null || true' EXIT
window=$(xdotool search --sync --onlyvisible --pid $program | tail -n 1)
# --sync would wait for a window manager.
xdotool windowfocus "$window" mousemove 1275 795
sleep 4
for key in $KEYS; do
  xdotool key "$key"
  sleep 0.2
done
before=
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  sleep 1
  import -window root "$TARGET"
  now=$(convert "$TARGET" rgb:- | cksum)
  [ "$now" != "$before" ] || break
  before=$now
done
convert "$TARGET" -strip -define png:exclude-chunks=date,time "$TARGET"
SHOOT
chmod +x "$home/shoot"

# shoot NAME OVERLAY FILE COLOUR-SCHEME KEYS
shoot() {
  mkdir -p "$home/.config/glib-2.0/settings"
  cat >"$home/.config/glib-2.0/settings/keyfile" <<SETTINGS
[io/github/dinoscope/Dinoscope]
overlay='$2'
offer-rad-dino=false
SETTINGS
  env -i PATH="$PATH" HOME="$home" XDG_CONFIG_HOME="$home/.config" LC_ALL=C.UTF-8 \
    BUILD="$build" FILE="$here/data/examples/$3" TARGET="$out/$1.png" KEYS="$5" \
    DINOSCOPE_MODEL=demo DINOSCOPE_NON_UNIQUE=1 DINOSCOPE_DATADIR="$here/data" \
    GSETTINGS_BACKEND=keyfile GSETTINGS_SCHEMA_DIR="$build/data" \
    GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=none ADW_DISABLE_PORTAL=1 ADW_DEBUG_COLOR_SCHEME="$4" \
    xvfb-run -a -s "-screen 0 1280x800x24 -noreset" dbus-run-session -- "$home/shoot"
  echo "$out/$1.png"
}

shoot pca pca chest-01.png prefer-light "Up Up Left Left Left Left"
shoot cls-attention cls-attention chest-02.png prefer-light "n n n bracketright Down Right"
shoot dark pca chest-04.png prefer-dark ""
shoot model-view pca chest-03.png prefer-dark "o m Up Left"
