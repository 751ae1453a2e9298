#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* $XDG_DATA_HOME/dinoscope/models/name, or the folder for NULL. (transfer full) */
char *dinoscope_data_models (const char *name);

/* Hugging Face caches to look through, best first. (transfer full) */
GStrv dinoscope_hub_directories (void);

/* The commit that refs/main of a repository's folder in a cache names, or
 * NULL. (transfer full) */
char *dinoscope_hub_main_commit (const char *repository);

/* Whether text is one hexadecimal number and so can be part of a path. */
gboolean dinoscope_is_commit (const char *text);

/* The model's folder where path is the whole folder of a repository in a Hugging
 * Face cache, else path itself. A person who is asked for a folder may take
 * either, and from a sandbox only the whole one can be read: the files of a
 * snapshot are links to its neighbours. (transfer full) */
char *dinoscope_model_enter (const char *path);

/* What --model means: the path for a name or path. (transfer full) */
char *dinoscope_model_resolve (const char *argument);

/* The same, but for files of that name. (transfer full) */
char *dinoscope_model_resolve_name (const char *name);

G_END_DECLS
