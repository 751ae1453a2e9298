#!/bin/sh
# Memory errors and leaks, told by valgrind in what ships: tests of core and io,
# and the command line with a tiny checkpoint. Valgrind knows no AVX-512, so
# these are the AVX2 kernels on most machines. What the command line starts (the
# reader of DICOM, which allows itself no system call that valgrind would need)
# is not followed.
# shellcheck disable=SC1091,SC2046,SC2086,SC2154
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
. "$here/tools/full/common.sh"

build_plain || exit 1
G_SLICE=always-malloc
export G_SLICE
# allregs: a page that is put under a mapping whose file was cut short (SIGBUS)
# needs the registers as they were at that very load.
valgrind="valgrind -q --vex-iropt-register-updates=allregs-at-mem-access --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite --num-callers=30 --suppressions=/usr/share/glib-2.0/valgrind/glib.supp --suppressions=$here/tests/valgrind.supp"

# encoder-pictures takes minutes: smaller cases of the same functions are in what
# is left. dicom-sandbox closes the sandbox around a child of its own, which is
# valgrind's then, and needs more than that allows.
apart="encoder-pictures|dicom-sandbox"
tests=$(meson test -C "$plain" --list --suite core --suite io 2>/dev/null | sed -n 's|.* / ||p' | grep -vxE "$apart")

rm -f "$plain"/meson-logs/valgrind*
meson test -C "$plain" $meson_test_options --logbase valgrind --wrap "$valgrind" $tests
results "$plain" valgrind-valgrind

# run NAME ARGUMENT…: dinoscope-cli under valgrind, which has to end well.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
log=$work/log
export DINOSCOPE_DATADIR="$here/data" DINOSCOPE_DICOM_HELPER="$plain/src/dicom/dinoscope-dicom" DINOSCOPE_PICTURE_HELPER="$plain/src/picture/dinoscope-picture"
export DINOSCOPE_PLUGINS=none HOME=/nonexistent XDG_CACHE_HOME="$work/cache" LC_ALL=C.UTF-8 GIO_USE_VFS=local
run() {
  name=$1
  shift
  if $valgrind "$plain/src/cli/dinoscope-cli" "$@" --model "$here/tests/data/golden/checkpoint/tiny-1" >"$log" 2>&1; then
    printf 'ok - valgrind: %s\n' "$name"
  else
    printf 'not ok - valgrind: %s ended with %d\n' "$name" "$?"
    cat "$log"
  fi
}

films=$work/films
mkdir "$films"
for number in 01 02 03 04; do
  convert "$here/data/examples/chest-$number.png" -resize 120x120 "$films/chest-$number.png" || exit 1
done
film=$films/chest-01.png
printf 'name,label\nchest-01.png,a\nchest-02.png,b\nchest-03.png,a\nchest-04.png,b\n' >"$work/labels.csv"

run info info --json "$film"
run features features "$film" --hidden -o "$work/features.safetensors"
for overlay in pca cls-attention patch-attention rollout similarity norm parts head-entropy; do
  run "map $overlay" map "$film" --overlay "$overlay" -o "$work/$overlay.png"
done
for suffix in csv npy pdf svg; do
  run "map to $suffix" map "$film" --overlay cls-attention -o "$work/map.$suffix"
done
run "map again" map "$film" --from "$work/pca.json" -o "$work/again.png"
run "occlusion" map "$film" --overlay occlusion -o "$work/occlusion.png"
run embed embed "$films" --patches -o "$work/embeddings"
run index index "$work/embeddings" -o "$work/index"
run neighbors neighbors "$work/index" --query "$film"
run cluster cluster "$work/embeddings" -k 2 -o "$work/clusters"
run compare compare "$films" -o "$work/compare"
run "probe train" probe train "$work/embeddings" --table "$work/labels.csv" --label label -o "$work/head.safetensors"
run "probe apply" probe apply "$film" --head "$work/head.safetensors"
