#include "app/dinoscope-scatter-legend.h"

#include <glib/gi18n-lib.h>

#include "core/maps/colormap.h"
#include "render/label.h"

#define SIDE 14
#define BAR_WIDTH 120
#define BAR_HEIGHT 12

static void
draw_class_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  const int number = GPOINTER_TO_INT (data);
  double    rgb[3];

  dino_scatter_class_color (number, rgb);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  dino_scatter_add_shape (cr, dino_scatter_class_shape (number), width / 2.0, height / 2.0, 4.5);
  cairo_fill (cr);
}

static void
draw_scale_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  for (int x = 0; x < width; x++)
    {
      guint8 rgb[3];

      dino_colormap_lookup (dino_colormap_find ("viridis"), x / MAX (width - 1.0, 1), rgb);
      cairo_set_source_rgb (cr, rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0);
      cairo_rectangle (cr, x, 0, 1, height);
      cairo_fill (cr);
    }
}

static GtkWidget *
new_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
new_line (int number, const char *name, gsize count)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *area = gtk_drawing_area_new ();
  g_autofree char *text = g_strdup_printf ("%s (%zu)", name, count);

  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), SIDE);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), SIDE);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_class_cb, GINT_TO_POINTER (number), NULL);
  gtk_widget_set_valign (area, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), area);
  gtk_box_append (GTK_BOX (box), new_label (text, NULL));
  return box;
}

static GtkWidget *
new_scale (const struct dino_scatter_column *column)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *area = gtk_drawing_area_new ();
  char       low[DINO_LABEL_LENGTH], high[DINO_LABEL_LENGTH];

  dino_label_format (low, dino_label_round (column->low));
  dino_label_format (high, dino_label_round (column->high));
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), BAR_WIDTH);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), BAR_HEIGHT);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_scale_cb, NULL, NULL);
  gtk_widget_set_valign (area, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), new_label (low, NULL));
  gtk_box_append (GTK_BOX (box), area);
  gtk_box_append (GTK_BOX (box), new_label (high, NULL));
  return box;
}

GtkWidget *
dinoscope_scatter_legend_new (const struct dino_scatter_column *column)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_append (GTK_BOX (box), new_label (column->title, "heading"));
  if (column->numeric)
    gtk_box_append (GTK_BOX (box), new_scale (column));
  for (int i = 0; i < column->n_classes; i++)
    gtk_box_append (GTK_BOX (box), new_line (i, column->names[i], column->counts[i]));
  if (column->n_without > 0)
    gtk_box_append (GTK_BOX (box), new_line (-1, _ ("not known"), column->n_without));
  return box;
}
