#!/bin/sh
# make_screenshots.sh BUILD [FOLDER]: the pictures of the README and of the
# manual, of the bundled radiographs and the bundled demonstration encoder, into
# FOLDER (docs/screenshots and docs/manual/pictures).
# make_screenshots.sh --survey BUILD FOLDER: every view in every style and size
# into FOLDER, to be looked at.
# BUILD is a configured and compiled build folder. ONLY=words takes only the
# pictures whose path contains these words. Needs xvfb, dbus, xdotool and
# imagemagick.
set -eu

survey=
if [ "${1:-}" = --survey ]; then
  survey=${3:?usage: make_screenshots.sh --survey BUILD FOLDER}
  shift
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$(CDPATH='' cd -- "${1:?usage: make_screenshots.sh BUILD [FOLDER]}" && pwd)
readme=${2:-$here/docs/screenshots}
manual=${2:-$here/docs/manual/pictures}
mkdir -p "$readme" "$manual"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

# Run inside the X server: shows FILE, presses KEYS, and saves the screen once
# it has stopped changing. "wait" waits for that before the next key, "click:X,Y",
# "drag:X,Y,X,Y" and "scroll:X,Y,STEPS" move the pointer, in pixels of scale 1.
# "front" turns to the program's newest window, "fill" gives it all of the screen,
# "type:TEXT" types.
cat >"$home/shoot" <<'SHOOT'
#!/bin/sh
set -eu
at() { echo "$1" | tr , '\n' | while read -r n; do echo $((n * GDK_SCALE)); done; }
newest() { xdotool search --onlyvisible --pid $program 2>/dev/null | sort -n | tail -n 1; }
# Three times the same picture.
settle() {
  before='' same=0
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
    now=$(import -window root ppm:- | cksum)
    if [ "$now" = "$before" ]; then same=$((same + 1)); else same=0; fi
    [ $same -lt 2 ] || return 0
    before=$now
    sleep 0.7
  done
}
IFS='
'
# shellcheck disable=SC2086
"$BUILD/src/app/dinoscope" $FILE &
program=$!
unset IFS
trap 'kill $program; wait $program 2>/dev/null || true' EXIT
window=$(xdotool search --sync --onlyvisible --pid $program | tail -n 1)
# --sync would wait for a window manager.
xdotool windowmove "$window" 0 0 windowsize "$window" "$WIDTH" "$HEIGHT" windowfocus "$window" mousemove $((WIDTH - 5)) $((HEIGHT - 5))
sleep 1
settle
for key in $KEYS; do
  # shellcheck disable=SC2046
  case $key in
  wait) settle ;;
  click:*) xdotool mousemove $(at "${key#click:}") click 1 ;;
  front) xdotool windowfocus "$(newest)" ;;
  fill) xdotool windowmove "$(newest)" 0 0 windowsize "$(newest)" "$WIDTH" "$HEIGHT" windowfocus "$(newest)" ;;
  type:*) xdotool type --delay 20 "${key#type:}" ;;
  scroll:*)
    set -- $(at "${key#scroll:}")
    xdotool mousemove "$1" "$2" click --repeat $(($3 / GDK_SCALE)) --delay 60 5 ;;
  drag:*)
    set -- $(at "${key#drag:}")
    xdotool mousemove "$1" "$2" mousedown 1 mousemove $((($1 + $3) / 2)) $((($2 + $4) / 2)) mousemove "$3" "$4" mouseup 1 ;;
  *) xdotool key "$key" ;;
  esac
  sleep 0.2
done
settle
import -window root "$TARGET"
convert "$TARGET" -strip -define png:exclude-chunks=date,time -define png:compression-level=9 "$TARGET"
SHOOT
chmod +x "$home/shoot"

# How the next pictures are taken.
width=1280 height=800 scale=1 scheme=prefer-light contrast=0 model=demo only=${ONLY:-}

wanted() {
  case $1 in *"$only"*) return 0 ;; *) return 1 ;; esac
}

# shoot FOLDER/NAME OVERLAY FILES KEYS: of the window.
shoot() {
  wanted "$1" || return 0
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
  for name in $3; do
    case $name in
    /*) files="$files$name
" ;;
    *) files="$files$here/data/examples/$name
" ;;
    esac
  done
  env -i PATH="$PATH" HOME="$home" XDG_CONFIG_HOME="$home/.config" LC_ALL=C.UTF-8 \
    BUILD="$build" FILE="$files" TARGET="$1.png" KEYS="$4" WIDTH=$((width * scale)) HEIGHT=$((height * scale)) GDK_SCALE=$scale \
    DINOSCOPE_MODEL="$model" DINOSCOPE_NON_UNIQUE=1 DINOSCOPE_DATADIR="$here/data" \
    GSETTINGS_BACKEND=keyfile GSETTINGS_SCHEMA_DIR="$build/data" \
    GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=none ADW_DISABLE_PORTAL=1 GTK_USE_PORTAL=0 \
    ADW_DEBUG_COLOR_SCHEME="$scheme" ADW_DEBUG_HIGH_CONTRAST="$contrast" \
    xvfb-run -a -s "-screen 0 $((width * scale))x$((height * scale))x24 -noreset" dbus-run-session -- "$home/shoot"
  echo "$1.png"
}

# map FOLDER/NAME FILE OPTIONS...: of what the program writes without a window.
map() {
  target=$1 file=$2
  shift 2
  wanted "$target" || return 0
  DINOSCOPE_DATADIR="$here/data" LC_ALL=C.UTF-8 "$build/src/cli/dinoscope-cli" --quiet --model demo map "$here/data/examples/$file" \
    --size model --bar "$@" -o "$home/map.png"
  convert "$home/map.png" -strip -define png:exclude-chunks=date,time -define png:compression-level=9 "$target.png"
  echo "$target.png"
}

# Every view in the style and size set, into $survey/STYLE.
look_all() {
  to=$survey/$1
  mkdir -p "$to"
  for overlay in pca cls-attention patch-attention rollout similarity norm parts difference head-entropy; do
    shoot "$to/overlay-$overlay" $overlay chest-01.png "Up Up wait"
  done
  shoot "$to/strip-heads" cls-attention chest-02.png "h wait"
  shoot "$to/panel-lower" cls-attention chest-01.png "Up p Left Left p s wait scroll:$((width - 100)),$((height / 2)),60 wait"
  shoot "$to/regions" cls-attention chest-02.png "x drag:200,250,300,330 drag:220,350,320,420 wait"
  shoot "$to/segmentation" cls-attention chest-02.png "o t drag:220,250,220,400 drag:520,250,530,400 k drag:390,200,390,450 drag:120,600,560,610 wait"
  shoot "$to/model-view" pca chest-03.png "m o Up wait"
  shoot "$to/grid" pca chest-03.png "g wait"
  shoot "$to/compare-two" similarity "chest-02.png" "Up Up F10 wait m wait r wait"
  shoot "$to/compare-slider" pca "chest-03.png" "F10 wait m wait w wait Escape wait F7 wait"
  shoot "$to/compare-four" similarity "chest-04.png" "Up Up F10 wait m wait r wait F10 wait m wait r wait F10 wait m wait r wait"
  shoot "$to/compare-encoder" pca chest-01.png "F10 wait m wait e wait"
  shoot "$to/menu" pca chest-01.png "F10 wait"
  shoot "$to/menu-view" pca chest-01.png "F10 wait v wait"
  shoot "$to/export" cls-attention chest-01.png "ctrl+s wait"
  shoot "$to/preferences" pca chest-01.png "ctrl+comma wait"
  shoot "$to/shortcuts" pca chest-01.png "ctrl+question wait"
  shoot "$to/help" pca chest-01.png "F1 wait"
  shoot "$to/encoders" pca chest-01.png "ctrl+shift+e wait"
  shoot "$to/about" pca chest-01.png "F10 wait a wait"
  shoot "$to/empty" pca "" ""
  shoot "$to/tour" pca "" "click:$((width / 2)),$((height / 2 + 205)) wait Return wait Return wait"
  shoot "$to/guess" cls-attention chest-01.png "F10 wait t wait g wait"
  shoot "$to/presentation" pca chest-02.png "F5 wait"
  shoot "$to/broken" pca "$home/broken.png" ""
  shoot "$to/long-name" pca "$home/$long" ""
  model=$home/none
  shoot "$to/no-model" pca chest-01.png ""
  model=demo
}

# survey_all: light, dark and high contrast, wide and small, and twofold pixels.
survey_all() {
  printf 'no picture' >"$home/broken.png"
  long="a_radiograph_with_a_name_that_goes_on_and_on_as_names_of_exported_films_do_2026-11-27_chest_pa_erect_second_attempt.png"
  cp "$here/data/examples/chest-02.png" "$home/$long"
  look_all light-1280x800
  scheme=prefer-dark
  look_all dark-1280x800
  contrast=1 scheme=prefer-light
  look_all contrast-1280x800
  contrast=0 width=800 height=600
  look_all light-800x600
  scheme=prefer-dark
  look_all dark-800x600
  scheme=prefer-light contrast=1
  look_all contrast-800x600
  contrast=0 width=1280 height=800 scale=2
  look_all light-twofold
}

if [ -n "$survey" ]; then
  survey_all
  exit 0
fi

# The README.
shoot "$readme/pca" pca chest-01.png "Up Up Left Left Left Left"
shoot "$readme/cls-attention" cls-attention chest-02.png "n n n bracketright Down Right"
scheme=prefer-dark
shoot "$readme/dark" pca chest-04.png ""
shoot "$readme/model-view" pca chest-03.png "o m Up Left"
scheme=prefer-light

# The manual: maps.
map "$manual/attention-cls" chest-01.png --overlay cls-attention --set head=1
map "$manual/attention-patch" chest-01.png --overlay patch-attention --set row=12 --set column=18 --set scale=log
map "$manual/attention-rollout" chest-01.png --overlay rollout --set discard=0.9
map "$manual/attention-entropy" chest-01.png --overlay head-entropy --set block=3 --set head=1
map "$manual/pca-rgb" chest-01.png --overlay pca
map "$manual/pca-foreground" chest-01.png --overlay pca --set foreground=0
map "$manual/similarity" chest-01.png --overlay similarity --set row=15 --set column=26
map "$manual/norm" chest-01.png --overlay norm
map "$manual/parts" chest-01.png --overlay parts
map "$manual/difference" chest-01.png --overlay difference --set block=5 --set other-block=2
map "$manual/drawing-contours" chest-02.png --overlay cls-attention --smooth bilinear --contours 6
map "$manual/what-if" chest-01.png --overlay occlusion --set window=6 --set stride=4

# viewer FOLDER/NAME MODULE: another viewer with what is ours in it, if it was built.
viewer() {
  case $1 in *"$only"*) ;; *) return 0 ;; esac
  [ ! -f "$build/src/$2" ] || "$here/tools/make_viewer_screenshot.sh" "$build" "${1##*/}" "$1.png"
}
viewer "$manual/eog" eog/libdinoscope-eog.so
viewer "$manual/gthumb" gthumb/libdinoscope_overlay.so

# The manual: the window, wide where the panel is to be seen.
width=1100 height=700
shoot "$manual/compare-side-by-side" cls-attention chest-02.png "F10 wait m wait r wait"
shoot "$manual/compare-slider" pca chest-02.png "F10 wait m wait w wait Return wait Down Down Return wait Escape wait F7 wait"
shoot "$manual/compare-similarity" similarity chest-02.png "F10 wait m wait r wait Up Up Up Up Left Left Left Left Left wait"
shoot "$manual/patches-pins" similarity chest-01.png "Up Up Left Left Left Left p Right Right Right Right Right Right Right Right p Down Down Down Down Down Left Left Left Left Left Left p wait scroll:1000,450,9 wait click:1055,358 wait"
shoot "$manual/patches-similar" pca chest-01.png "Up Up Left Left Left Left Left s wait scroll:1000,450,15 wait click:1055,312 wait"
shoot "$manual/patches-table" cls-attention chest-01.png "Up Up Left Left Left Left p wait scroll:1000,450,9 wait click:1055,230 wait"
shoot "$manual/regions" cls-attention chest-02.png "x drag:200,300,330,420 drag:420,300,540,440 wait scroll:1000,450,22 wait"
shoot "$manual/segmentation" cls-attention chest-02.png "o t drag:190,220,190,360 drag:500,220,510,360 k drag:350,180,350,460 drag:120,560,580,570 drag:110,200,105,450 drag:240,75,560,75 wait scroll:1000,450,25 wait click:1033,375 wait"
# cli ARGUMENTS...: the program without a window, with the demonstration encoder.
cli() { DINOSCOPE_DATADIR="$here/data" LC_ALL=C.UTF-8 "$build/src/cli/dinoscope-cli" --quiet --model demo "$@"; }

# A collection: each bundled radiograph as it is, turned a little, and flatter.
collect() {
  mkdir "$home/films"
  for film in 01 02 03 04; do
    for turn in -8 -6 -4 -2 0 2 4 6 8; do
      for range in 100 70 45; do
        name=chest-$film-$range-$turn.png
        convert "$here/data/examples/chest-$film.png" -background black -rotate $turn +level "0,$range%" -resize 256x256 "$home/films/$name"
      done
    done
  done
  cli embed "$home/films" -o "$home/embeddings"
}
if wanted "$manual/collection-map"; then
  collect
fi
shoot "$manual/collection-map" pca chest-01.png "F10 wait n wait m wait fill wait ctrl+o wait front type:$home/embeddings wait Return wait front wait"
width=800 height=600
shoot "$manual/strip-heads" cls-attention chest-02.png "F9 h wait"
shoot "$manual/opening-window" pca chest-01.png ""
shoot "$manual/opening-model-view" pca chest-03.png "F9 o m wait"
shoot "$manual/teaching-tour" pca "" "click:400,505 wait Return wait Return wait"
shoot "$manual/preferences" pca chest-01.png "ctrl+comma wait"
shoot "$manual/export-dialog" cls-attention chest-01.png "ctrl+s wait"
contrast=1
shoot "$manual/high-contrast" cls-attention chest-01.png "wait"
