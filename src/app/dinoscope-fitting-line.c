#include "app/dinoscope-fitting-line.h"

/* Device-independent pixels. */
#define SPACING 18

struct _DinoscopeFittingLine
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (DinoscopeFittingLine, dinoscope_fitting_line, GTK_TYPE_WIDGET)

static void
dinoscope_fitting_line_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  int size = 0, sum = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int child_size;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, orientation, -1, NULL, &child_size, NULL, NULL);
      size = MAX (size, child_size);
      sum += child_size + (sum > 0 ? SPACING : 0);
    }
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 0 : size;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? sum : size;
}

static void
place (GtkWidget *line, GtkWidget *child, int x, int width, int height)
{
  gboolean            is_right = gtk_widget_get_direction (line) == GTK_TEXT_DIR_RTL;
  const GtkAllocation allocation = { is_right ? gtk_widget_get_width (line) - x - width : x, 0, width, height };

  gtk_widget_size_allocate (child, &allocation, -1);
}

static void
dinoscope_fitting_line_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gboolean fits = TRUE;
  int      x = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int minimum, natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
      fits = fits && (x == 0 || x + natural <= width);
      gtk_widget_set_child_visible (child, fits);
      if (!fits)
        continue;
      place (widget, child, x, MAX (minimum, MIN (natural, width)), height);
      x += natural + SPACING;
    }
}

static void
dinoscope_fitting_line_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (dinoscope_fitting_line_parent_class)->dispose (object);
}

static void
dinoscope_fitting_line_class_init (DinoscopeFittingLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_fitting_line_dispose;
  widget_class->measure = dinoscope_fitting_line_measure;
  widget_class->size_allocate = dinoscope_fitting_line_size_allocate;
}

static void
dinoscope_fitting_line_init (DinoscopeFittingLine *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}
