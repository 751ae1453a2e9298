/* The module as Nautilus loads it, with files of the test's own. */
#include <gio/gdesktopappinfo.h>
#include <glib/gstdio.h>
#include <gmodule.h>
#include <nautilus-extension.h>

#include "dinoscope-config.h"

/* Files as Nautilus has them. */
#define TEST_TYPE_FILE (test_file_get_type ())
G_DECLARE_FINAL_TYPE (TestFile, test_file, TEST, FILE, GObject)

struct _TestFile
{
  GObject parent_instance;

  GFile      *location;
  const char *type;
  gboolean    gone;
};

static gboolean
test_file_is_gone (NautilusFileInfo *file)
{
  return TEST_FILE (file)->gone;
}

static char *
test_file_get_uri (NautilusFileInfo *file)
{
  return g_file_get_uri (TEST_FILE (file)->location);
}

static GFile *
test_file_get_location (NautilusFileInfo *file)
{
  return g_object_ref (TEST_FILE (file)->location);
}

static gboolean
test_file_is_mime_type (NautilusFileInfo *file, const char *type)
{
  return g_str_equal (TEST_FILE (file)->type, type);
}

static void
implement_file_info (NautilusFileInfoInterface *iface)
{
  iface->is_gone = test_file_is_gone;
  iface->get_uri = test_file_get_uri;
  iface->get_location = test_file_get_location;
  iface->is_mime_type = test_file_is_mime_type;
}

G_DEFINE_TYPE_WITH_CODE (TestFile, test_file, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (NAUTILUS_TYPE_FILE_INFO, implement_file_info))

static void
test_file_finalize (GObject *object)
{
  g_object_unref (TEST_FILE (object)->location);
  G_OBJECT_CLASS (test_file_parent_class)->finalize (object);
}

static void
test_file_class_init (TestFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_file_finalize;
}

static void
test_file_init (TestFile *self)
{
}

static TestFile *
new_file (const char *uri, const char *type)
{
  TestFile *self = g_object_new (TEST_TYPE_FILE, NULL);

  self->location = g_file_new_for_uri (uri);
  self->type = type;
  return self;
}

/* A module as Nautilus makes one of each file of its folder. */
#define TEST_TYPE_MODULE (test_module_get_type ())
G_DECLARE_FINAL_TYPE (TestModule, test_module, TEST, MODULE, GTypeModule)

struct _TestModule
{
  GTypeModule parent_instance;

  GModule *library;
};

G_DEFINE_TYPE (TestModule, test_module, G_TYPE_TYPE_MODULE)

static const char *module_path;

static gboolean
test_module_load (GTypeModule *module)
{
  TestModule *self = TEST_MODULE (module);
  void (*initialize) (GTypeModule *) = NULL;

  self->library = g_module_open (module_path, G_MODULE_BIND_LOCAL);
  if (self->library == NULL)
    g_error ("%s", g_module_error ());
  g_assert_true (g_module_symbol (self->library, "nautilus_module_initialize", (gpointer *) &initialize));
  initialize (module);
  return TRUE;
}

/* Nautilus does not either. */
static void
test_module_unload (GTypeModule *module)
{
}

static void
test_module_class_init (TestModuleClass *klass)
{
  G_TYPE_MODULE_CLASS (klass)->load = test_module_load;
  G_TYPE_MODULE_CLASS (klass)->unload = test_module_unload;
}

static void
test_module_init (TestModule *self)
{
}

static NautilusMenuProvider *
new_provider (void)
{
  static TestModule *module;
  const GType       *types = NULL;
  int                n = 0;
  void (*list_types) (const GType **, int *) = NULL;

  if (module == NULL)
    {
      module = g_object_new (TEST_TYPE_MODULE, NULL);
      g_assert_true (g_type_module_use (G_TYPE_MODULE (module)));
    }
  g_assert_true (g_module_symbol (module->library, "nautilus_module_list_types", (gpointer *) &list_types));
  list_types (&types, &n);
  g_assert_cmpint (n, ==, 1);
  return NAUTILUS_MENU_PROVIDER (g_object_new (types[0], NULL));
}

/* Where the program is, as the desktop is told, and what it is given. */
typedef struct
{
  NautilusMenuProvider *provider;
  char                 *entry, *given;
} Fixture;

/* GLib looks at the folder again when it was told of a change. */
static void
wait_for_entry (gboolean there)
{
  g_autoptr (GDesktopAppInfo) found = NULL;

  while (((found = g_desktop_app_info_new (DINOSCOPE_APP_ID ".desktop")) != NULL) != there)
    {
      g_clear_object (&found);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
    }
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "applications", NULL);
  g_autofree char *text = NULL;

  self->provider = new_provider ();
  self->entry = g_build_filename (folder, DINOSCOPE_APP_ID ".desktop", NULL);
  self->given = g_build_filename (g_get_user_data_dir (), "given.txt", NULL);
  text = g_strdup_printf ("[Desktop Entry]\nType=Application\nName=Test\nExec=sh -c 'printf \"%%%%s;\" \"$@\" >%s.part; mv %s.part %s' sh %%U\n", self->given, self->given, self->given);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (self->entry, text, -1, NULL));
  wait_for_entry (TRUE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_unlink (self->entry);
  g_unlink (self->given);
  g_free (self->entry);
  g_free (self->given);
  g_object_unref (self->provider);
}

static void
test_label (Fixture *self, gconstpointer data)
{
  static const char *const types[] = { "image/png", "image/jpeg", "application/dicom" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autolist (TestFile) files = g_list_prepend (NULL, new_file ("file:///films/one", types[i]));
      GList                *items = nautilus_menu_provider_get_file_items (self->provider, files);
      g_autofree char      *label = NULL, *name = NULL;

      g_assert_cmpuint (g_list_length (items), ==, 1);
      g_object_get (items->data, "label", &label, "name", &name, NULL);
      g_assert_cmpstr (label, ==, "Inspect with Dinoscope");
      g_assert_cmpstr (name, ==, "Dinoscope::inspect");
      nautilus_menu_item_list_free (items);
    }
}

static void
test_none (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *uri, *type;
    gboolean    gone;
  } cases[] = {
    { "file:///films/one.txt", "text/plain", FALSE },
    { "file:///films", "inode/directory", FALSE },
    { "file:///films/one.png", "image/png", TRUE },
    { "sftp://elsewhere/one.png", "image/png", FALSE },
  };

  g_assert_null (nautilus_menu_provider_get_file_items (self->provider, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* One of several is enough. */
      g_autolist (TestFile) files = g_list_prepend (NULL, new_file (cases[i].uri, cases[i].type));

      TEST_FILE (files->data)->gone = cases[i].gone;
      files = g_list_prepend (files, new_file ("file:///films/good.png", "image/png"));
      g_assert_null (nautilus_menu_provider_get_file_items (self->provider, files));
    }
}

/* A menu without the program would lead nowhere. */
static void
test_uninstalled (Fixture *self, gconstpointer data)
{
  g_autolist (TestFile) files = g_list_prepend (NULL, new_file ("file:///films/one.png", "image/png"));

  g_unlink (self->entry);
  wait_for_entry (FALSE);
  if (g_file_test (DINOSCOPE_DESKTOPDIR "/" DINOSCOPE_APP_ID ".desktop", G_FILE_TEST_EXISTS))
    g_test_skip ("Dinoscope is installed");
  else
    g_assert_null (nautilus_menu_provider_get_file_items (self->provider, files));
}

static void
test_activate (Fixture *self, gconstpointer data)
{
  g_autolist (TestFile) files = NULL;
  GList                *items;
  g_autofree char      *given = NULL;

  files = g_list_prepend (files, new_file ("file:///films/a%20second.jpg", "image/jpeg"));
  files = g_list_prepend (files, new_file ("file:///films/one.dcm", "application/dicom"));
  items = nautilus_menu_provider_get_file_items (self->provider, files);
  g_assert_cmpuint (g_list_length (items), ==, 1);
  nautilus_menu_item_activate (items->data);
  nautilus_menu_item_list_free (items);
  while (!g_file_get_contents (self->given, &given, NULL, NULL))
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
    }
  /* GLib gives a program the paths that there are. */
  g_assert_cmpstr (given, ==, "/films/one.dcm;/films/a second.jpg;");
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("dinoscope-nautilus-XXXXXX", NULL);

  /* Before GLib looks at it. */
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  module_path = argv[1];
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/nautilus/label", test_label);
  ADD ("/nautilus/none", test_none);
  ADD ("/nautilus/uninstalled", test_uninstalled);
  ADD ("/nautilus/activate", test_activate);
#undef ADD
  return g_test_run ();
}
