#include "app/dinoscope-board-private.h"

enum
{
  PROP_CURRENT = 1,
  PROP_N_PAGES,
  PROP_TITLE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (DinoscopeBoard, dinoscope_board, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

DinoscopeCell *
dinoscope_board_get_cell (DinoscopeBoard *self, guint index)
{
  return self->cells->pdata[index];
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

/* How many views are beside each other: all when there is room, else they go below one another. */
static guint
count_columns (DinoscopeBoard *self, int width)
{
  int minimum = 0;

  if (self->cells->len < 2)
    return 1;
  for (guint i = 0; i < self->cells->len; i++)
    {
      int own;

      gtk_widget_measure (GTK_WIDGET (dinoscope_board_get_cell (self, i)), GTK_ORIENTATION_HORIZONTAL, -1, &own, NULL, NULL, NULL);
      minimum = MAX (minimum, own);
    }
  return width >= 2 * minimum ? 2 : 1;
}

static void
dinoscope_board_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (widget);
  int             rows = ((int) self->cells->len + 1) / 2;

  *minimum = *natural = 0;
  for (guint i = 0; i < self->cells->len; i++)
    {
      int own_minimum, own_natural;

      gtk_widget_measure (GTK_WIDGET (dinoscope_board_get_cell (self, i)), orientation, -1, &own_minimum, &own_natural, NULL, NULL);
      *minimum = MAX (*minimum, own_minimum);
      *natural = MAX (*natural, own_natural);
    }
  if (orientation == GTK_ORIENTATION_VERTICAL && rows > 1)
    {
      *minimum *= rows;
      *natural *= rows;
    }
}

static void
dinoscope_board_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (widget);
  int             columns = (int) count_columns (self, width);
  int             rows = ((int) self->cells->len + columns - 1) / columns;

  for (int i = 0; i < (int) self->cells->len; i++)
    {
      int column = i % columns, row = i / columns;
      int x0 = width * column / columns, x1 = width * (column + 1) / columns;
      int y0 = height * row / rows, y1 = height * (row + 1) / rows;

      gtk_widget_size_allocate (GTK_WIDGET (dinoscope_board_get_cell (self, (guint) i)), &(GtkAllocation){ x0, y0, x1 - x0, y1 - y0 }, -1);
    }
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
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_board_dispose (GObject *object)
{
  DinoscopeBoard *self = DINOSCOPE_BOARD (object);

  dinoscope_board_close (self);
  while (self->cells->len > 0)
    gtk_widget_unparent (g_ptr_array_steal_index (self->cells, self->cells->len - 1));
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

  G_OBJECT_CLASS (dinoscope_board_parent_class)->finalize (object);
}

static void
dinoscope_board_class_init (DinoscopeBoardClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass   *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dinoscope_board_get_property;
  object_class->dispose = dinoscope_board_dispose;
  object_class->finalize = dinoscope_board_finalize;
  widget_class->measure = dinoscope_board_measure;
  widget_class->size_allocate = dinoscope_board_size_allocate;
  widget_class->grab_focus = dinoscope_board_grab_focus;

  properties[PROP_CURRENT] = g_param_spec_object ("current", NULL, NULL, DINOSCOPE_TYPE_PAGE, flags);
  properties[PROP_N_PAGES] = g_param_spec_uint ("n-pages", NULL, NULL, 0, DINOSCOPE_BOARD_MAX_PAGES, 0, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "dinoscope-board");
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-board.ui");
}

static void
dinoscope_board_init (DinoscopeBoard *self)
{
  self->cells = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

DinoscopeBoard *
dinoscope_board_new (DinoscopePage *page)
{
  DinoscopeBoard *self = g_object_new (DINOSCOPE_TYPE_BOARD, NULL);

  dinoscope_board_add_page (self, page);
  return self;
}

/* Lines and frames tell views apart, when there are several. */
static void
update_cells (DinoscopeBoard *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    {
      DinoscopeCell *cell = dinoscope_board_get_cell (self, i);

      dinoscope_cell_set_header_visible (cell, self->cells->len > 1);
      dinoscope_cell_set_current (cell, self->cells->len > 1 && dinoscope_cell_get_page (cell) == self->current);
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
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
  update_cells (self);
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
  gtk_widget_set_parent (GTK_WIDGET (cell), GTK_WIDGET (self));
  g_ptr_array_add (self->cells, cell);
  g_signal_connect_object (cell, "entered", G_CALLBACK (entered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (cell, "close", G_CALLBACK (close_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "notify::title", G_CALLBACK (title_changed_cb), self, G_CONNECT_SWAPPED);
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
  if (self->current == page)
    dinoscope_board_set_current (self, dinoscope_board_get_page (self, MIN (index, self->cells->len - 1)));
  dinoscope_page_set_active (page, FALSE);
  dinoscope_page_close (page);
  g_signal_handlers_disconnect_by_data (page, self);
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
  update_cells (self);
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

DinoscopeBoard *
dinoscope_board_of (DinoscopePage *page)
{
  return DINOSCOPE_BOARD (gtk_widget_get_ancestor (GTK_WIDGET (page), DINOSCOPE_TYPE_BOARD));
}
