#include "app/dinoscope-scatter-window-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-scatter-legend.h"
#include "engine/dinoscope-paths-private.h"

/* Milliseconds: between two looks at the progress, and before a map begins that
 * somebody is still turning the controls of. */
#define POLL 100
#define DELAY 250

#define STANDARD_GROUPS 6

/* Places in the menu of colours. */
enum
{
  COLOR_GROUPS,
  COLOR_NONE,
  COLOR_FIRST_COLUMN
};

enum
{
  PROP_SESSION = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (DinoscopeScatterWindow, dinoscope_scatter_window, ADW_TYPE_WINDOW)

static GParamSpec *properties[N_PROPS];
static guint       open_picture_signal;

void
dinoscope_scatter_window_tell (DinoscopeScatterWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (escaped));
}

static int
n_threads (DinoscopeScatterWindow *self)
{
  return (int) dinoscope_engine_get_threads (dinoscope_session_get_engine (self->session));
}

gboolean
dinoscope_scatter_window_is_busy (DinoscopeScatterWindow *self)
{
  return self->delay != 0 || (self->job != NULL && !self->job_done) || (self->duplicates != NULL && !self->duplicates_done);
}

static void
update_progress (DinoscopeScatterWindow *self)
{
  const gboolean       map = self->job != NULL && !self->job_done;
  DinoscopeScatterJob *job = map ? self->job : self->duplicates;
  const gboolean       busy = map || (self->duplicates != NULL && !self->duplicates_done);

  gtk_widget_set_visible (self->progress_box, busy);
  if (!busy)
    return;
  gtk_label_set_text (self->progress_label, map ? _ ("Making the map") : _ ("Looking for near duplicates"));
  gtk_progress_bar_set_fraction (self->progress_bar, dinoscope_scatter_job_get_progress (job));
}

static gboolean
poll_cb (gpointer data)
{
  DinoscopeScatterWindow *self = data;

  update_progress (self);
  if (gtk_widget_get_visible (self->progress_box))
    return G_SOURCE_CONTINUE;
  self->poll = 0;
  return G_SOURCE_REMOVE;
}

static void
start_polling (DinoscopeScatterWindow *self)
{
  update_progress (self);
  if (self->poll == 0)
    self->poll = g_timeout_add (POLL, poll_cb, self);
}

static void
update_caption (DinoscopeScatterWindow *self)
{
  const gsize         n = dinoscope_collection_get_n_rows (self->collection);
  const double       *ratios = dinoscope_scatter_job_get_ratios (self->job);
  const double        silhouette = dinoscope_scatter_job_get_silhouette (self->job);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%zu picture", "%zu pictures", n), n);
  if (ratios != NULL)
    g_string_append_printf (text, _ (" · PC1 %.1f %%, PC2 %.1f %% of the variance"), 100 * ratios[0], 100 * ratios[1]);
  if (!isnan (silhouette))
    g_string_append_printf (text, _ (" · mean silhouette %.2f"), silhouette);
  gtk_label_set_text (self->caption, text->str);
}

static const char *
value_of (const void *data, size_t row)
{
  const DinoscopeScatterWindow *self = data;

  return dinoscope_collection_get_value (self->collection, row, gtk_drop_down_get_selected (self->color) - COLOR_FIRST_COLUMN);
}

static struct dino_scatter_column *
make_column (DinoscopeScatterWindow *self)
{
  const guint chosen = gtk_drop_down_get_selected (self->color);
  const gsize n = dinoscope_collection_get_n_rows (self->collection);
  const int  *labels = dinoscope_scatter_job_get_labels (self->job);
  int         n_groups = 0;

  if (chosen >= COLOR_FIRST_COLUMN && chosen != GTK_INVALID_LIST_POSITION)
    return dino_scatter_column_new (dinoscope_collection_get_column_name (self->collection, chosen - COLOR_FIRST_COLUMN), value_of, self, n, NULL);
  if (chosen != COLOR_GROUPS || labels == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    n_groups = MAX (n_groups, labels[i] + 1);
  return dino_scatter_column_new_groups (_ ("Group"), labels, n_groups, n, NULL);
}

static void
looked_at_cb (DinoscopeScatterWindow *self)
{
  const gssize     row = dinoscope_scatter_view_get_looked_at (self->view);
  const guint      chosen = gtk_drop_down_get_selected (self->color);
  g_autofree char *name = row >= 0 ? dinoscope_display_name (dinoscope_collection_get_name (self->collection, (gsize) row)) : NULL;
  g_autofree char *words = NULL;

  if (row >= 0 && chosen >= COLOR_FIRST_COLUMN && chosen != GTK_INVALID_LIST_POSITION)
    words = g_strdup_printf ("%s: %s", dinoscope_collection_get_column_name (self->collection, chosen - COLOR_FIRST_COLUMN), value_of (self, (gsize) row));
  else if (row >= 0 && self->column != NULL)
    words = g_strdup_printf (_ ("Group %s"), self->column->names[self->column->classes[row]]);
  dinoscope_scatter_card_show (self->card, self->collection, row, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name != NULL ? name : "", -1);
}

void
dinoscope_scatter_window_update_colors (DinoscopeScatterWindow *self)
{
  GtkWidget *child;

  if (self->job == NULL || !self->job_done)
    return;
  dinoscope_scatter_view_set_column (self->view, NULL);
  g_clear_pointer (&self->column, dino_scatter_column_free);
  self->column = make_column (self);
  dinoscope_scatter_view_set_column (self->view, self->column);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->legend_box))) != NULL)
    gtk_box_remove (self->legend_box, child);
  gtk_widget_set_visible (GTK_WIDGET (self->legend_box), self->column != NULL);
  if (self->column != NULL)
    gtk_box_append (self->legend_box, dinoscope_scatter_legend_new (self->column));
  looked_at_cb (self);
}

/* The open picture's point. */
static void
update_current (DinoscopeScatterWindow *self)
{
  gsize row;

  dinoscope_scatter_view_set_current (self->view, self->collection != NULL && self->current != NULL && dinoscope_collection_find (self->collection, self->current, &row) ? (gssize) row : -1);
}

static void
finished_cb (DinoscopeScatterWindow *self)
{
  const char *problem = dinoscope_scatter_job_get_problem (self->job);

  if (problem != NULL)
    {
      dinoscope_scatter_window_tell (self, problem);
      g_clear_object (&self->job);
    }
  else
    {
      self->job_done = TRUE;
      dinoscope_scatter_view_set_plane (self->view, dinoscope_scatter_job_get_plane (self->job), dinoscope_collection_get_n_rows (self->collection));
      dinoscope_scatter_window_update_colors (self);
      update_current (self);
      update_caption (self);
    }
  update_progress (self);
}

static void
start_map (DinoscopeScatterWindow *self)
{
  const DinoscopeScatterOptions options = {
    .method = gtk_drop_down_get_selected (self->method) == 0 ? DINOSCOPE_SCATTER_TSNE : DINOSCOPE_SCATTER_PCA,
    .normalize = gtk_toggle_button_get_active (self->normalize),
    .n_groups = gtk_spin_button_get_value_as_int (self->groups),
  };

  g_clear_object (&self->job);
  self->job_done = FALSE;
  if (dinoscope_collection_get_n_rows (self->collection) == 0)
    return;
  self->job = dinoscope_scatter_job_new (self->collection, &options, n_threads (self));
  g_signal_connect_object (self->job, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  start_polling (self);
}

static gboolean
delay_cb (gpointer data)
{
  DinoscopeScatterWindow *self = data;

  self->delay = 0;
  start_map (self);
  return G_SOURCE_REMOVE;
}

/* A control of the map was turned. */
static void
map_wanted_cb (DinoscopeScatterWindow *self)
{
  if (self->collection == NULL || self->filling)
    return;
  g_clear_handle_id (&self->delay, g_source_remove);
  self->delay = g_timeout_add (DELAY, delay_cb, self);
}

static void
color_wanted_cb (DinoscopeScatterWindow *self)
{
  if (self->collection != NULL && !self->filling)
    dinoscope_scatter_window_update_colors (self);
}

static void
duplicates_finished_cb (DinoscopeScatterWindow *self)
{
  const char *problem = dinoscope_scatter_job_get_problem (self->duplicates);

  self->duplicates_done = TRUE;
  if (problem != NULL)
    {
      dinoscope_scatter_window_tell (self, problem);
      g_clear_object (&self->duplicates);
    }
  dinoscope_scatter_window_show_pairs (self);
  update_progress (self);
}

/* The list of near duplicates is seen, or its limit was moved. */
static void
duplicates_wanted_cb (DinoscopeScatterWindow *self)
{
  if (self->collection == NULL || self->filling || g_strcmp0 (gtk_stack_get_visible_child_name (self->lists), "duplicates") != 0)
    return;
  g_clear_object (&self->duplicates);
  self->duplicates_done = FALSE;
  self->duplicates = dinoscope_scatter_job_new_duplicates (self->collection, FALSE, gtk_spin_button_get_value (self->threshold), n_threads (self));
  g_signal_connect_object (self->duplicates, "finished", G_CALLBACK (duplicates_finished_cb), self, G_CONNECT_SWAPPED);
  start_polling (self);
}

static void
list_changed_cb (DinoscopeScatterWindow *self)
{
  if (self->duplicates == NULL)
    duplicates_wanted_cb (self);
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeScatterWindow *self = DINOSCOPE_SCATTER_WINDOW (widget);

  g_clear_handle_id (&self->delay, g_source_remove);
  if (!self->job_done)
    g_clear_object (&self->job);
  if (!self->duplicates_done)
    g_clear_object (&self->duplicates);
  update_progress (self);
}

void
dinoscope_scatter_window_open_row (DinoscopeScatterWindow *self, gsize row, gboolean beside)
{
  g_autoptr (GFile) file = dinoscope_collection_dup_file (self->collection, row);

  if (file == NULL)
    dinoscope_scatter_window_tell (self, _ ("It is not known where the pictures are: choose their folder in the menu."));
  else
    g_signal_emit (self, open_picture_signal, 0, file, beside);
}

static void
activated_cb (DinoscopeScatterWindow *self, guint64 row)
{
  dinoscope_scatter_window_open_row (self, (gsize) row, FALSE);
}

/* Columns of which every picture has another text, or the same, colour nothing:
 * they are there for who wants them all the same. */
void
dinoscope_scatter_window_columns_changed (DinoscopeScatterWindow *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("Group"));
  gtk_string_list_append (names, _ ("Nothing"));
  for (guint i = 0; i < dinoscope_collection_get_n_columns (self->collection); i++)
    gtk_string_list_append (names, dinoscope_collection_get_column_name (self->collection, i));
  self->filling = TRUE;
  gtk_drop_down_set_model (self->color, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->color, COLOR_GROUPS);
  self->filling = FALSE;
  dinoscope_scatter_window_update_colors (self);
}

static void
collection_changed_cb (DinoscopeScatterWindow *self)
{
  DinoscopeCollection *collection = dinoscope_session_get_collection (self->session);

  if (collection == self->collection)
    return;
  g_clear_handle_id (&self->delay, g_source_remove);
  g_clear_object (&self->job);
  g_clear_object (&self->duplicates);
  if (self->collection != NULL)
    g_signal_handlers_disconnect_by_data (self->collection, self);
  dinoscope_scatter_card_show (self->card, self->collection, -1, NULL);
  dinoscope_scatter_view_set_plane (self->view, NULL, 0);
  g_clear_pointer (&self->column, dino_scatter_column_free);
  g_set_object (&self->collection, collection);
  gtk_stack_set_visible_child_name (self->stack, collection != NULL ? "map" : "empty");
  adw_window_title_set_subtitle (self->window_title, collection != NULL ? dinoscope_collection_get_title (collection) : "");
  dinoscope_scatter_window_selection_changed (self);
  dinoscope_scatter_window_show_pairs (self);
  dinoscope_scatter_window_update_actions (self);
  if (collection == NULL)
    return;
  g_signal_connect_object (collection, "columns-changed", G_CALLBACK (dinoscope_scatter_window_columns_changed), self, G_CONNECT_SWAPPED);
  dinoscope_scatter_window_columns_changed (self);
  start_map (self);
  list_changed_cb (self);
}

static void
dinoscope_scatter_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeScatterWindow *self = DINOSCOPE_SCATTER_WINDOW (object);

  switch (id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_scatter_window_constructed (GObject *object)
{
  DinoscopeScatterWindow *self = DINOSCOPE_SCATTER_WINDOW (object);

  G_OBJECT_CLASS (dinoscope_scatter_window_parent_class)->constructed (object);

  g_signal_connect_object (self->session, "notify::collection", G_CALLBACK (collection_changed_cb), self, G_CONNECT_SWAPPED);
  collection_changed_cb (self);
}

static void
dinoscope_scatter_window_dispose (GObject *object)
{
  DinoscopeScatterWindow *self = DINOSCOPE_SCATTER_WINDOW (object);

  g_clear_handle_id (&self->poll, g_source_remove);
  g_clear_handle_id (&self->delay, g_source_remove);
  g_clear_object (&self->job);
  g_clear_object (&self->duplicates);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->recent_before, g_hash_table_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_SCATTER_WINDOW);
  g_clear_pointer (&self->column, dino_scatter_column_free);
  g_clear_pointer (&self->current, g_free);
  g_clear_object (&self->rows);
  g_clear_object (&self->pairs);
  g_clear_object (&self->collection);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (dinoscope_scatter_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-scatter-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, lasso_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, panel_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, method);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, color);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, groups);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, normalize);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, view);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, card);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, legend_box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, progress_box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, progress_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, caption);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, lists);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, row_list);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, row_title);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, pair_list);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, pair_title);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScatterWindow, threshold);
  gtk_widget_class_bind_template_callback (widget_class, map_wanted_cb);
  gtk_widget_class_bind_template_callback (widget_class, color_wanted_cb);
  gtk_widget_class_bind_template_callback (widget_class, duplicates_wanted_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, looked_at_cb);
  gtk_widget_class_bind_template_callback (widget_class, dinoscope_scatter_window_selection_changed);
}

static void
dinoscope_scatter_window_class_init (DinoscopeScatterWindowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = dinoscope_scatter_window_constructed;
  object_class->set_property = dinoscope_scatter_window_set_property;
  object_class->dispose = dinoscope_scatter_window_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, DINOSCOPE_TYPE_SESSION, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  open_picture_signal = g_signal_new ("open-picture", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_FILE, G_TYPE_BOOLEAN);

  g_type_ensure (DINOSCOPE_TYPE_SCATTER_VIEW);
  g_type_ensure (DINOSCOPE_TYPE_SCATTER_CARD);
  gtk_widget_class_install_action (widget_class, "collection.cancel", NULL, cancel_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  dinoscope_scatter_window_class_files_init (widget_class);
  bind_template (widget_class);
}

static void
dinoscope_scatter_window_init (DinoscopeScatterWindow *self)
{
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_spin_button_set_value (self->groups, STANDARD_GROUPS);
  self->filling = FALSE;
  g_object_bind_property (self->lasso_button, "active", self->view, "lasso", G_BINDING_SYNC_CREATE);
  dinoscope_scatter_window_lists_init (self);
}

DinoscopeScatterWindow *
dinoscope_scatter_window_new (DinoscopeSession *session)
{
  return g_object_new (DINOSCOPE_TYPE_SCATTER_WINDOW, "session", session, NULL);
}

void
dinoscope_scatter_window_set_current (DinoscopeScatterWindow *self, const char *pixels_sha256)
{
  g_free (self->current);
  self->current = g_strdup (pixels_sha256);
  update_current (self);
}

DinoscopeScatterView *
dinoscope_scatter_window_get_view (DinoscopeScatterWindow *self)
{
  return self->view;
}
