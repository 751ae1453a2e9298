/* The files of a folder, which replace those of an earlier run together.
 *
 * They are written into a folder of their own inside of it, so that whatever
 * fails meanwhile leaves the earlier ones as they are. Then the description of
 * the earlier ones goes, the files get their names, and the new description
 * comes last: a folder that has one is whole. */
#pragma once

#include "core/base/error.h"

struct dino_staging;

/* Makes folder unless it is there, keeps other processes that do this out of it,
 * and removes what one left that was killed. */
struct dino_staging *dino_staging_new (const char *folder, struct dino_error *error);

/* Where the files are written. */
const char *dino_staging_path (const struct dino_staging *staging);

/* names (NULL behind the last) are all files that the folder may have of this
 * kind, its description last: those that were written are moved, others that an
 * earlier run left are removed. Once only; files that are in place stay when a
 * later one fails. */
bool dino_staging_commit (struct dino_staging *staging, const char *const *names, struct dino_error *error);

/* Removes what was not committed, and the folder when it was made for it (NULL allowed). */
void dino_staging_free (struct dino_staging *staging);
