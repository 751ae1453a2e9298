#!/bin/sh
# Embeds one shard of a collection of radiographs: as a task of a Slurm array,
# or as a job of GNU parallel. docs/cluster.md explains it.
#
#   sbatch --array=0-63 embed-shard.sh FILMS OUT [OPTION OF embed]...
#   seq 0 63 | parallel -j 8 embed-shard.sh --shard {}/64 --slot {%} --threads 4 FILMS OUT [OPTION OF embed]...
#
# FILMS is a folder, or a list of files (--list of embed) when it is a file.
# Shard 7 of 64 goes to OUT/shard-00007-of-00064. A shard that was killed goes on
# where it was when it is started again; one that is done ends at once.
# merge-shards.sh puts them together.
#
# From the environment, all optional:
#   DINOSCOPE_MODEL  the encoder; a folder or file is copied to the node once
#   DINOSCOPE_LOCAL  a folder on the node itself (default: below $TMPDIR or /tmp)
#   DINOSCOPE_CLI    the program (default: dinoscope-cli)

#SBATCH --job-name=dinoscope-embed
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=2G
#SBATCH --time=08:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=dinoscope-embed-%A-%a.log
#SBATCH --signal=B:USR1@120

set -eu

cli=${DINOSCOPE_CLI:-dinoscope-cli}
shard='' slot='' threads=${SLURM_CPUS_PER_TASK:-}
while [ $# -gt 0 ]; do
  case $1 in
    --shard) shard=$2 && shift 2 ;;
    --slot) slot=$2 && shift 2 ;;
    --threads) threads=$2 && shift 2 ;;
    *) break ;;
  esac
done
if [ $# -lt 2 ]; then
  echo "usage: embed-shard.sh [--shard I/N] [--slot S] [--threads T] FILMS OUT [OPTION OF embed]..." >&2
  exit 2
fi
films=$1 out=$2
shift 2

# The array must be 0-(N-1), so that no picture is left out.
if [ -z "$shard" ]; then
  if [ "${SLURM_ARRAY_TASK_MIN:-}" != 0 ] || [ "${SLURM_ARRAY_TASK_COUNT:-}" != $((${SLURM_ARRAY_TASK_MAX:--2} + 1)) ]; then
    echo "embed-shard.sh: needs --shard I/N, or an array that begins at 0 and leaves nothing out (sbatch --array=0-63)" >&2
    exit 2
  fi
  shard=$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT
fi
part=$out/$(printf 'shard-%05d-of-%05d' "${shard%/*}" "${shard#*/}")

# Processors: Slurm gives a task its own. Without it the S-th job takes the S-th
# T of those that may be used.
pin=
if [ -n "$slot" ] && [ -n "$threads" ] && command -v taskset >/dev/null; then
  allowed=$(taskset -cp $$ | sed 's/.*: //' | tr , '\n' | while IFS=- read -r first last; do seq "$first" "${last:-$first}"; done)
  mine=$(echo "$allowed" | tail -n +$(((slot - 1) * threads + 1)) | head -n "$threads" | paste -sd, -)
  [ -z "$mine" ] || pin="taskset -c $mine"
fi

# On the node: the model is read over the network once, and all processes of
# the node map one file of packed weights. A folder of somebody else's is not used.
local=${DINOSCOPE_LOCAL:-${TMPDIR:-/tmp}/dinoscope-$(id -u)}
mkdir -p "$(dirname "$local")"
mkdir -m 700 "$local" 2>/dev/null || true
precision=$(echo " $* " | sed -n 's/.* --precision[= ]\([a-z0-9]*\) .*/\1/p')
if [ -d "$local" ] && [ -O "$local" ] && [ -w "$local" ]; then
  export XDG_CACHE_HOME="$local/cache"
  exec 9>"$local/lock"
  flock 9
  model=${DINOSCOPE_MODEL:-}
  if [ -e "$model" ]; then
    # Another size or date of any of its files is another model.
    key=$(find -L "$model" -type f -printf '%P %s %T@\n' | sort | cksum | cut -d ' ' -f 1)
    if [ ! -e "$local/models/$key" ]; then
      rm -rf "$local/models/$key.part"
      mkdir -p "$local/models/$key.part"
      if cp -RL "$model" "$local/models/$key.part/"; then
        mv "$local/models/$key.part" "$local/models/$key"
      else
        rm -rf "$local/models/$key.part"
        echo "embed-shard.sh: no room for the model in $local; it is read where it is" >&2
      fi
    fi
    if [ -e "$local/models/$key" ]; then
      DINOSCOPE_MODEL=$local/models/$key/$(basename "$model")
      export DINOSCOPE_MODEL
    fi
  fi
  # Packed by the first, while the others wait.
  "$cli" --quiet --packed-cache --precision "${precision:-fp32}" info >/dev/null
  flock -u 9
  exec 9>&-
else
  echo "embed-shard.sh: $local is not mine; model and weights are not shared on this node" >&2
fi

if [ -d "$films" ]; then
  input=$films
else
  input=--list=$films
fi

# Time is nearly up: end in order, and wait in the queue for more.
again=
# shellcheck disable=SC2317
out_of_time() {
  again=yes
  kill -TERM "$child" 2>/dev/null || true
}
# Preemption: Slurm tells the program, too, and requeues the task itself.
trap : TERM
trap out_of_time USR1

mkdir -p "$out"
# shellcheck disable=SC2086
$pin "$cli" embed "$input" -o "$part" --shard "$shard" --packed-cache ${threads:+--threads "$threads"} "$@" &
child=$!
code=0
while :; do
  wait "$child" && code=0 || code=$?
  # A signal to this shell ends the wait, not the program.
  kill -0 "$child" 2>/dev/null || break
done
if [ -n "$again" ] && [ -n "${SLURM_JOB_ID:-}" ] && { [ $code -eq 130 ] || [ $code -eq 143 ]; }; then
  scontrol requeue "$SLURM_JOB_ID"
  # Slurm ends this script.
  sleep 60
fi
exit $code
