#include "app/dinoscope-probe-group.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-probe-row.h"
#include "engine/dinoscope-overlays.h"
#include "engine/dinoscope-paths-private.h"

#define OVERLAY "linear-probe"

/* Of a head with thousands of classes nobody reads them all here. */
#define MOST_ROWS 100

struct _DinoscopeProbeGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopeProbe           *probe;
  DinoscopeOverlaySettings *settings;
  DinoscopePage            *page;
  GSignalGroup             *page_signals;
  GPtrArray                *rows; /* DinoscopeProbeRow */
  GtkFileChooserNative     *chooser;

  AdwExpanderRow *expander;
  GtkWidget      *load_button;
  GtkWidget      *unload_button;
  AdwActionRow   *list_row;
  GtkWidget      *warning_image;
};

G_DEFINE_FINAL_TYPE (DinoscopeProbeGroup, dinoscope_probe_group, ADW_TYPE_PREFERENCES_GROUP)

static void
tell (DinoscopeProbeGroup *self, const GError *error)
{
  if (self->page != NULL)
    g_signal_emit_by_name (self->page, "message", error->message);
}

/* Why the share of a patch cannot be shown, NULL: it can. */
static const char *
find_obstacle (DinoscopeProbeGroup *self)
{
  const struct dino_head              *head = dinoscope_probe_get_head (self->probe);
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (OVERLAY);

  if (provider == NULL)
    return _ ("The plug-in “Linear probe” is not there");
  if (head->features == DINO_HEAD_CLS || head->features == DINO_HEAD_LAST4_CLS)
    return _ ("This Head Looks at the CLS Token Alone: No Part of Its Score Belongs to a Patch");
  return NULL;
}

static void
show_patches_cb (DinoscopeProbeGroup *self, DinoscopeProbeRow *row)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (OVERLAY);
  GVariantDict                         values;

  if (provider == NULL || self->settings == NULL)
    return;
  g_variant_dict_init (&values, NULL);
  g_variant_dict_insert (&values, "weights", "s", dinoscope_probe_get_path (self->probe));
  g_variant_dict_insert (&values, "class", "i", (gint32) dinoscope_probe_row_get_index (row));
  g_variant_dict_insert (&values, "score", "s", "logit");
  dinoscope_overlay_settings_set_provider (self->settings, provider);
  dinoscope_overlay_settings_set_values (self->settings, g_variant_dict_end (&values));
  g_object_set (self->settings, "map-visible", TRUE, NULL);
}

/* Whether the picture was trained on, or that nothing is known of it. */
static void
show_list (DinoscopeProbeGroup *self)
{
  const char      *path = dinoscope_probe_get_list_path (self->probe);
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;
  g_autofree char *shown = name != NULL ? dinoscope_display_name (name) : NULL;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  const gboolean   warn = dinoscope_probe_was_trained_on (self->probe);

  if (path == NULL)
    text = g_strdup (_ ("No list: whether the encoder was trained on this picture is not known"));
  else if (warn)
    text = g_strdup_printf (_ ("By its name, this picture is in %s: the encoder was trained on it, so a score may be better than on new ones"), shown);
  else
    text = g_strdup_printf (_ ("By its name, this picture is not in %s"), shown);
  escaped = g_markup_escape_text (text, -1);
  adw_action_row_set_subtitle (self->list_row, escaped);
  gtk_widget_set_visible (self->warning_image, warn);
}

/* What stands under the title: the head's file, or why it has no scores. */
static void
show_subtitle (DinoscopeProbeGroup *self)
{
  const char      *path = dinoscope_probe_get_path (self->probe);
  const char      *problem = dinoscope_probe_get_problem (self->probe);
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;
  g_autofree char *shown = name != NULL ? dinoscope_display_name (name) : NULL;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  if (path == NULL)
    text = g_strdup (_ ("None is open"));
  else if (*problem != '\0')
    text = g_strdup_printf ("%s: %s", shown, problem);
  else if (dinoscope_probe_get_head (self->probe)->n_classes > MOST_ROWS)
    /* Translators: a file of a head, how many of its classes are listed, how many there are. */
    text = g_strdup_printf (_ ("%s, the first %d of %zu classes. For research: a score is not a finding"), shown, MOST_ROWS, dinoscope_probe_get_head (self->probe)->n_classes);
  else
    /* Translators: a file of a head. */
    text = g_strdup_printf (_ ("%s. For research: a score is not a finding"), shown);
  escaped = g_markup_escape_text (text, -1);
  adw_expander_row_set_subtitle (self->expander, escaped);
  gtk_widget_set_visible (self->unload_button, path != NULL);
}

static void
show_scores (DinoscopeProbeGroup *self)
{
  const double *scores = dinoscope_probe_get_scores (self->probe);

  for (guint i = 0; i < self->rows->len; i++)
    dinoscope_probe_row_set_score (g_ptr_array_index (self->rows, i), scores != NULL ? &scores[i] : NULL);
  show_subtitle (self);
  show_list (self);
}

static void
list_classes (DinoscopeProbeGroup *self)
{
  const struct dino_head *head = dinoscope_probe_get_head (self->probe);
  const char             *obstacle = head != NULL ? find_obstacle (self) : NULL;

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->expander, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  /* The list of training pictures stays last. */
  g_object_ref (self->list_row);
  adw_expander_row_remove (self->expander, GTK_WIDGET (self->list_row));
  for (guint i = 0; head != NULL && i < MIN (head->n_classes, MOST_ROWS); i++)
    {
      GtkWidget *row = dinoscope_probe_row_new (head, i);

      dinoscope_probe_row_set_obstacle (DINOSCOPE_PROBE_ROW (row), obstacle);
      g_signal_connect_object (row, "show-patches", G_CALLBACK (show_patches_cb), self, G_CONNECT_SWAPPED);
      g_ptr_array_add (self->rows, row);
      adw_expander_row_add_row (self->expander, row);
    }
  adw_expander_row_add_row (self->expander, GTK_WIDGET (self->list_row));
  g_object_unref (self->list_row);
  show_scores (self);
}

static void
picture_changed_cb (DinoscopeProbeGroup *self)
{
  DinoscopeFeatures *features = self->page != NULL && !dinoscope_page_is_concealed (self->page) ? dinoscope_page_get_features (self->page) : NULL;
  GFile             *file = self->page != NULL ? dinoscope_page_get_file (self->page) : NULL;
  g_autofree char   *name = file != NULL ? g_file_get_basename (file) : NULL;

  if (features != NULL && !dinoscope_features_is_complete (features))
    features = NULL;
  dinoscope_probe_set_picture (self->probe, features, name);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeProbeGroup) self = user_data;
  g_autoptr (GError)              error = NULL;

  if (self->probe == NULL)
    return;
  if (!dinoscope_probe_load_finish (self->probe, result, &error))
    tell (self, error);
  else
    adw_expander_row_set_expanded (self->expander, TRUE);
}

static void
list_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeProbeGroup) self = user_data;
  g_autoptr (GError)              error = NULL;

  if (self->probe != NULL && !dinoscope_probe_load_list_finish (self->probe, result, &error))
    tell (self, error);
}

void
dinoscope_probe_group_load (DinoscopeProbeGroup *self, GFile *file)
{
  g_return_if_fail (DINOSCOPE_IS_PROBE_GROUP (self));

  dinoscope_probe_load_async (self->probe, file, loaded_cb, g_object_ref (self));
}

void
dinoscope_probe_group_load_list (DinoscopeProbeGroup *self, GFile *file)
{
  g_return_if_fail (DINOSCOPE_IS_PROBE_GROUP (self));

  dinoscope_probe_load_list_async (self->probe, file, list_loaded_cb, g_object_ref (self));
}

static void
head_chosen_cb (DinoscopeProbeGroup *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  if (file != NULL)
    dinoscope_probe_group_load (self, file);
  g_clear_object (&self->chooser);
}

static void
list_chosen_cb (DinoscopeProbeGroup *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  if (file != NULL)
    dinoscope_probe_group_load_list (self, file);
  g_clear_object (&self->chooser);
}

static void
choose (DinoscopeProbeGroup *self, const char *title, const char *kind, const char *const *patterns, GCallback callback)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_filter_set_name (filter, kind);
  for (guint i = 0; patterns[i] != NULL; i++)
    gtk_file_filter_add_pattern (filter, patterns[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", callback, self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
load_clicked_cb (DinoscopeProbeGroup *self)
{
  const char *const patterns[] = { "*.safetensors", NULL };

  choose (self, _ ("Open a Head"), _ ("Heads (safetensors)"), patterns, G_CALLBACK (head_chosen_cb));
}

static void
list_clicked_cb (DinoscopeProbeGroup *self)
{
  const char *const patterns[] = { "*.csv", "*.tsv", "*.txt", NULL };

  choose (self, _ ("Open the List of Training Pictures"), _ ("Lists (CSV, TSV, TXT)"), patterns, G_CALLBACK (list_chosen_cb));
}

static void
unload_clicked_cb (DinoscopeProbeGroup *self)
{
  dinoscope_probe_unload (self->probe);
}

static void
dinoscope_probe_group_dispose (GObject *object)
{
  DinoscopeProbeGroup *self = DINOSCOPE_PROBE_GROUP (object);

  g_clear_object (&self->page_signals);
  g_clear_object (&self->chooser);
  g_clear_object (&self->page);
  g_clear_object (&self->settings);
  if (self->probe != NULL)
    g_signal_handlers_disconnect_by_data (self->probe, self);
  g_clear_object (&self->probe);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_PROBE_GROUP);

  G_OBJECT_CLASS (dinoscope_probe_group_parent_class)->dispose (object);
}

static void
dinoscope_probe_group_class_init (DinoscopeProbeGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_probe_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-probe-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeProbeGroup, expander);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeProbeGroup, load_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeProbeGroup, unload_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeProbeGroup, list_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeProbeGroup, warning_image);
  gtk_widget_class_bind_template_callback (widget_class, load_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, unload_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_clicked_cb);
}

static void
dinoscope_probe_group_init (DinoscopeProbeGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new ();
  self->probe = dinoscope_probe_new ();
  g_signal_connect_swapped (self->probe, "head-changed", G_CALLBACK (list_classes), self);
  g_signal_connect_swapped (self->probe, "scores-changed", G_CALLBACK (show_scores), self);
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "features-changed", G_CALLBACK (picture_changed_cb), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (picture_changed_cb), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::concealed", G_CALLBACK (picture_changed_cb), self);
  show_scores (self);
}

void
dinoscope_probe_group_set_page (DinoscopeProbeGroup *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_PROBE_GROUP (self));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  picture_changed_cb (self);
}

void
dinoscope_probe_group_set_settings (DinoscopeProbeGroup *self, DinoscopeOverlaySettings *settings)
{
  g_return_if_fail (DINOSCOPE_IS_PROBE_GROUP (self));

  g_set_object (&self->settings, settings);
}

DinoscopeProbe *
dinoscope_probe_group_get_probe (DinoscopeProbeGroup *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE_GROUP (self), NULL);

  return self->probe;
}

GtkWidget *
dinoscope_probe_group_get_row (DinoscopeProbeGroup *self, guint index)
{
  g_return_val_if_fail (DINOSCOPE_IS_PROBE_GROUP (self), NULL);

  return index < self->rows->len ? g_ptr_array_index (self->rows, index) : NULL;
}
