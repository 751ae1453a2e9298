/* Files written complete or not at all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct dino_output;

/* Opens a temporary file beside path (a symlink is followed). "-" is standard
 * output; a target that exists and is not a regular file is written directly. */
struct dino_output *dino_output_new (const char *path, struct dino_error *error);

/* What it is called in messages. */
const char *dino_output_name (const struct dino_output *output);

/* Errors stick: the first failure is told by dino_output_commit(), too. */
bool dino_output_write (struct dino_output *output, const void *data, size_t length, struct dino_error *error);

/* All of a commit but the new name, so that what may fail is over before the
 * first of several files that go together gets its own. dino_output_commit() or
 * dino_output_abort() has to follow. */
bool dino_output_prepare (struct dino_output *output, struct dino_error *error);

/* Nobody but the owner of the file may read it from now on. */
void dino_output_keep_private (struct dino_output *output);

/* Flushes, syncs, renames over path and frees output, whatever the outcome. */
bool dino_output_commit (struct dino_output *output, struct dino_error *error);

/* Removes the temporary file and frees output (NULL allowed). */
void dino_output_abort (struct dino_output *output);
