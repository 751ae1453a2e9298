#include "cli/versions.h"

#include <cblas.h>
#include <jansson.h>
#include <openssl/crypto.h>

static void
clear_library (gpointer data)
{
  g_free (((CliLibrary *) data)->version);
}

static void
add (GArray *list, const char *name, const char *version)
{
  CliLibrary library = { name, g_strstrip (g_strdup (version)) };

  g_array_append_val (list, library);
}

GArray *
cli_libraries (void)
{
  GArray          *list = g_array_new (FALSE, FALSE, sizeof (CliLibrary));
  g_autofree char *glib = g_strdup_printf ("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);

  g_array_set_clear_func (list, clear_library);
  add (list, "OpenBLAS", openblas_get_config ());
  add (list, "GLib", glib);
  add (list, "Jansson", jansson_version_str ());
  add (list, "libcrypto", OpenSSL_version (OPENSSL_VERSION));
  add (list, "libpng", CLI_LIBPNG_VERSION);
  add (list, "libjpeg", CLI_LIBJPEG_VERSION);
  add (list, "cairo", CLI_CAIRO_VERSION);
  add (list, "pango", CLI_PANGO_VERSION);
  return list;
}
