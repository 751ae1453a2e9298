#include "app/dinoscope-scatter-card.h"

#include "core/base/memory.h"
#include "core/picture/thumbnail.h"
#include "engine/dinoscope-paths-private.h"
#include "io/read.h"

/* Pixels of the long side. */
#define SIDE 176

/* Milliseconds that a point is looked at before its picture is read. */
#define DELAY 80

struct _DinoscopeScatterCard
{
  GtkWidget parent_instance;

  DinoscopeCollection *collection;
  gssize               row;
  guint                timeout;
  GCancellable        *cancellable;

  GtkWidget *box;
  GtkWidget *picture;
  GtkWidget *name;
  GtkWidget *words;
};

G_DEFINE_FINAL_TYPE (DinoscopeScatterCard, dinoscope_scatter_card, GTK_TYPE_WIDGET)

static void
stop (DinoscopeScatterCard *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
free_thumbnail (gpointer data)
{
  dino_free (data);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  struct dino_picture   *picture = g_cancellable_is_cancelled (cancellable) ? NULL : dino_picture_read (g_file_peek_path (task_data), NULL, NULL);
  struct dino_thumbnail *thumbnail = picture != NULL ? dino_thumbnail_new (picture, SIDE, NULL) : NULL;

  if (picture != NULL)
    dino_picture_unref (picture);
  g_task_return_pointer (task, thumbnail, free_thumbnail);
}

/* A picture that cannot be read has its name alone. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DinoscopeScatterCard  *self = DINOSCOPE_SCATTER_CARD (source);
  struct dino_thumbnail *thumbnail = g_task_propagate_pointer (G_TASK (result), NULL);
  gsize                  length;
  g_autoptr (GBytes)     bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  if (thumbnail == NULL)
    return;
  if (g_task_get_cancellable (G_TASK (result)) == self->cancellable)
    {
      length = (gsize) thumbnail->width * (gsize) thumbnail->height * 3;
      bytes = g_bytes_new (thumbnail->pixels, length);
      texture = gdk_memory_texture_new (thumbnail->width, thumbnail->height, GDK_MEMORY_R8G8B8, bytes, (gsize) thumbnail->width * 3);
      gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
      gtk_widget_show (self->picture);
    }
  dino_free (thumbnail);
}

static gboolean
read_timeout_cb (gpointer data)
{
  DinoscopeScatterCard *self = data;
  GFile                *file = dinoscope_collection_dup_file (self->collection, (gsize) self->row);
  g_autoptr (GTask)     task = NULL;

  self->timeout = 0;
  if (file == NULL)
    return G_SOURCE_REMOVE;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, read_cb, NULL);
  g_task_set_name (task, "[dinoscope] small picture");
  g_task_set_task_data (task, file, g_object_unref);
  g_task_run_in_thread (task, read_in_thread);
  return G_SOURCE_REMOVE;
}

void
dinoscope_scatter_card_show (DinoscopeScatterCard *self, DinoscopeCollection *collection, gssize row, const char *words)
{
  gtk_widget_set_visible (GTK_WIDGET (self), row >= 0);
  if (row >= 0)
    {
      g_autofree char *name = dinoscope_display_name (dinoscope_collection_get_name (collection, (gsize) row));

      gtk_label_set_text (GTK_LABEL (self->name), name);
      gtk_label_set_text (GTK_LABEL (self->words), words != NULL ? words : "");
      gtk_widget_set_visible (self->words, words != NULL && *words != '\0');
    }
  if (row == self->row && collection == self->collection)
    return;
  stop (self);
  g_set_object (&self->collection, collection);
  self->row = row;
  gtk_widget_hide (self->picture);
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), NULL);
  if (row >= 0)
    self->timeout = g_timeout_add (DELAY, read_timeout_cb, self);
}

gboolean
dinoscope_scatter_card_has_picture (DinoscopeScatterCard *self)
{
  return gtk_picture_get_paintable (GTK_PICTURE (self->picture)) != NULL;
}

static void
dinoscope_scatter_card_dispose (GObject *object)
{
  DinoscopeScatterCard *self = DINOSCOPE_SCATTER_CARD (object);

  stop (self);
  g_clear_object (&self->collection);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (dinoscope_scatter_card_parent_class)->dispose (object);
}

static void
dinoscope_scatter_card_class_init (DinoscopeScatterCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_scatter_card_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static GtkWidget *
new_label (const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_widget_add_css_class (label, style);
  return label;
}

static void
dinoscope_scatter_card_init (DinoscopeScatterCard *self)
{
  self->row = -1;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->picture = gtk_picture_new ();
  self->name = new_label ("heading");
  self->words = new_label ("caption");
  gtk_picture_set_can_shrink (GTK_PICTURE (self->picture), FALSE);
  gtk_widget_hide (self->picture);
  gtk_box_append (GTK_BOX (self->box), self->picture);
  gtk_box_append (GTK_BOX (self->box), self->name);
  gtk_box_append (GTK_BOX (self->box), self->words);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_hide (GTK_WIDGET (self));
}
