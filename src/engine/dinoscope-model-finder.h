#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where a model was found, in the order of docs/architecture.md "Models". */
typedef enum
{
  DINOSCOPE_MODEL_SOURCE_ARGUMENT,     /* --model */
  DINOSCOPE_MODEL_SOURCE_ENVIRONMENT,  /* $DINOSCOPE_MODEL */
  DINOSCOPE_MODEL_SOURCE_SETTING,      /* the window's preference */
  DINOSCOPE_MODEL_SOURCE_DATA,         /* $XDG_DATA_HOME/dinoscope/models/rad-dino */
  DINOSCOPE_MODEL_SOURCE_HUGGING_FACE, /* the Hugging Face cache */
  DINOSCOPE_MODEL_SOURCE_DEMONSTRATION /* the bundled encoder */
} DinoscopeModelSource;

/* Path of the model to use; argument and setting may be NULL or empty. An
 * argument or environment variable is returned as it is, unchecked, so that a
 * wrong one is reported and not passed over. Each may also be a name, unless
 * there is a file of that name: of a directory or file under
 * $XDG_DATA_HOME/dinoscope/models, "owner/name" or "owner/name@commit" of the
 * Hugging Face cache (some digits of the commit will do), "rad-dino", "demo".
 * The setting is not looked up as a file below the working directory.
 * $DINOSCOPE_DATADIR, then the installed directory, holds the bundled encoder. */
char *dinoscope_model_find (const char *argument, const char *setting, DinoscopeModelSource *source);

/* A word for files ("hugging-face"), and what a person is told ("in the
 * Hugging Face cache"). */
const char *dinoscope_model_source_id (DinoscopeModelSource source);
const char *dinoscope_model_source_describe (DinoscopeModelSource source);

/* Path of a bundled file, e.g. ("models", "demo", NULL); (transfer full). */
char *dinoscope_data_path (const char *first, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
