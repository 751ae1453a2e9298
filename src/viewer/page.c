#include "viewer/page.h"

#include <glib/gi18n-lib.h>

#include "viewer/row.h"

#define MARGIN 12
#define SPACING 6

/* The sidebar's least, in any language: what a map's parameters need, so that
   the picture does not move when another map is chosen. */
#define WIDTH 300

/* Parameters that are there at once; the others are unfolded. */
#define FIRST_ROWS 3

struct page
{
  PageEvents events;
  gpointer   data;
  gboolean   updating; /* what changes now is not the person's doing */

  GVariant   *overlays; /* aa{sv}; NULL before the first run */
  GHashTable *values;   /* "overlay/parameter" to GVariant, NULL where it is off */

  GtkWidget *root;
  GtkWidget *run, *encode, *cancel, *progress, *status;
  GtkWidget *controls, *overlay, *rows, *more, *more_rows;
  GtkWidget *shown, *opacity;
  GtkWidget *scale, *bar, *low, *high, *legend;
  GtkWidget *encoder;
  GBytes    *ramp;
};

static GVariant *
overlay_at (Page *self, int index)
{
  if (self->overlays == NULL || index < 0 || (gsize) index >= g_variant_n_children (self->overlays))
    return NULL;
  return g_variant_get_child_value (self->overlays, (gsize) index);
}

static GVariant *
chosen_overlay (Page *self)
{
  return overlay_at (self, gtk_combo_box_get_active (GTK_COMBO_BOX (self->overlay)));
}

static char *
lookup_text (GVariant *dictionary, const char *key)
{
  const char *text = "";

  g_variant_lookup (dictionary, key, "&s", &text);
  return g_strdup (text);
}

static char *
value_key (Page *self, const char *name)
{
  return g_strdup_printf ("%s/%s", gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->overlay)), name);
}

static void
row_changed_cb (const char *name, GVariant *value, gpointer data)
{
  Page                *self = data;
  g_autoptr (GVariant) sunk = value != NULL ? g_variant_ref_sink (value) : NULL;

  if (self->updating)
    return;
  g_hash_table_insert (self->values, value_key (self, name), g_steal_pointer (&sunk));
  self->events.map_wanted (self->data);
}

/* What was chosen, else the parameter's default; NULL: off. (transfer full) */
static GVariant *
value_of (Page *self, GVariant *description)
{
  g_autofree char *name = lookup_text (description, "name");
  g_autofree char *key = value_key (self, name);
  gpointer         value;

  if (g_hash_table_lookup_extended (self->values, key, NULL, &value))
    return value != NULL ? g_variant_ref (value) : NULL;
  return g_variant_lookup_value (description, "default", NULL);
}

static void
destroy_cb (GtkWidget *widget, gpointer data)
{
  gtk_widget_destroy (widget);
}

static void
fill_rows (Page *self)
{
  g_autoptr (GVariant) overlay = chosen_overlay (self);
  g_autoptr (GVariant) parameters = overlay != NULL ? g_variant_lookup_value (overlay, "parameters", G_VARIANT_TYPE ("aa{sv}")) : NULL;
  gsize                n = parameters != NULL ? g_variant_n_children (parameters) : 0;
  int                  row = 0;

  self->updating = TRUE;
  gtk_container_foreach (GTK_CONTAINER (self->rows), destroy_cb, NULL);
  gtk_container_foreach (GTK_CONTAINER (self->more_rows), destroy_cb, NULL);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) description = g_variant_get_child_value (parameters, i);
      g_autoptr (GVariant) value = value_of (self, description);

      if (row_add (GTK_GRID (row < FIRST_ROWS ? self->rows : self->more_rows), row, description, value, row_changed_cb, self))
        row++;
    }
  gtk_widget_show_all (self->rows);
  gtk_widget_show_all (self->more_rows);
  gtk_widget_set_visible (self->rows, row > 0);
  gtk_widget_set_visible (self->more, row > FIRST_ROWS);
  self->updating = FALSE;
}

static void
overlay_changed_cb (Page *self)
{
  g_autoptr (GVariant) overlay = NULL;

  if (self->updating)
    return;
  overlay = chosen_overlay (self);
  if (overlay == NULL)
    return;
  fill_rows (self);
  self->events.map_wanted (self->data);
}

static void
encode_clicked_cb (Page *self)
{
  self->events.encode (self->data);
}

static void
cancel_clicked_cb (Page *self)
{
  self->events.cancel (self->data);
}

static void
look_changed_cb (Page *self)
{
  self->events.look_changed (self->data);
}

static gboolean
draw_bar_cb (GtkWidget *widget, cairo_t *cr, Page *self)
{
  int              width = gtk_widget_get_allocated_width (widget);
  int              height = gtk_widget_get_allocated_height (widget);
  gsize            size = 0;
  const guint8    *ramp = self->ramp != NULL ? g_bytes_get_data (self->ramp, &size) : NULL;
  const gsize      n = size / 3;
  cairo_pattern_t *gradient;

  if (n < 2)
    return FALSE;
  gradient = cairo_pattern_create_linear (0, 0, width, 0);
  for (gsize i = 0; i < n; i++)
    cairo_pattern_add_color_stop_rgb (gradient, (double) i / (double) (n - 1), ramp[3 * i] / 255.0, ramp[3 * i + 1] / 255.0, ramp[3 * i + 2] / 255.0);
  cairo_set_source (cr, gradient);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  cairo_pattern_destroy (gradient);
  return FALSE;
}

static GtkWidget *
new_text (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  if (style != NULL)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), style);
  return label;
}

static GtkWidget *
new_box (GtkOrientation orientation, int spacing)
{
  return gtk_box_new (orientation, spacing);
}

static void
add (GtkWidget *box, GtkWidget *child)
{
  gtk_box_pack_start (GTK_BOX (box), child, FALSE, FALSE, 0);
}

/* Button, progress and what is to be said of a run. */
static GtkWidget *
new_run_box (Page *self)
{
  GtkWidget *box = new_box (GTK_ORIENTATION_VERTICAL, SPACING);

  self->encode = gtk_button_new_with_mnemonic (_ ("_Encode This Picture"));
  gtk_style_context_add_class (gtk_widget_get_style_context (self->encode), GTK_STYLE_CLASS_SUGGESTED_ACTION);
  gtk_widget_set_name (self->encode, "dinoscope-encode");
  g_signal_connect_swapped (self->encode, "clicked", G_CALLBACK (encode_clicked_cb), self);
  self->progress = gtk_progress_bar_new ();
  gtk_widget_set_valign (self->progress, GTK_ALIGN_CENTER);
  self->cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));
  gtk_widget_set_name (self->cancel, "dinoscope-cancel");
  g_signal_connect_swapped (self->cancel, "clicked", G_CALLBACK (cancel_clicked_cb), self);
  self->status = new_text ("", NULL);
  gtk_widget_set_name (self->status, "dinoscope-status");
  add (box, self->encode);
  add (box, self->progress);
  add (box, self->cancel);
  add (box, self->status);
  return box;
}

static void
attach (GtkGrid *grid, int row, const char *text, GtkWidget *widget)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), widget);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, widget, 1, row, 1, 1);
}

static GtkWidget *
new_grid (void)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), MARGIN);
  gtk_grid_set_row_spacing (GTK_GRID (grid), SPACING);
  return grid;
}

static GtkWidget *
new_look_grid (Page *self)
{
  GtkWidget *grid = new_grid ();

  self->shown = gtk_switch_new ();
  gtk_switch_set_active (GTK_SWITCH (self->shown), TRUE);
  gtk_widget_set_halign (self->shown, GTK_ALIGN_START);
  gtk_widget_set_name (self->shown, "dinoscope-shown");
  g_signal_connect_swapped (self->shown, "notify::active", G_CALLBACK (look_changed_cb), self);
  self->opacity = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, 0.05);
  gtk_scale_set_draw_value (GTK_SCALE (self->opacity), FALSE);
  gtk_range_set_value (GTK_RANGE (self->opacity), 0.5);
  gtk_widget_set_hexpand (self->opacity, TRUE);
  gtk_widget_set_name (self->opacity, "dinoscope-opacity");
  g_signal_connect_swapped (self->opacity, "value-changed", G_CALLBACK (look_changed_cb), self);
  attach (GTK_GRID (grid), 0, _ ("_Show map"), self->shown);
  attach (GTK_GRID (grid), 1, _ ("O_pacity"), self->opacity);
  return grid;
}

static GtkWidget *
new_scale_box (Page *self)
{
  GtkWidget *box = new_box (GTK_ORIENTATION_VERTICAL, SPACING / 2);
  GtkWidget *ends = new_box (GTK_ORIENTATION_HORIZONTAL, SPACING);

  self->bar = gtk_drawing_area_new ();
  gtk_widget_set_size_request (self->bar, -1, 12);
  g_signal_connect (self->bar, "draw", G_CALLBACK (draw_bar_cb), self);
  self->low = new_text ("", NULL);
  self->high = new_text ("", NULL);
  gtk_box_pack_start (GTK_BOX (ends), self->low, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (ends), self->high, FALSE, FALSE, 0);
  add (box, self->bar);
  add (box, ends);
  gtk_widget_show_all (box);
  gtk_widget_set_no_show_all (box, TRUE);
  return box;
}

static GtkWidget *
new_controls (Page *self)
{
  GtkWidget *box = new_box (GTK_ORIENTATION_VERTICAL, MARGIN);

  self->overlay = gtk_combo_box_text_new ();
  gtk_widget_set_name (self->overlay, "dinoscope-overlay");
  gtk_widget_set_tooltip_text (self->overlay, _ ("Which map"));
  g_signal_connect_swapped (self->overlay, "changed", G_CALLBACK (overlay_changed_cb), self);
  self->rows = new_grid ();
  self->more_rows = new_grid ();
  gtk_widget_set_margin_top (self->more_rows, SPACING);
  self->more = gtk_expander_new_with_mnemonic (_ ("_More"));
  gtk_container_add (GTK_CONTAINER (self->more), self->more_rows);
  self->scale = new_scale_box (self);
  self->legend = new_text ("", GTK_STYLE_CLASS_DIM_LABEL);
  add (box, new_look_grid (self));
  add (box, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  add (box, self->overlay);
  add (box, self->scale);
  add (box, self->rows);
  add (box, self->more);
  add (box, self->legend);
  return box;
}

/* In sight with what is worked with: below what scrolls, or above it all. */
static GtkWidget *
new_encoder_box (Page *self)
{
  GtkWidget *box = new_box (GTK_ORIENTATION_VERTICAL, SPACING / 2);

  self->encoder = new_text ("", GTK_STYLE_CLASS_DIM_LABEL);
  gtk_widget_set_name (self->encoder, "dinoscope-encoder");
  add (box, self->encoder);
  add (box, new_text (_ ("For research only. Not for clinical use."), NULL));
  gtk_container_set_border_width (GTK_CONTAINER (box), MARGIN);
  return box;
}

static void
build (Page *self, gboolean scrolls)
{
  GtkWidget *content = new_box (GTK_ORIENTATION_VERTICAL, MARGIN);

  self->run = new_run_box (self);
  add (content, self->run);
  self->controls = new_controls (self);
  add (content, self->controls);
  gtk_container_set_border_width (GTK_CONTAINER (content), MARGIN);
  self->root = g_object_ref_sink (new_box (GTK_ORIENTATION_VERTICAL, 0));
  gtk_widget_set_name (self->root, "dinoscope-page");
  if (scrolls)
    {
      GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);

      gtk_widget_set_size_request (self->root, WIDTH, -1);
      gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
      gtk_container_add (GTK_CONTAINER (scrolled), content);
      gtk_box_pack_start (GTK_BOX (self->root), scrolled, TRUE, TRUE, 0);
      add (self->root, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
      add (self->root, new_encoder_box (self));
    }
  else
    {
      add (self->root, new_encoder_box (self));
      add (self->root, content);
    }
  gtk_widget_show_all (self->root);
  gtk_widget_hide (self->encoder);
}

static void
unref_value (gpointer value)
{
  if (value != NULL)
    g_variant_unref (value);
}

Page *
page_new (gboolean scrolls, const PageEvents *events, gpointer data)
{
  Page *self = g_new0 (Page, 1);

  self->events = *events;
  self->data = data;
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_value);
  build (self, scrolls);
  page_set_map (self, NULL);
  page_set_state (self, PAGE_EMPTY);
  return self;
}

void
page_free (Page *self)
{
  self->updating = TRUE;
  gtk_widget_destroy (self->root);
  g_object_unref (self->root);
  g_clear_pointer (&self->overlays, g_variant_unref);
  g_clear_pointer (&self->ramp, g_bytes_unref);
  g_hash_table_unref (self->values);
  g_free (self);
}

GtkWidget *
page_get_widget (Page *self)
{
  return self->root;
}

/* Nothing in it, no gap above what follows. */
static void
show_run (Page *self)
{
  gtk_widget_set_visible (self->run, !gtk_widget_get_visible (self->controls) || gtk_widget_get_visible (self->status));
}

void
page_set_state (Page *self, PageState state)
{
  gtk_widget_set_visible (self->encode, state == PAGE_EMPTY || state == PAGE_READY);
  gtk_widget_set_sensitive (self->encode, state == PAGE_READY);
  gtk_widget_set_visible (self->progress, state == PAGE_RUNNING);
  gtk_widget_set_visible (self->cancel, state == PAGE_RUNNING);
  gtk_widget_set_visible (self->controls, state == PAGE_ENCODED);
  show_run (self);
}

void
page_set_progress (Page *self, guint done, guint total)
{
  if (total == 0)
    gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->progress));
  else
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), MIN (1, (double) done / total));
}

void
page_set_status (Page *self, const char *text, gboolean is_problem)
{
  GtkStyleContext *style = gtk_widget_get_style_context (self->status);

  if (is_problem)
    gtk_style_context_add_class (style, GTK_STYLE_CLASS_ERROR);
  else
    gtk_style_context_remove_class (style, GTK_STYLE_CLASS_ERROR);
  gtk_label_set_text (GTK_LABEL (self->status), text);
  gtk_widget_set_visible (self->status, *text != '\0');
  show_run (self);
}

void
page_set_encoder (Page *self, const char *text)
{
  gtk_label_set_text (GTK_LABEL (self->encoder), text);
  gtk_widget_set_visible (self->encoder, *text != '\0');
}

void
page_set_overlays (Page *self, GVariant *overlays)
{
  g_autofree char *before = g_strdup (gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->overlay)));

  self->updating = TRUE;
  g_clear_pointer (&self->overlays, g_variant_unref);
  self->overlays = g_variant_ref (overlays);
  gtk_combo_box_text_remove_all (GTK_COMBO_BOX_TEXT (self->overlay));
  for (gsize i = 0; i < g_variant_n_children (overlays); i++)
    {
      g_autoptr (GVariant) overlay = g_variant_get_child_value (overlays, i);
      g_autofree char     *id = lookup_text (overlay, "id");
      g_autofree char     *title = lookup_text (overlay, "title");

      gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->overlay), id, title);
    }
  if (before == NULL || !gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->overlay), before))
    gtk_combo_box_set_active (GTK_COMBO_BOX (self->overlay), 0);
  self->updating = FALSE;
  fill_rows (self);
}

/* Only what was chosen: defaults are the overlay's business. */
static GVariant *
chosen_values (Page *self, GVariant *overlay)
{
  g_autoptr (GVariant) parameters = g_variant_lookup_value (overlay, "parameters", G_VARIANT_TYPE ("aa{sv}"));
  gsize                n = parameters != NULL ? g_variant_n_children (parameters) : 0;
  GVariantDict         values;

  g_variant_dict_init (&values, NULL);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) description = g_variant_get_child_value (parameters, i);
      g_autoptr (GVariant) value = value_of (self, description);
      g_autofree char     *name = lookup_text (description, "name");

      if (value != NULL)
        g_variant_dict_insert_value (&values, name, value);
    }
  return g_variant_dict_end (&values);
}

GVariant *
page_get_choice (Page *self)
{
  g_autoptr (GVariant) overlay = chosen_overlay (self);
  g_autofree char     *id = overlay != NULL ? lookup_text (overlay, "id") : NULL;
  GVariantDict         choice;

  if (overlay == NULL)
    return NULL;
  g_variant_dict_init (&choice, NULL);
  g_variant_dict_insert (&choice, "overlay", "s", id);
  g_variant_dict_insert_value (&choice, "parameters", chosen_values (self, overlay));
  return g_variant_dict_end (&choice);
}

static void
show_number (GtkWidget *label, double value, const char *unit)
{
  g_autofree char *text = *unit != '\0' ? g_strdup_printf ("%.3g %s", value, unit) : g_strdup_printf ("%.3g", value);

  gtk_label_set_text (GTK_LABEL (label), text);
}

void
page_set_map (Page *self, const Map *map)
{
  g_clear_pointer (&self->ramp, g_bytes_unref);
  if (map != NULL && map->ramp != NULL)
    {
      self->ramp = g_bytes_ref (map->ramp);
      show_number (self->low, map->low, "");
      show_number (self->high, map->high, map->unit);
    }
  gtk_widget_set_visible (self->scale, self->ramp != NULL);
  gtk_widget_queue_draw (self->bar);
  gtk_label_set_text (GTK_LABEL (self->legend), map != NULL ? map->legend : "");
  gtk_widget_set_tooltip_text (self->bar, map != NULL ? map->title : NULL);
}

double
page_get_opacity (Page *self)
{
  return gtk_range_get_value (GTK_RANGE (self->opacity));
}

gboolean
page_get_map_shown (Page *self)
{
  return gtk_switch_get_active (GTK_SWITCH (self->shown));
}
