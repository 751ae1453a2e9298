/* The extension of gThumb: a section of the sidebar for each of its windows. */
#include <glib/gi18n-lib.h>
#include <gth-extensions.h>
#include <gth-main.h>

#include "dinoscope-config.h"
#include "gthumb/section.h"

G_MODULE_EXPORT void
gthumb_extension_activate (void)
{
  /* About our own texts only. */
  bindtextdomain (GETTEXT_PACKAGE, DINOSCOPE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  gth_main_register_type ("file-properties", DINOSCOPE_TYPE_GTHUMB_SECTION);
}

/* gThumb asks to be started again. */
G_MODULE_EXPORT void
gthumb_extension_deactivate (void)
{
}

G_MODULE_EXPORT gboolean
gthumb_extension_is_configurable (void)
{
  return FALSE;
}

G_MODULE_EXPORT void
gthumb_extension_configure (GtkWindow *parent)
{
}
