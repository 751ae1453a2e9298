#include "app/dinoscope-neighbor-row.h"

#include <glib/gi18n-lib.h>

#include "engine/dinoscope-paths-private.h"

struct _DinoscopeNeighborRow
{
  GtkWidget parent_instance;

  DinoscopeThumbnails *thumbnails;
  GCancellable        *cancellable; /* of the picture that is fetched */
  gboolean             filled;

  GtkWidget  *box;
  GtkPicture *picture;
  GtkLabel   *name_label;
  GtkLabel   *number_label;
  GtkWidget  *text_box;
  GtkLabel   *text_label;
};

G_DEFINE_FINAL_TYPE (DinoscopeNeighborRow, dinoscope_neighbor_row, GTK_TYPE_WIDGET)

static void
stop (DinoscopeNeighborRow *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
dinoscope_neighbor_row_dispose (GObject *object)
{
  DinoscopeNeighborRow *self = DINOSCOPE_NEIGHBOR_ROW (object);

  stop (self);
  g_clear_object (&self->thumbnails);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_NEIGHBOR_ROW);

  G_OBJECT_CLASS (dinoscope_neighbor_row_parent_class)->dispose (object);
}

static void
dinoscope_neighbor_row_class_init (DinoscopeNeighborRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_neighbor_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-neighbor-row.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborRow, box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborRow, picture);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborRow, number_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborRow, text_box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborRow, text_label);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dinoscope_neighbor_row_init (DinoscopeNeighborRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

DinoscopeNeighborRow *
dinoscope_neighbor_row_new (DinoscopeThumbnails *thumbnails)
{
  DinoscopeNeighborRow *self = g_object_new (DINOSCOPE_TYPE_NEIGHBOR_ROW, NULL);

  self->thumbnails = g_object_ref (thumbnails);
  return self;
}

static void
show_picture (DinoscopeNeighborRow *self, GdkTexture *texture)
{
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  self->filled = TRUE;
}

static void
fetched_cb (GFile *file, GdkTexture *texture, gpointer user_data)
{
  DinoscopeNeighborRow *self = user_data;

  g_clear_object (&self->cancellable);
  show_picture (self, texture);
}

static void
fetch (DinoscopeNeighborRow *self, DinoscopeNeighbor *neighbor)
{
  g_autoptr (GFile) file = dinoscope_neighbor_index_dup_file (dinoscope_neighbor_get_index (neighbor), dinoscope_neighbor_get_picture (neighbor));
  GdkTexture       *texture = file != NULL ? dinoscope_thumbnails_lookup (self->thumbnails, file) : NULL;

  if (file == NULL || texture != NULL)
    {
      show_picture (self, texture);
      return;
    }
  gtk_picture_set_paintable (self->picture, NULL);
  self->filled = FALSE;
  self->cancellable = g_cancellable_new ();
  dinoscope_thumbnails_request (self->thumbnails, file, self->cancellable, fetched_cb, self);
}

static char *
describe (DinoscopeNeighbor *neighbor)
{
  const guint  rank = dinoscope_neighbor_get_rank (neighbor);
  const double cosine = (double) dinoscope_neighbor_get_cosine (neighbor);
  int          row, column;

  if (dinoscope_neighbor_get_patch (neighbor, &row, &column))
    /* Translators: rank, cosine, row and column of a patch. */
    return g_strdup_printf (_ ("%u. cosine %.4f, patch %d:%d"), rank, cosine, row, column);
  /* Translators: rank and cosine. */
  return g_strdup_printf (_ ("%u. cosine %.4f"), rank, cosine);
}

void
dinoscope_neighbor_row_set_neighbor (DinoscopeNeighborRow *self, DinoscopeNeighbor *neighbor)
{
  g_autofree char *number = NULL;
  g_autofree char *name = NULL;
  const char      *text;

  g_return_if_fail (DINOSCOPE_IS_NEIGHBOR_ROW (self));

  stop (self);
  if (neighbor == NULL)
    {
      gtk_picture_set_paintable (self->picture, NULL);
      return;
    }
  number = describe (neighbor);
  name = dinoscope_display_name (dinoscope_neighbor_get_name (neighbor));
  text = dinoscope_neighbor_index_get_text (dinoscope_neighbor_get_index (neighbor), dinoscope_neighbor_get_picture (neighbor));
  gtk_label_set_text (self->name_label, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), name);
  gtk_label_set_text (self->number_label, number);
  gtk_label_set_text (self->text_label, text);
  gtk_widget_set_tooltip_text (self->text_box, text);
  gtk_widget_set_visible (self->text_box, *text != '\0');
  fetch (self, neighbor);
}

gboolean
dinoscope_neighbor_row_is_filled (DinoscopeNeighborRow *self)
{
  return self->filled;
}
