/* A line on stderr that says how far the encoder is, when a person is looking. */
#pragma once

#include <gio/gio.h>

#include "core/base/progress.h"
#include "engine/dinoscope-features.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean    active;
  const char *subject; /* the picture being encoded */
  guint       done;    /* blocks, or percent of a map, as last shown */
  guint       shown;   /* length of the line on the screen */
} CliProgress;

/* Silent when quiet, and when stderr is no terminal. */
void cli_progress_init (CliProgress *progress, gboolean quiet);

/* Removes the line. */
void cli_progress_clear (CliProgress *progress);

/* A DinoscopeEncodeProgress; data is the CliProgress. */
void cli_progress_encode (guint done, guint total, DinoscopeFeatures *partial, gpointer data);

/* A DinoscopeOverlayProgress, for maps that take long; data is the CliProgress. */
void cli_progress_map (double done, gpointer data);

/* For functions of core: goes on until the GCancellable is cancelled. */
struct dino_progress cli_core_progress (GCancellable *cancellable);

G_END_DECLS
