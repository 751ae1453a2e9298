#include "dinoscope-config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

#include "app/dinoscope-application.h"

int
main (int argc, char *argv[])
{
  g_autoptr (DinoscopeApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, DINOSCOPE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_set_application_name (_ ("Dinoscope"));
  application = dinoscope_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
