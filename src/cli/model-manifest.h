/* Which files make a model: the published ones, or those of --manifest. */
#pragma once

#include "cli/message.h"
#include "core/model/published.h"

G_BEGIN_DECLS

typedef struct
{
  char                       *name; /* of the model's directory */
  char                       *title;
  char                       *repository, *revision, *licence;
  struct dino_published_file *files; /* [n_files], only needed ones, sizes known */
  gsize                       n_files;
} CliManifest;

/* For a name that is published, or from a JSON file. NULL after saying why
 * not, with *code set. */
CliManifest *cli_manifest_new (const char *name, const char *path, CliExit *code);
void         cli_manifest_free (CliManifest *manifest);

/* Bytes of all files. */
guint64 cli_manifest_total (const CliManifest *manifest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliManifest, cli_manifest_free)

G_END_DECLS
