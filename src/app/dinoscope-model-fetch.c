#include "app/dinoscope-model-fetch.h"

#include <string.h>

#include "core/model/published.h"
#include "engine/dinoscope-paths-private.h"

#define MODEL "rad-dino"

DinoscopeChild *
dinoscope_model_fetch_start (GError **error)
{
  const char *const arguments[] = { "model", "get", MODEL, "--yes", NULL };

  return dinoscope_child_start (arguments, error);
}

char *
dinoscope_model_fetch_dup_source (void)
{
  const struct dino_published_model *published = dino_published_find (MODEL);
  const char                        *mirror = dinoscope_environment ("HF_ENDPOINT");

  g_autofree char *base = g_strdup (mirror != NULL ? mirror : "https://huggingface.co");

  while (g_str_has_suffix (base, "/"))
    base[strlen (base) - 1] = '\0';
  return g_strdup_printf ("%s/%s", base, published->repository);
}

char *
dinoscope_model_fetch_dup_target (void)
{
  g_autofree char *data = dinoscope_user_directory ("XDG_DATA_HOME", ".local/share");

  return g_build_filename (data, "dinoscope", "models", MODEL, NULL);
}
