#include "app/dinoscope-preferences.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-dialog.h"
#include "app/dinoscope-plugin-row.h"
#include "app/dinoscope-plugin-watch.h"
#include "app/dinoscope-precision-row.h"
#include "engine/dinoscope-paths-private.h"

struct _DinoscopePreferences
{
  AdwPreferencesWindow parent_instance;

  DinoscopeSession      *session;
  GSettings             *settings;
  DinoscopePrecisionRow *rows[DINO_N_PRECISIONS];
  GListModel            *providers;
  gboolean               updating;

  AdwPreferencesGroup *precision_group;
  AdwActionRow        *in_use_row;
  GtkSpinner          *spinner;
  AdwActionRow        *packed_row;
  GtkSwitch           *packed_switch;
  AdwActionRow        *threads_row;
  GtkAdjustment       *threads_adjustment;
  AdwComboRow         *overlay_row;
  AdwComboRow         *colormap_row;
  GtkSwitch           *wheel_switch;
  GtkAdjustment       *memory_adjustment;
  AdwPreferencesPage  *plugins_page;
  AdwPreferencesGroup *plugins_group;
};

G_DEFINE_FINAL_TYPE (DinoscopePreferences, dinoscope_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
precision_chosen_cb (DinoscopePreferences *self, DinoscopePrecisionRow *row)
{
  g_settings_set_string (self->settings, "precision", dino_precision_name (dinoscope_precision_row_get_precision (row)));
}

static void
mark_precision (DinoscopePreferences *self)
{
  g_autofree char    *name = g_settings_get_string (self->settings, "precision");
  enum dino_precision precision = DINO_PRECISION_FP32;

  dino_precision_parse (name, &precision);
  dinoscope_precision_row_select (self->rows[precision]);
}

static void
add_precisions (DinoscopePreferences *self)
{
  for (int i = 0; i < DINO_N_PRECISIONS; i++)
    {
      g_autoptr (GError) error = NULL;

      dinoscope_engine_check_precision (dinoscope_session_get_engine (self->session), (enum dino_precision) i, &error);
      self->rows[i] = dinoscope_precision_row_new ((enum dino_precision) i, error != NULL ? error->message : NULL, self->rows[0]);
      g_signal_connect_object (self->rows[i], "chosen", G_CALLBACK (precision_chosen_cb), self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (self->precision_group, GTK_WIDGET (self->rows[i]));
    }
}

/* What is asked for and what is there are two things: the second is told, too. */
static void
update_in_use (DinoscopePreferences *self)
{
  const char      *problem = dinoscope_session_get_precision_problem (self->session);
  gboolean         loading = dinoscope_session_get_loading (self->session) != NULL;
  g_autofree char *model = dinoscope_session_describe_model (self->session);
  g_autofree char *text = problem != NULL ? g_strdup_printf ("%s\n%s", model, problem) : g_strdup (model);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (self->in_use_row, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), loading);
  gtk_spinner_set_spinning (self->spinner, loading);
}

static void
bind_packed_cache (DinoscopePreferences *self)
{
  g_autofree char *cache = dinoscope_user_directory ("XDG_CACHE_HOME", ".cache");
  g_autofree char *folder = g_build_filename (cache, "dinoscope", "packed", NULL);
  g_autofree char *shown = dinoscope_display_name (folder);
  g_autofree char *text = g_strdup_printf (_ ("Encoders are ready sooner, for as much disk as their weights take in memory. What lies in %s may be deleted."), shown);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (self->packed_row, escaped);
  g_settings_bind (self->settings, "packed-cache", self->packed_switch, "active", G_SETTINGS_BIND_DEFAULT);
}

/* A number above what is there today stays: it may be another machine's. */
static void
bind_threads (DinoscopePreferences *self)
{
  guint            ours = (guint) dino_cpu_threads ();
  guint            in_use = dinoscope_engine_get_threads (dinoscope_session_get_engine (self->session));
  guint            wanted = g_settings_get_uint (self->settings, "threads");
  g_autofree char *text = g_strdup_printf (_ ("0: all that this program may use, %u here; %u in use now."), ours, in_use);

  adw_action_row_set_subtitle (self->threads_row, text);
  gtk_adjustment_set_upper (self->threads_adjustment, MAX (ours, wanted));
  g_settings_bind (self->settings, "threads", self->threads_adjustment, "value", G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY);
  g_settings_bind_writable (self->settings, "threads", self->threads_row, "sensitive", FALSE);
}

static void
overlay_selected_cb (DinoscopePreferences *self)
{
  guint                                selected = adw_combo_row_get_selected (self->overlay_row);
  g_autoptr (DinoscopeOverlayProvider) provider = NULL;

  if (self->updating || selected == GTK_INVALID_LIST_POSITION)
    return;
  provider = selected > 0 ? g_list_model_get_item (self->providers, selected - 1) : NULL;
  g_settings_set_string (self->settings, "start-overlay", provider != NULL ? dinoscope_overlay_provider_get_id (provider) : "");
}

/* Colour maps that run one way, from 0; NULL past the end. */
static const struct dino_colormap *
one_way_colormap (guint index)
{
  const struct dino_colormap *colormap;

  for (gsize i = 0; (colormap = dino_colormap_at (i)) != NULL; i++)
    if (!colormap->diverging && index-- == 0)
      return colormap;
  return NULL;
}

static void
colormap_selected_cb (DinoscopePreferences *self)
{
  guint selected = adw_combo_row_get_selected (self->colormap_row);

  if (!self->updating && selected != GTK_INVALID_LIST_POSITION)
    g_settings_set_string (self->settings, "colormap", selected > 0 ? one_way_colormap (selected - 1)->name : "");
}

static void
list_overlays (DinoscopePreferences *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autofree char          *wanted = g_settings_get_string (self->settings, "start-overlay");
  guint                     selected = 0;

  g_clear_object (&self->providers);
  self->providers = dinoscope_overlays_list ();
  gtk_string_list_append (titles, _ ("The one shown last"));
  for (guint i = 0; i < g_list_model_get_n_items (self->providers); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (self->providers, i);

      gtk_string_list_append (titles, dinoscope_overlay_provider_get_title (provider));
      if (g_str_equal (dinoscope_overlay_provider_get_id (provider), wanted))
        selected = i + 1;
    }
  adw_combo_row_set_model (self->overlay_row, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->overlay_row, selected);
}

static void
list_colormaps (DinoscopePreferences *self)
{
  g_autoptr (GtkStringList)   titles = gtk_string_list_new (NULL);
  g_autofree char            *wanted = g_settings_get_string (self->settings, "colormap");
  const struct dino_colormap *colormap;
  guint                       selected = 0;

  gtk_string_list_append (titles, _ ("As the overlay suggests"));
  for (guint i = 0; (colormap = one_way_colormap (i)) != NULL; i++)
    {
      gtk_string_list_append (titles, g_dgettext (GETTEXT_PACKAGE, colormap->title));
      if (g_str_equal (colormap->name, wanted))
        selected = i + 1;
    }
  adw_combo_row_set_model (self->colormap_row, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->colormap_row, selected);
}

/* Only what can be used is offered. */
static void
plugin_changed_cb (DinoscopePreferences *self)
{
  self->updating = TRUE;
  list_overlays (self);
  self->updating = FALSE;
}

static void
list_plugins (DinoscopePreferences *self)
{
  g_autoptr (GListModel) plugins = dinoscope_plugins_list ();
  g_autofree char       *data = dinoscope_user_directory ("XDG_DATA_HOME", ".local/share");
  g_autofree char       *folder = g_build_filename (data, "dinoscope", "plugins", NULL);
  g_autofree char       *shown = dinoscope_display_name (folder);
  guint                  n = g_list_model_get_n_items (plugins);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DinoscopePlugin) plugin = g_list_model_get_item (plugins, i);

      adw_preferences_group_add (self->plugins_group, dinoscope_plugin_row_new (plugin));
    }
  if (n == 0)
    adw_preferences_group_add (self->plugins_group, g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("None found"), "subtitle", shown, "use-markup", FALSE, NULL));
  dinoscope_plugin_watch (self, G_CALLBACK (plugin_changed_cb));
}

static void
bind_window (DinoscopePreferences *self)
{
  self->updating = TRUE;
  list_overlays (self);
  list_colormaps (self);
  self->updating = FALSE;
  g_settings_bind (self->settings, "wheel-zooms", self->wheel_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "feature-memory", self->memory_adjustment, "value", G_SETTINGS_BIND_DEFAULT);
}

static void
dinoscope_preferences_dispose (GObject *object)
{
  DinoscopePreferences *self = DINOSCOPE_PREFERENCES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_PREFERENCES);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->providers);

  G_OBJECT_CLASS (dinoscope_preferences_parent_class)->dispose (object);
}

static void
dinoscope_preferences_class_init (DinoscopePreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, precision_group);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, in_use_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, spinner);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, packed_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, packed_switch);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, threads_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, threads_adjustment);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, overlay_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, colormap_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, wheel_switch);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, memory_adjustment);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, plugins_page);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreferences, plugins_group);
  gtk_widget_class_bind_template_callback (widget_class, overlay_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, colormap_selected_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
dinoscope_preferences_init (DinoscopePreferences *self)
{
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
}

static DinoscopePreferences *
find_window (GtkWindow *parent)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (toplevels, i);

      /* The list keeps it alive. */
      if (DINOSCOPE_IS_PREFERENCES (other) && gtk_window_get_transient_for (other) == parent)
        return DINOSCOPE_PREFERENCES (other);
    }
  return NULL;
}

DinoscopePreferences *
dinoscope_preferences_show (GtkWindow *parent, DinoscopeSession *session, GSettings *settings)
{
  DinoscopePreferences *self = find_window (parent);

  g_return_val_if_fail (DINOSCOPE_IS_SESSION (session), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  if (self == NULL)
    {
      self = g_object_new (DINOSCOPE_TYPE_PREFERENCES, NULL);
      dinoscope_dialog_set_parent (GTK_WINDOW (self), parent);
      self->session = g_object_ref (session);
      self->settings = g_object_ref (settings);
      add_precisions (self);
      mark_precision (self);
      update_in_use (self);
      bind_threads (self);
      bind_packed_cache (self);
      bind_window (self);
      list_plugins (self);
      g_settings_bind_writable (settings, "precision", self->precision_group, "sensitive", FALSE);
      g_signal_connect_object (settings, "changed::precision", G_CALLBACK (mark_precision), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::model", G_CALLBACK (update_in_use), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::loading", G_CALLBACK (update_in_use), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::precision-problem", G_CALLBACK (update_in_use), self, G_CONNECT_SWAPPED);
    }
  gtk_window_present (GTK_WINDOW (self));
  return self;
}

void
dinoscope_preferences_show_plugins (DinoscopePreferences *self)
{
  g_return_if_fail (DINOSCOPE_IS_PREFERENCES (self));

  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (self), self->plugins_page);
}
