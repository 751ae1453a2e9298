#include "app/dinoscope-strip-cell.h"

#include <glib/gi18n-lib.h>

#include "core/base/memory.h"
#include "core/maps/draw.h"

/* The map's longer side, in device-independent pixels. */
#define SIDE 96

struct _DinoscopeStripCell
{
  GtkWidget parent_instance;

  char         *title;
  GVariant     *value;
  DinoscopeMap *map;
  char         *problem;
  gboolean      chosen;

  GtkWidget  *frame;
  GtkPicture *picture;
  GtkLabel   *title_label;
  GtkLabel   *range_label;
};

enum
{
  SIGNAL_ACTIVATED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (DinoscopeStripCell, dinoscope_strip_cell, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static void
activate (DinoscopeStripCell *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

static void
activate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  activate (DINOSCOPE_STRIP_CELL (widget));
}

static void
released_cb (DinoscopeStripCell *self, int n_press, double x, double y)
{
  if (gtk_widget_contains (GTK_WIDGET (self), x, y))
    activate (self);
}

/* "Head 3, chosen": what a screen reader says. */
static void
update_words (DinoscopeStripCell *self)
{
  const char      *state = self->map != NULL ? NULL : self->problem != NULL ? self->problem
                                                                            : _ ("not computed yet");
  g_autofree char *named = self->chosen ? g_strdup_printf (_ ("%s, chosen"), self->title) : g_strdup (self->title);
  g_autofree char *words = state != NULL ? g_strdup_printf (_ ("%s, %s"), named, state) : g_strdup (named);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), words);
}

static void
dinoscope_strip_cell_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DINOSCOPE_TYPE_STRIP_CELL);

  G_OBJECT_CLASS (dinoscope_strip_cell_parent_class)->dispose (object);
}

static void
dinoscope_strip_cell_finalize (GObject *object)
{
  DinoscopeStripCell *self = DINOSCOPE_STRIP_CELL (object);

  g_free (self->title);
  g_free (self->problem);
  g_clear_pointer (&self->value, g_variant_unref);
  g_clear_object (&self->map);

  G_OBJECT_CLASS (dinoscope_strip_cell_parent_class)->finalize (object);
}

static void
dinoscope_strip_cell_class_init (DinoscopeStripCellClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dinoscope_strip_cell_dispose;
  object_class->finalize = dinoscope_strip_cell_finalize;

  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", DINOSCOPE_TYPE_STRIP_CELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "strip-cell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-strip-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStripCell, frame);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStripCell, picture);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStripCell, title_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStripCell, range_label);
  gtk_widget_class_bind_template_callback (widget_class, released_cb);
  gtk_widget_class_install_action (widget_class, "cell.choose", NULL, activate_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, 0, "cell.choose", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, 0, "cell.choose", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, 0, "cell.choose", NULL);
}

static void
dinoscope_strip_cell_init (DinoscopeStripCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
dinoscope_strip_cell_new (const char *title, GVariant *value)
{
  DinoscopeStripCell *self = g_object_new (DINOSCOPE_TYPE_STRIP_CELL, NULL);

  self->title = g_strdup (title);
  self->value = g_variant_ref_sink (value);
  gtk_label_set_text (self->title_label, title);
  update_words (self);
  return GTK_WIDGET (self);
}

GVariant *
dinoscope_strip_cell_get_value (DinoscopeStripCell *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRIP_CELL (self), NULL);

  return self->value;
}

DinoscopeMap *
dinoscope_strip_cell_get_map (DinoscopeStripCell *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRIP_CELL (self), NULL);

  return self->map;
}

gboolean
dinoscope_strip_cell_is_chosen (DinoscopeStripCell *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRIP_CELL (self), FALSE);

  return self->chosen;
}

void
dinoscope_strip_cell_set_map (DinoscopeStripCell *self, DinoscopeMap *map)
{
  g_return_if_fail (DINOSCOPE_IS_STRIP_CELL (self));

  if (!g_set_object (&self->map, map))
    return;
  if (map == NULL)
    {
      gtk_picture_set_paintable (self->picture, NULL);
      gtk_widget_set_visible (GTK_WIDGET (self->range_label), FALSE);
    }
  update_words (self);
}

void
dinoscope_strip_cell_set_chosen (DinoscopeStripCell *self, gboolean chosen)
{
  g_return_if_fail (DINOSCOPE_IS_STRIP_CELL (self));

  if (self->chosen == chosen)
    return;
  self->chosen = chosen;
  if (chosen)
    gtk_widget_add_css_class (GTK_WIDGET (self), "chosen");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "chosen");
  update_words (self);
}

void
dinoscope_strip_cell_set_problem (DinoscopeStripCell *self, const char *problem)
{
  g_return_if_fail (DINOSCOPE_IS_STRIP_CELL (self));

  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  update_words (self);
}

/* The whole of what the model saw, the longer side SIDE; NULL when it cannot be drawn. */
static GdkTexture *
make_texture (DinoscopeStripCell *self, const struct dino_map_style *style, int width, int height)
{
  const struct dino_map *map = dinoscope_map_get_core (self->map);
  gsize                  size = (gsize) width * height * 4;
  guint8                *rgba = dino_alloc (size, 1, NULL);
  g_autoptr (GBytes)     pixels = NULL;

  if (rgba == NULL)
    return NULL;
  pixels = g_bytes_new_with_free_func (rgba, size, dino_free, rgba);
  if (!dino_map_draw (map, style, NULL, 0, 0, map->seen, rgba, width, height, NULL, NULL))
    return NULL;
  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, pixels, (gsize) width * 4);
}

void
dinoscope_strip_cell_draw (DinoscopeStripCell *self, const struct dino_map_style *style, const char *range)
{
  const struct dino_map *map;
  g_autoptr (GdkTexture) texture = NULL;
  int                    scale, width = SIDE, height = SIDE;
  double                 aspect;

  g_return_if_fail (DINOSCOPE_IS_STRIP_CELL (self));

  if (self->map == NULL)
    return;
  map = dinoscope_map_get_core (self->map);
  aspect = (map->seen.x1 - map->seen.x0) / (map->seen.y1 - map->seen.y0);
  if (aspect > 1)
    height = MAX ((int) (SIDE / aspect + 0.5), 1);
  else
    width = MAX ((int) (SIDE * aspect + 0.5), 1);
  scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  texture = make_texture (self, style, width * scale, height * scale);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), width, height);
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_label_set_text (self->range_label, range != NULL ? range : "");
  gtk_widget_set_visible (GTK_WIDGET (self->range_label), range != NULL);
}
