#include "app/dinoscope-color-bar.h"

#include <glib/gi18n-lib.h>

#include "render/bar.h"

#define MINIMUM_WIDTH 120
#define NATURAL_WIDTH 260
/* Three bars, each with its numbers. */
#define NATURAL_WIDTH_OF_COMPONENTS 450
#define HEIGHT 44

struct _DinoscopeColorBar
{
  GtkWidget parent_instance;

  DinoscopeMap         *map;
  struct dino_map_style style;
};

G_DEFINE_FINAL_TYPE (DinoscopeColorBar, dinoscope_color_bar, GTK_TYPE_WIDGET)

static void
dinoscope_color_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  DinoscopeColorBar *self = DINOSCOPE_COLOR_BAR (widget);
  gboolean           horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;
  gboolean           components = self->map != NULL && dinoscope_map_get_channels (self->map) > 1;

  *minimum = horizontal ? MINIMUM_WIDTH : HEIGHT;
  *natural = !horizontal ? HEIGHT : components ? NATURAL_WIDTH_OF_COMPONENTS
                                               : NATURAL_WIDTH;
}

static void
dinoscope_color_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DinoscopeColorBar *self = DINOSCOPE_COLOR_BAR (widget);
  int                width = gtk_widget_get_width (widget);
  int                height = gtk_widget_get_height (widget);
  GdkRGBA            color;
  cairo_t           *cr;

  if (self->map == NULL)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  dino_bar_draw (cr,
                 dinoscope_map_get_core (self->map),
                 &self->style,
                 width,
                 height,
                 (const double[]){ (double) color.red, (double) color.green, (double) color.blue });
  cairo_destroy (cr);
}

static void
dinoscope_color_bar_dispose (GObject *object)
{
  DinoscopeColorBar *self = DINOSCOPE_COLOR_BAR (object);

  g_clear_object (&self->map);

  G_OBJECT_CLASS (dinoscope_color_bar_parent_class)->dispose (object);
}

static void
dinoscope_color_bar_class_init (DinoscopeColorBarClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dinoscope_color_bar_dispose;
  widget_class->measure = dinoscope_color_bar_measure;
  widget_class->snapshot = dinoscope_color_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "dinoscope-color-bar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
dinoscope_color_bar_init (DinoscopeColorBar *self)
{
  dino_map_style_init (&self->style);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
update_description (DinoscopeColorBar *self)
{
  const struct dino_map *core = dinoscope_map_get_core (self->map);
  g_autofree char       *description = NULL;
  double                 low, high;

  if (core->channels == 1)
    {
      dino_map_style_range (&self->style, core, &low, &high);
      if (*core->unit != '\0')
        description = g_strdup_printf (_ ("%s: %g to %g %s"), core->title, low, high, core->unit);
      else
        description = g_strdup_printf (_ ("%s: %g to %g"), core->title, low, high);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Colour bar"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description != NULL ? description : core->title,
                                  -1);
}

GtkWidget *
dinoscope_color_bar_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_COLOR_BAR, NULL);
}

void
dinoscope_color_bar_set_map (DinoscopeColorBar *self, DinoscopeMap *map, const struct dino_map_style *style)
{
  g_return_if_fail (DINOSCOPE_IS_COLOR_BAR (self));
  g_return_if_fail (map == NULL || (DINOSCOPE_IS_MAP (map) && style != NULL));

  g_set_object (&self->map, map);
  if (map != NULL)
    {
      self->style = *style;
      update_description (self);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), map != NULL);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
