#!/bin/sh
# make_screenshots.sh BUILD [FOLDER]: the pictures of the README and of the
# manual, of the bundled radiographs and the bundled demonstration encoder, into
# FOLDER (docs/screenshots and docs/manual/pictures). BUILD is a configured and
# compiled build folder. Needs xvfb, dbus, xdotool and imagemagick.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$(CDPATH='' cd -- "${1:?usage: make_screenshots.sh BUILD [FOLDER]}" && pwd)
readme=${2:-$here/docs/screenshots}
manual=${2:-$here/docs/manual/pictures}
mkdir -p "$readme" "$manual"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

# Run inside the X server: shows FILE, presses KEYS, and saves the screen once
# it has stopped changing. A key "wait" waits; "text:WORDS" types.
cat >"$home/shoot" <<'SHOOT'
#!/bin/sh
set -eu
"$BUILD/src/app/dinoscope" $FILE &
program=$!
trap 'kill $program; wait $program 2>/dev/null || true' EXIT
window=$(xdotool search --sync --onlyvisible --pid $program | tail -n 1)
# --sync would wait for a window manager.
xdotool windowmove "$window" 0 0 windowsize "$window" "$WIDTH" "$HEIGHT" windowfocus "$window" mousemove $((WIDTH - 5)) $((HEIGHT - 5))
sleep 5
for key in $KEYS; do
  case $key in
  wait) sleep 3 ;;
  click:*) xdotool mousemove $(echo "${key#click:}" | tr , ' ') click 1 ;;
  drag:*) # shellcheck disable=SC2046
    set -- $(echo "${key#drag:}" | tr ',' ' ')
    xdotool mousemove "$1" "$2" mousedown 1 mousemove $((($1 + $3) / 2)) $((($2 + $4) / 2)) mousemove "$3" "$4" mouseup 1 ;;
  *) xdotool key "$key" ;;
  esac
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
convert "$TARGET" -strip -define png:exclude-chunks=date,time -define png:compression-level=9 "$TARGET"
SHOOT
chmod +x "$home/shoot"

# How the next pictures are taken.
width=1280 height=800 scale=1 scheme=prefer-light contrast=0 only=${ONLY:-}

# shoot FOLDER/NAME OVERLAY FILES KEYS
shoot() {
  case $1 in *"$only"*) ;; *) return 0 ;; esac
  rm -rf "$home/.config"
  mkdir -p "$home/.config/glib-2.0/settings"
  cat >"$home/.config/glib-2.0/settings/keyfile" <<SETTINGS
[io/github/dinoscope/Dinoscope]
overlay='$2'
offer-rad-dino=false
window-width=$width
window-height=$height
SETTINGS
  files=
  for name in $3; do files="$files $here/data/examples/$name"; done
  env -i PATH="$PATH" HOME="$home" XDG_CONFIG_HOME="$home/.config" LC_ALL=C.UTF-8 \
    BUILD="$build" FILE="$files" TARGET="$1.png" KEYS="$4" WIDTH=$((width * scale)) HEIGHT=$((height * scale)) GDK_SCALE=$scale \
    DINOSCOPE_MODEL=demo DINOSCOPE_NON_UNIQUE=1 DINOSCOPE_DATADIR="$here/data" \
    GSETTINGS_BACKEND=keyfile GSETTINGS_SCHEMA_DIR="$build/data" \
    GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=none ADW_DISABLE_PORTAL=1 GTK_USE_PORTAL=0 \
    ADW_DEBUG_COLOR_SCHEME="$scheme" ADW_DEBUG_HIGH_CONTRAST="$contrast" \
    xvfb-run -a -s "-screen 0 $((width * scale))x$((height * scale))x24 -noreset" dbus-run-session -- "$home/shoot"
  echo "$1.png"
}

# The README.
shoot "$readme/pca" pca chest-01.png "Up Up Left Left Left Left"
shoot "$readme/cls-attention" cls-attention chest-02.png "n n n bracketright Down Right"
shoot "$readme/similarity" similarity chest-03.png "Up Up Up Left Left Left Left Left p s h wait"
scheme=prefer-dark
shoot "$readme/dark" pca chest-04.png ""
shoot "$readme/model-view" pca chest-03.png "o m Up Left"
scheme=prefer-light

# The manual, in a small window.
width=800 height=600
shoot "$manual/patches" pca chest-01.png "F9 Up Left p Right Right Right Right Right Right Right p s wait"
shoot "$manual/similarity" similarity chest-01.png "Up Up Left Left Left Left Left Left wait"
shoot "$manual/norm" norm chest-01.png "F9 wait"
shoot "$manual/parts" parts chest-01.png "F9 wait"
shoot "$manual/strip-heads" cls-attention chest-02.png "F9 h wait"
shoot "$manual/regions" cls-attention chest-02.png "F9 x drag:300,250,420,380 wait"
shoot "$manual/opening-window" pca chest-01.png ""
shoot "$manual/opening-model-view" pca chest-03.png "F9 o m wait"
shoot "$manual/teaching-tour" pca "" "click:400,505 wait Return Return wait"
shoot "$manual/preferences" pca chest-01.png "ctrl+comma wait"
contrast=1
shoot "$manual/high-contrast" cls-attention chest-01.png "wait"
contrast=0 scale=2
shoot "$manual/twofold" pca chest-01.png "wait"
