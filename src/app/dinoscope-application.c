#include "app/dinoscope-application.h"

#include "dinoscope-config.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-about.h"
#include "app/dinoscope-help-window.h"
#include "app/dinoscope-lost-display.h"
#include "app/dinoscope-preferences.h"
#include "app/dinoscope-window.h"

#define RESOURCES "/io/github/dinoscope/Dinoscope"
#define SCHEMA "io.github.dinoscope.Dinoscope"

struct _DinoscopeApplication
{
  AdwApplication parent_instance;

  DinoscopeSession *session;
  GSettings        *preferences;
  char             *model; /* --model */
};

G_DEFINE_FINAL_TYPE (DinoscopeApplication, dinoscope_application, ADW_TYPE_APPLICATION)

static DinoscopeWindow *
get_window (DinoscopeApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (DINOSCOPE_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

static DinoscopeWindow *
ensure_window (DinoscopeApplication *self)
{
  DinoscopeWindow *window = get_window (self);

  return window != NULL ? window : dinoscope_window_new (ADW_APPLICATION (self), self->session, self->preferences);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  DinoscopeApplication *self = user_data;

  dinoscope_about_show (GTK_WINDOW (get_window (self)), self->session);
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  DinoscopeApplication *self = user_data;

  dinoscope_help_window_show (GTK_WINDOW (get_window (self)));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  DinoscopeApplication *self = user_data;

  dinoscope_preferences_show (GTK_WINDOW (get_window (self)), self->session, self->preferences);
}

static void
plugins_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  DinoscopeApplication *self = user_data;

  dinoscope_preferences_show_plugins (dinoscope_preferences_show (GTK_WINDOW (get_window (self)), self->session, self->preferences));
}

/* From the desktop's menu of the program, before there is a window or beside it. */
static void
window_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  DinoscopeWindow *window = ensure_window (user_data);
  g_autofree char *name = g_strconcat ("win.", g_action_get_name (G_ACTION (action)), NULL);

  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (window), name, NULL);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows;

  /* Windows save their state when they are closed. */
  while ((windows = gtk_application_get_windows (user_data)) != NULL)
    gtk_window_destroy (windows->data);
}

static void
dinoscope_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (ensure_window (DINOSCOPE_APPLICATION (application))));
}

static void
dinoscope_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  DinoscopeWindow *window = ensure_window (DINOSCOPE_APPLICATION (application));

  dinoscope_window_open_files (window, files, n_files);
  gtk_window_present (GTK_WINDOW (window));
}

/* Where the desktop looks, else where this program was installed. */
static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource            *standard = g_settings_schema_source_get_default ();
  GSettingsSchema                  *schema = standard != NULL ? g_settings_schema_source_lookup (standard, SCHEMA, TRUE) : NULL;
  g_autoptr (GSettingsSchemaSource) own = NULL;

  if (schema != NULL)
    return schema;
  own = g_settings_schema_source_new_from_directory (DINOSCOPE_SCHEMADIR, standard, TRUE, NULL);
  return own != NULL ? g_settings_schema_source_lookup (own, SCHEMA, FALSE) : NULL;
}

static gboolean
load_preferences (DinoscopeApplication *self)
{
  g_autoptr (GSettingsSchema) schema = find_schema ();

  if (schema == NULL)
    {
      g_printerr (_ ("The settings schema %s is not installed; GSETTINGS_SCHEMA_DIR may name its directory.\n"), SCHEMA);
      return FALSE;
    }
  self->preferences = g_settings_new_full (schema, NULL, NULL);
  return TRUE;
}

static gsize
get_budget (DinoscopeApplication *self)
{
  return (gsize) g_settings_get_uint (self->preferences, "feature-memory") << 20;
}

static void
budget_changed_cb (DinoscopeApplication *self)
{
  dinoscope_features_cache_set_budget (dinoscope_session_get_cache (self->session), get_budget (self));
}

static enum dino_precision
get_precision (DinoscopeApplication *self)
{
  g_autofree char    *name = g_settings_get_string (self->preferences, "precision");
  enum dino_precision precision = DINO_PRECISION_FP32;

  dino_precision_parse (name, &precision);
  return precision;
}

static void
precision_changed_cb (DinoscopeApplication *self)
{
  dinoscope_session_set_precision (self->session, get_precision (self));
}

static void
packed_cache_changed_cb (DinoscopeApplication *self)
{
  dinoscope_session_set_packed_cache (self->session, g_settings_get_boolean (self->preferences, "packed-cache"));
}

static void
model_chosen_cb (DinoscopeApplication *self, const char *name)
{
  g_settings_set_string (self->preferences, "model", name);
}

static gboolean
start_session (DinoscopeApplication *self)
{
  g_autofree char   *setting = g_settings_get_string (self->preferences, "model");
  g_autoptr (GError) error = NULL;

  self->session = dinoscope_session_new (g_settings_get_uint (self->preferences, "threads"), get_budget (self), &error);
  if (self->session == NULL)
    {
      g_printerr ("%s\n", error->message);
      return FALSE;
    }
  g_signal_connect_object (self->preferences, "changed::feature-memory", G_CALLBACK (budget_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->preferences, "changed::precision", G_CALLBACK (precision_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->preferences, "changed::packed-cache", G_CALLBACK (packed_cache_changed_cb), self, G_CONNECT_SWAPPED);
  g_settings_bind (self->preferences, "wheel-zooms", self->session, "wheel-zooms", G_SETTINGS_BIND_GET);
  g_signal_connect_object (self->session, "model-chosen", G_CALLBACK (model_chosen_cb), self, G_CONNECT_SWAPPED);
  precision_changed_cb (self);
  packed_cache_changed_cb (self);
  dinoscope_session_load_model (self->session, self->model, setting);
  return TRUE;
}

static void
dinoscope_application_startup (GApplication *application)
{
  static const char *const  help_keys[] = { "F1", NULL };
  static const char *const  quit_keys[] = { "<Control>q", NULL };
  static const char *const  preferences_keys[] = { "<Control>comma", NULL };
  static const char *const  overlay_keys[] = { "<Control>question", NULL };
  static const GActionEntry actions[] = {
    { .name = "about", .activate = about_action },
    { .name = "help", .activate = help_action },
    { .name = "preferences", .activate = preferences_action },
    { .name = "open", .activate = window_action },
    { .name = "paste", .activate = window_action },
    { .name = "plugins", .activate = plugins_action },
    { .name = "quit", .activate = quit_action },
  };
  GtkApplication *self = GTK_APPLICATION (application);

  G_APPLICATION_CLASS (dinoscope_application_parent_class)->startup (application);

  dinoscope_lost_display_tell (gdk_display_get_default ());
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  gtk_application_set_accels_for_action (self, "app.help", help_keys);
  gtk_application_set_accels_for_action (self, "app.preferences", preferences_keys);
  gtk_application_set_accels_for_action (self, "app.quit", quit_keys);
  gtk_application_set_accels_for_action (self, "win.show-help-overlay", overlay_keys);
  gtk_window_set_default_icon_name ("io.github.dinoscope.Dinoscope");

  /* A window without these could do nothing. */
  if (!load_preferences (DINOSCOPE_APPLICATION (application)) || !start_session (DINOSCOPE_APPLICATION (application)))
    exit (EXIT_FAILURE);
}

/* Engine threads end before GTK, OpenBLAS and the process do. */
static void
dinoscope_application_shutdown (GApplication *application)
{
  DinoscopeApplication *self = DINOSCOPE_APPLICATION (application);

  if (self->session != NULL)
    dinoscope_session_shutdown (self->session);

  G_APPLICATION_CLASS (dinoscope_application_parent_class)->shutdown (application);
}

static int
dinoscope_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  DinoscopeApplication *self = DINOSCOPE_APPLICATION (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Dinoscope %s\n%s\n", DINOSCOPE_VERSION, _ ("For research only. Not for clinical use."));
      return 0;
    }
  if (g_variant_dict_contains (options, "check-display"))
    return gtk_init_check () ? 0 : 1;
  if (self->model != NULL)
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static void
dinoscope_application_finalize (GObject *object)
{
  DinoscopeApplication *self = DINOSCOPE_APPLICATION (object);

  g_clear_object (&self->session);
  g_clear_object (&self->preferences);
  g_free (self->model);

  G_OBJECT_CLASS (dinoscope_application_parent_class)->finalize (object);
}

static void
dinoscope_application_class_init (DinoscopeApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = dinoscope_application_finalize;
  application_class->activate = dinoscope_application_activate;
  application_class->open = dinoscope_application_open;
  application_class->startup = dinoscope_application_startup;
  application_class->shutdown = dinoscope_application_shutdown;
  application_class->handle_local_options = dinoscope_application_handle_local_options;
}

static void
dinoscope_application_init (DinoscopeApplication *self)
{
  const GOptionEntry options[] = {
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &self->model, N_ ("Use this encoder: a directory, a file or a name"), N_ ("DIR|FILE|NAME") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
    { "check-display", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Succeed if a window could be opened, and exit"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[FILE…]"));
  g_application_set_option_context_summary (G_APPLICATION (self), _ ("Shows what an image encoder sees in a chest radiograph."));
  g_application_set_option_context_description (G_APPLICATION (self), _ ("For research only. Not for clinical use."));
}

DinoscopeApplication *
dinoscope_application_new (void)
{
  const char       *non_unique = g_getenv ("DINOSCOPE_NON_UNIQUE");
  GApplicationFlags flags = G_APPLICATION_HANDLES_OPEN;

  if (non_unique != NULL && *non_unique != '\0')
    flags |= G_APPLICATION_NON_UNIQUE;
  return g_object_new (DINOSCOPE_TYPE_APPLICATION,
                       "application-id", DINOSCOPE_APP_ID,
                       "resource-base-path", RESOURCES,
                       "flags", flags,
                       NULL);
}

DinoscopeSession *
dinoscope_application_get_session (DinoscopeApplication *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_APPLICATION (self), NULL);

  return self->session;
}
