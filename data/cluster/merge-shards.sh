#!/bin/sh
# Puts the shards that embed-shard.sh has written together. Refused while one is
# missing or unfinished, or when they were not made alike.
#
#   sbatch --dependency=afterany:JOB merge-shards.sh OUT MERGED
#
# afterany, not afterok: a task that could not read some pictures ends with exit
# code 1, and its shard is complete; whether all are is for merge to say.

#SBATCH --job-name=dinoscope-merge
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --time=02:00:00
#SBATCH --open-mode=append
#SBATCH --output=dinoscope-merge-%j.log

set -eu

if [ $# -ne 2 ]; then
  echo "usage: merge-shards.sh OUT MERGED" >&2
  exit 2
fi
exec "${DINOSCOPE_CLI:-dinoscope-cli}" merge "$1"/shard-*-of-* -o "$2"
