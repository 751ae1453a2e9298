/* The parts of a collection, checked. */
#pragma once

#include <jansson.h>

#include "cli/message.h"
#include "core/base/progress.h"
#include "io/embeddings.h"

G_BEGIN_DECLS

typedef struct
{
  const char *path;
  json_t     *about; /* embed.json */
  guint       index, count;
  guint64     n_rows, n_inputs;
} CliMergePart;

/* Opens the folders (const char *), compares their files with their hashes, and
 * all with each other. Parts come in their order, one of each. NULL after
 * saying what is wrong. Free with g_array_unref(). */
GArray *cli_merge_read_parts (const GPtrArray *folders, const struct dino_progress *progress, CliExit *code);

G_END_DECLS
