/* Bringing one file of a model to its place, whole and checked. */
#pragma once

#include "cli/download.h"
#include "cli/model-manifest.h"

G_BEGIN_DECLS

typedef struct
{
  const char   *folder;        /* where files go */
  const char   *base;          /* an address, or */
  const char   *source_folder; /* a directory to copy from */
  gboolean      force;         /* another content is replaced */
  int           stall_seconds;
  GCancellable *cancellable;

  CliDownloadProgress progress;
  gpointer            progress_data;
} CliFetch;

typedef enum
{
  CLI_FETCH_WANTED,
  CLI_FETCH_PRESENT /* it is there and right */
} CliFetchState;

/* Looks at what is there; another content without force is an error. */
CliExit cli_fetch_look (const CliFetch *fetch, const struct dino_published_file *file, CliFetchState *state);

/* Bytes that a former run has left of a file. */
guint64 cli_fetch_partial (const CliFetch *fetch, const struct dino_published_file *file);

/* Fetches into NAME.part, checks length and hash, and gives it its name. Says
 * what is wrong. A wrong content is removed; what is only a part stays. */
CliExit cli_fetch_file (const CliFetch *fetch, const CliManifest *manifest, const struct dino_published_file *file);

G_END_DECLS
