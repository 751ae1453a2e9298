/* A model's packed weights in a file of their own, for the next start and for
 * other processes: mapped, so that all share one copy. */
#pragma once

#include "core/encoder/team.h"
#include "core/model/model.h"

/* What a file must be of; texts without spaces. */
struct dino_packed_key
{
  const char *weights_sha256;
  const char *precision, *isa;
  const char *calibration; /* "" where there is none */
};

/* The name of the key's file. dino_free() it. */
char *dino_packed_file_name (const struct dino_packed_key *key, struct dino_error *error);

/* Maps the file and compares its checksums, on all threads of team. False when
 * it is not there, of another key or program version, cut short or damaged:
 * it is then to be written again. */
bool dino_packed_file_open (const char *path, const struct dino_packed_key *key, struct dino_team *team, struct dino_packed *packed, struct dino_error *error);

/* Writes the file, complete or not at all. */
bool dino_packed_file_write (const char *path, const struct dino_packed_key *key, const void *data, size_t n_bytes, struct dino_team *team, struct dino_error *error);
