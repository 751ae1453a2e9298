/* Nautilus: an entry in the menu of pictures that Dinoscope can open. The window
 * is a program of its own, which the desktop starts or, when it runs, tells. */
#include <gio/gdesktopappinfo.h>
#include <glib/gi18n-lib.h>
#include <gtk/gtk.h>
#include <nautilus-extension.h>

#include "dinoscope-config.h"

#define TYPE_MENU (dinoscope_nautilus_menu_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeNautilusMenu, dinoscope_nautilus_menu, DINOSCOPE, NAUTILUS_MENU, GObject)

struct _DinoscopeNautilusMenu
{
  GObject parent_instance;
};

static void implement_menu_provider (NautilusMenuProviderInterface *iface);

G_DEFINE_DYNAMIC_TYPE_EXTENDED (DinoscopeNautilusMenu,
                                dinoscope_nautilus_menu,
                                G_TYPE_OBJECT,
                                G_TYPE_FLAG_FINAL,
                                G_IMPLEMENT_INTERFACE_DYNAMIC (NAUTILUS_TYPE_MENU_PROVIDER, implement_menu_provider))

static gboolean
can_be_opened (NautilusFileInfo *file)
{
  static const char *const types[] = { "image/png", "image/jpeg", "application/dicom" };
  g_autoptr (GFile)        location = nautilus_file_info_get_location (file);

  if (nautilus_file_info_is_gone (file) || location == NULL || g_file_peek_path (location) == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (nautilus_file_info_is_mime_type (file, types[i]))
      return TRUE;
  return FALSE;
}

/* The desktop knows it by its id; one in a prefix of its own need not be known. (transfer full) */
static GAppInfo *
find_program (void)
{
  GDesktopAppInfo *found = g_desktop_app_info_new (DINOSCOPE_APP_ID ".desktop");

  if (found == NULL)
    found = g_desktop_app_info_new_from_filename (DINOSCOPE_DESKTOPDIR "/" DINOSCOPE_APP_ID ".desktop");
  return found != NULL ? G_APP_INFO (found) : NULL;
}

/* With it the new window may take the focus from Nautilus'. (transfer full) */
static GAppLaunchContext *
new_context (void)
{
  GdkDisplay *display = gtk_is_initialized () ? gdk_display_get_default () : NULL;

  return display != NULL ? G_APP_LAUNCH_CONTEXT (gdk_display_get_app_launch_context (display)) : g_app_launch_context_new ();
}

static void
launched_cb (GObject *program, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_uris_finish (G_APP_INFO (program), result, &error))
    g_warning ("%s", error->message);
}

static void
activate_cb (NautilusMenuItem *item, GList *uris)
{
  g_autoptr (GAppInfo)          program = find_program ();
  g_autoptr (GAppLaunchContext) context = NULL;

  /* It may have been uninstalled while the menu was open. */
  if (program == NULL)
    return;
  context = new_context ();
  g_app_info_launch_uris_async (program, uris, context, NULL, launched_cb, NULL);
}

static void
free_uris (gpointer uris, GClosure *closure)
{
  g_list_free_full (uris, g_free);
}

static NautilusMenuItem *
new_item (GList *files)
{
  NautilusMenuItem *item = nautilus_menu_item_new ("Dinoscope::inspect", _ ("Inspect with Dinoscope"), _ ("See what an image encoder sees in a chest radiograph"), DINOSCOPE_APP_ID);
  GList            *uris = NULL;

  for (GList *i = files; i != NULL; i = i->next)
    uris = g_list_prepend (uris, nautilus_file_info_get_uri (i->data));
  g_signal_connect_data (item, "activate", G_CALLBACK (activate_cb), g_list_reverse (uris), free_uris, 0);
  return item;
}

/* Nothing where one of the files is none of ours, or the program is not there. */
static GList *
dinoscope_nautilus_menu_get_file_items (NautilusMenuProvider *provider, GList *files)
{
  g_autoptr (GAppInfo) program = NULL;

  for (GList *i = files; i != NULL; i = i->next)
    if (!can_be_opened (i->data))
      return NULL;
  program = files != NULL ? find_program () : NULL;
  return program != NULL ? g_list_prepend (NULL, new_item (files)) : NULL;
}

static void
implement_menu_provider (NautilusMenuProviderInterface *iface)
{
  iface->get_file_items = dinoscope_nautilus_menu_get_file_items;
}

static void
dinoscope_nautilus_menu_class_init (DinoscopeNautilusMenuClass *klass)
{
}

static void
dinoscope_nautilus_menu_class_finalize (DinoscopeNautilusMenuClass *klass)
{
}

static void
dinoscope_nautilus_menu_init (DinoscopeNautilusMenu *self)
{
}

G_MODULE_EXPORT void
nautilus_module_initialize (GTypeModule *module)
{
  /* About our own texts only. */
  bindtextdomain (GETTEXT_PACKAGE, DINOSCOPE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  dinoscope_nautilus_menu_register_type (module);
}

G_MODULE_EXPORT void
nautilus_module_shutdown (void)
{
}

G_MODULE_EXPORT void
nautilus_module_list_types (const GType **types, int *n)
{
  static GType list[1];

  list[0] = TYPE_MENU;
  *types = list;
  *n = G_N_ELEMENTS (list);
}
