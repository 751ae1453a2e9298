#include "app/dinoscope-board-private.h"

enum
{
  PROP_CURRENT = 1,
  PROP_N_PAGES,
  PROP_TITLE,
  PROP_LINKED,
  PROP_SLIDER,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (DinoscopeBoard, dinoscope_board, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

DinoscopeCell *
dinoscope_board_get_cell (DinoscopeBoard *self, guint index)
{
  return self->cells->pdata[index];
}

DinoscopeBoardTold *
dinoscope_board_get_told (DinoscopeBoard *self, DinoscopeCell *cell)
{
  return g_hash_table_lookup (self->told, cell);
}

static char *
dup_title (DinoscopeBoard *self)
{
  GString *title = g_string_new (NULL);

  for (guint i = 0; i < self->cells->len; i++)
    g_string_append_printf (title, "%s%s", i > 0 ? " | " : "", dinoscope_page_get_title (dinoscope_board_get_page (self, i)));
  return g_string_free (title, FALSE);
}

static void
title_changed_cb (DinoscopeBoard *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
dinoscope_board_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  dinoscope_board_measure_views (DINOSCOPE_BOARD (widget), orientation, minimum, natural);
}

static void
dinoscope_board_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  dinoscope_board_allocate_views (DINOSCOPE_BOARD (widget), width, height);
}

static gboolean
dinoscope_board_grab_focus (GtkWidget *widget)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (widget);

  return self->current != NULL && gtk_widget_grab_focus (GTK_WIDGET (self->current));
}

static void
dinoscope_board_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (object);

  switch (id)
    {
    case PROP_CURRENT:
      g_value_set_object (value, self->current);
      break;
    case PROP_N_PAGES:
      g_value_set_uint (value, self->cells->len);
      break;
    case PROP_TITLE:
      g_value_take_string (value, dup_title (self));
      break;
    case PROP_LINKED:
      g_value_set_boolean (value, self->linked);
      break;
    case PROP_SLIDER:
      g_value_set_boolean (value, self->slider);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_linked (DinoscopeBoard *self, gboolean linked)
{
  if (self->linked == linked)
    return;
  self->linked = linked;
  for (guint i = 0; i < self->cells->len; i++)
    if (dinoscope_board_get_page (self, i) != self->current)
      dinoscope_board_join (self, dinoscope_board_get_page (self, i));
  dinoscope_board_update_scale (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LINKED]);
}

static void
set_slider (DinoscopeBoard *self, gboolean slider)
{
  if (self->slider == slider)
    return;
  self->slider = slider;
  dinoscope_board_update_cells (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SLIDER]);
}

static void
dinoscope_board_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (object);

  switch (id)
    {
    case PROP_LINKED:
      set_linked (self, g_value_get_boolean (value));
      break;
    case PROP_SLIDER:
      set_slider (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* What a page that is closed still tells concerns nobody. */
static void
disconnect (DinoscopeBoard *self, DinoscopeCell *cell)
{
  DinoscopePage *page = dinoscope_cell_get_page (cell);

  g_signal_handlers_disconnect_by_data (page, self);
  g_signal_handlers_disconnect_by_data (page, cell);
  g_signal_handlers_disconnect_by_data (dinoscope_page_get_canvas (page), cell);
  g_signal_handlers_disconnect_by_data (dinoscope_page_get_greys (page), cell);
}

static void
dinoscope_board_dispose (GObject *object)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (object);

  dinoscope_board_close (self);
  while (self->cells->len > 0)
    {
      disconnect (self, dinoscope_board_get_cell (self, self->cells->len - 1));
      gtk_widget_unparent (g_ptr_array_steal_index (self->cells, self->cells->len - 1));
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_BOARD);
  g_clear_object (&self->current);
  g_clear_object (&self->settings);
  g_clear_object (&self->preparation);

  G_OBJECT_CLASS (dinoscope_board_parent_class)->dispose (object);
}

static void
dinoscope_board_finalize (GObject *object)
{
  g_ptr_array_unref (DINOSCOPE_BOARD (object)->cells);
  g_hash_table_unref (DINOSCOPE_BOARD (object)->told);

  G_OBJECT_CLASS (dinoscope_board_parent_class)->finalize (object);
}

static void
divider_moved_cb (DinoscopeBoard *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    dinoscope_page_queue_place (dinoscope_board_get_page (self, i));
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
dinoscope_board_class_init (DinoscopeBoardClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass   *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dinoscope_board_get_property;
  object_class->set_property = dinoscope_board_set_property;
  object_class->dispose = dinoscope_board_dispose;
  object_class->finalize = dinoscope_board_finalize;
  widget_class->measure = dinoscope_board_measure;
  widget_class->size_allocate = dinoscope_board_size_allocate;
  widget_class->grab_focus = dinoscope_board_grab_focus;

  properties[PROP_CURRENT] = g_param_spec_object ("current", NULL, NULL, DINOSCOPE_TYPE_PAGE, flags);
  properties[PROP_N_PAGES] = g_param_spec_uint ("n-pages", NULL, NULL, 0, DINOSCOPE_BOARD_MAX_PAGES, 0, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_LINKED] = g_param_spec_boolean ("linked", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SLIDER] = g_param_spec_boolean ("slider", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "dinoscope-board");
  g_type_ensure (DINOSCOPE_TYPE_DIVIDER);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-board.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeBoard, divider);
  gtk_widget_class_bind_template_callback (widget_class, divider_moved_cb);
}

static void
dinoscope_board_init (DinoscopeBoard *self)
{
  self->cells = g_ptr_array_new ();
  self->told = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->linked = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

DinoscopeBoard *
dinoscope_board_new (DinoscopePage *page)
{
  DinoscopeBoard *self = g_object_new (DINOSCOPE_TYPE_BOARD, NULL);

  dinoscope_board_add_page (self, page);
  return self;
}

static void
entered_cb (DinoscopeBoard *self, DinoscopeCell *cell)
{
  dinoscope_board_set_current (self, dinoscope_cell_get_page (cell));
}

static void
close_cb (DinoscopeBoard *self, DinoscopeCell *cell)
{
  dinoscope_board_remove_page (self, dinoscope_cell_get_page (cell));
}

static void
count_changed (DinoscopeBoard *self)
{
  dinoscope_board_update_cells (self);
  dinoscope_board_update_references (self);
  dinoscope_board_update_scale (self);
  dinoscope_board_update_words (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_PAGES]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

void
dinoscope_board_add_page (DinoscopeBoard *self, DinoscopePage *page)
{
  DinoscopeCell *cell;

  g_return_if_fail (DINOSCOPE_IS_BOARD (self));
  g_return_if_fail (DINOSCOPE_IS_PAGE (page));

  if (self->closed || self->cells->len >= DINOSCOPE_BOARD_MAX_PAGES)
    return;
  cell = dinoscope_cell_new (page);
  /* The divider lies over them. */
  gtk_widget_insert_before (GTK_WIDGET (cell), GTK_WIDGET (self), GTK_WIDGET (self->divider));
  g_ptr_array_add (self->cells, cell);
  g_hash_table_insert (self->told, cell, g_new0 (DinoscopeBoardTold, 1));
  g_signal_connect_object (cell, "entered", G_CALLBACK (entered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (cell, "close", G_CALLBACK (close_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "notify::title", G_CALLBACK (title_changed_cb), self, G_CONNECT_SWAPPED);
  dinoscope_board_connect_links (self, cell);
  dinoscope_board_connect_references (self, cell);
  dinoscope_board_connect_words (self, cell);
  if (self->settings != NULL)
    dinoscope_page_set_settings (page, self->settings);
  if (self->preparation != NULL)
    dinoscope_page_set_preparation (page, self->preparation);
  if (self->current == NULL)
    dinoscope_board_set_current (self, page);
  dinoscope_page_set_active (page, self->active);
  count_changed (self);
}

guint
dinoscope_board_get_n_pages (DinoscopeBoard *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_BOARD (self), 0);

  return self->cells->len;
}

DinoscopePage *
dinoscope_board_get_page (DinoscopeBoard *self, guint index)
{
  g_return_val_if_fail (DINOSCOPE_IS_BOARD (self), NULL);
  g_return_val_if_fail (index < self->cells->len, NULL);

  return dinoscope_cell_get_page (dinoscope_board_get_cell (self, index));
}

/* The page's place, or the number of pages. */
static guint
find_page (DinoscopeBoard *self, DinoscopePage *page)
{
  guint i = 0;

  while (i < self->cells->len && dinoscope_board_get_page (self, i) != page)
    i++;
  return i;
}

gboolean
dinoscope_board_has_page (DinoscopeBoard *self, DinoscopePage *page)
{
  g_return_val_if_fail (DINOSCOPE_IS_BOARD (self), FALSE);

  return find_page (self, page) < self->cells->len;
}

void
dinoscope_board_remove_page (DinoscopeBoard *self, DinoscopePage *page)
{
  g_autoptr (DinoscopePage) kept = NULL;
  DinoscopeCell            *cell;
  guint                     index;

  g_return_if_fail (DINOSCOPE_IS_BOARD (self));

  index = find_page (self, page);
  if (index == self->cells->len || self->cells->len == 1)
    return;
  g_set_object (&kept, page);
  cell = dinoscope_board_get_cell (self, index);
  g_ptr_array_remove_index (self->cells, index);
  g_hash_table_remove (self->told, cell);
  if (self->current == page)
    dinoscope_board_set_current (self, dinoscope_board_get_page (self, MIN (index, self->cells->len - 1)));
  disconnect (self, cell);
  dinoscope_page_set_active (page, FALSE);
  dinoscope_page_close (page);
  dinoscope_cell_release_page (cell);
  gtk_widget_unparent (GTK_WIDGET (cell));
  count_changed (self);
}

DinoscopePage *
dinoscope_board_get_current (DinoscopeBoard *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_BOARD (self), NULL);

  return self->current;
}

void
dinoscope_board_set_current (DinoscopeBoard *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_BOARD (self));
  g_return_if_fail (dinoscope_board_has_page (self, page));

  if (!g_set_object (&self->current, page))
    return;
  dinoscope_board_update_cells (self);
  dinoscope_board_update_references (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT]);
}

void
dinoscope_board_set_settings (DinoscopeBoard *self, DinoscopeOverlaySettings *settings, DinoscopePreparationSettings *preparation)
{
  g_return_if_fail (DINOSCOPE_IS_BOARD (self));

  g_set_object (&self->settings, settings);
  g_set_object (&self->preparation, preparation);
  for (guint i = 0; i < self->cells->len; i++)
    {
      dinoscope_page_set_settings (dinoscope_board_get_page (self, i), settings);
      dinoscope_page_set_preparation (dinoscope_board_get_page (self, i), preparation);
    }
}

void
dinoscope_board_set_active (DinoscopeBoard *self, gboolean active)
{
  g_return_if_fail (DINOSCOPE_IS_BOARD (self));

  self->active = active;
  for (guint i = 0; i < self->cells->len; i++)
    dinoscope_page_set_active (dinoscope_board_get_page (self, i), active);
}

void
dinoscope_board_close (DinoscopeBoard *self)
{
  g_return_if_fail (DINOSCOPE_IS_BOARD (self));

  self->closed = TRUE;
  for (guint i = 0; i < self->cells->len; i++)
    dinoscope_page_close (dinoscope_board_get_page (self, i));
}

void
dinoscope_board_step (DinoscopeBoard *self, int steps)
{
  int n, index;

  g_return_if_fail (DINOSCOPE_IS_BOARD (self));

  n = (int) self->cells->len;
  index = (int) find_page (self, self->current);
  dinoscope_board_set_current (self, dinoscope_board_get_page (self, (guint) (((index + steps) % n + n) % n)));
}

void
dinoscope_board_show_preparation (DinoscopeBoard *self, DinoscopePage *page)
{
  guint index;

  g_return_if_fail (DINOSCOPE_IS_BOARD (self));

  index = find_page (self, page);
  if (index < self->cells->len)
    dinoscope_cell_show_preparation (dinoscope_board_get_cell (self, index));
}

DinoscopeBoard *
dinoscope_board_of (DinoscopePage *page)
{
  return DINOSCOPE_BOARD (gtk_widget_get_ancestor (GTK_WIDGET (page), DINOSCOPE_TYPE_BOARD));
}
