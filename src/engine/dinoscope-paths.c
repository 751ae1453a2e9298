#include "engine/dinoscope-paths-private.h"

#include "core/base/text.h"
#include "engine/dinoscope-model-finder.h"

#include "dinoscope-config.h"

const char *
dinoscope_environment (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL && *value != '\0' ? value : NULL;
}

char *
dinoscope_user_directory (const char *variable, const char *fallback)
{
  const char *value = dinoscope_environment (variable);
  const char *home = dinoscope_environment ("HOME");

  if (value != NULL && g_path_is_absolute (value))
    return g_strdup (value);
  return g_build_filename (home != NULL ? home : g_get_home_dir (), fallback, NULL);
}

char *
dinoscope_display_name (const char *path)
{
  char *name = g_filename_display_name (path);

  dino_text_clean (name, false);
  return name;
}

char *
dinoscope_display_base (GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);

  return dinoscope_display_name (base);
}

char *
dinoscope_data_path (const char *first, ...)
{
  const char      *folder = dinoscope_environment ("DINOSCOPE_DATADIR");
  g_autofree char *rest = NULL;
  va_list          arguments;

  va_start (arguments, first);
  rest = g_build_filename_valist (first, &arguments);
  va_end (arguments);
  return g_build_filename (folder != NULL ? folder : DINOSCOPE_PKGDATADIR, rest, NULL);
}
