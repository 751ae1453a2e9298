#include "app/dinoscope-thumbnails.h"

#include "core/base/memory.h"
#include "core/picture/thumbnail.h"
#include "io/read.h"

#define MAX_THREADS 2

/* About 25 MB at 160 pixels. */
#define MAX_KEPT 400

struct _DinoscopeThumbnails
{
  GObject parent_instance;

  int          side;
  GThreadPool *pool;
  guint        serial;
  GHashTable  *kept;  /* GFile -> GdkTexture, NULL where there is none to be had */
  GQueue       order; /* GFile, the one used last first; of the table */
};

G_DEFINE_FINAL_TYPE (DinoscopeThumbnails, dinoscope_thumbnails, G_TYPE_OBJECT)

typedef struct
{
  DinoscopeThumbnails   *owner; /* a weak pointer while the thread works; main loop only */
  guint                  serial;
  int                    side;
  GFile                 *file;
  GCancellable          *cancellable;
  GdkTexture            *texture;
  gboolean               done;
  DinoscopeThumbnailFunc func;
  gpointer               user_data;
} Request;

static void
request_free (Request *request)
{
  if (request->owner != NULL)
    g_object_remove_weak_pointer (G_OBJECT (request->owner), (gpointer *) &request->owner);
  g_object_unref (request->file);
  g_object_unref (request->cancellable);
  g_clear_object (&request->texture);
  g_free (request);
}

static bool
go_on (void *data, int done, int total)
{
  return !g_cancellable_is_cancelled (data);
}

static GdkTexture *
make_texture (GFile *file, int side, GCancellable *cancellable)
{
  const struct dino_progress     progress = { .func = go_on, .data = cancellable };
  const struct dino_read_options options = { .progress = &progress };
  struct dino_error              error = { 0 };
  struct dino_picture           *picture = g_file_peek_path (file) != NULL ? dino_picture_read (g_file_peek_path (file), &options, &error) : NULL;
  struct dino_thumbnail         *thumbnail = picture != NULL ? dino_thumbnail_new (picture, side, &error) : NULL;
  g_autoptr (GBytes)             bytes = NULL;

  dino_picture_unref (picture);
  if (thumbnail == NULL)
    return NULL;
  bytes = g_bytes_new_with_free_func (thumbnail->pixels, 3 * (gsize) thumbnail->width * (gsize) thumbnail->height, dino_free, thumbnail);
  return gdk_memory_texture_new (thumbnail->width, thumbnail->height, GDK_MEMORY_R8G8B8, bytes, 3 * (gsize) thumbnail->width);
}

static void
keep (DinoscopeThumbnails *self, GFile *file, GdkTexture *texture)
{
  if (g_hash_table_contains (self->kept, file))
    return;
  if (self->order.length == MAX_KEPT)
    g_hash_table_remove (self->kept, g_queue_pop_tail (&self->order));
  g_hash_table_insert (self->kept, g_object_ref (file), texture != NULL ? g_object_ref (texture) : NULL);
  g_queue_push_head (&self->order, file);
}

static gboolean
done_cb (gpointer data)
{
  Request *request = data;

  if (request->done && request->owner != NULL)
    keep (request->owner, request->file, request->texture);
  if (request->done && !g_cancellable_is_cancelled (request->cancellable))
    request->func (request->file, request->texture, request->user_data);
  request_free (request);
  return G_SOURCE_REMOVE;
}

/* On a thread of the pool. */
static void
work (gpointer data, gpointer user_data)
{
  Request *request = data;

  if (!g_cancellable_is_cancelled (request->cancellable))
    {
      request->texture = make_texture (request->file, request->side, request->cancellable);
      request->done = !g_cancellable_is_cancelled (request->cancellable) || request->texture != NULL;
    }
  g_idle_add (done_cb, request);
}

/* What was asked for last can be seen now. */
static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const Request *one = a, *other = b;

  return one->serial > other->serial ? -1 : 1;
}

static void
dinoscope_thumbnails_finalize (GObject *object)
{
  DinoscopeThumbnails *self = DINOSCOPE_THUMBNAILS (object);

  g_thread_pool_free (self->pool, FALSE, FALSE);
  g_queue_clear (&self->order);
  g_hash_table_unref (self->kept);

  G_OBJECT_CLASS (dinoscope_thumbnails_parent_class)->finalize (object);
}

static void
dinoscope_thumbnails_class_init (DinoscopeThumbnailsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_thumbnails_finalize;
}

static void
texture_unref (gpointer texture)
{
  g_clear_object (&texture);
}

static void
dinoscope_thumbnails_init (DinoscopeThumbnails *self)
{
  self->kept = g_hash_table_new_full ((GHashFunc) g_file_hash, (GEqualFunc) g_file_equal, g_object_unref, texture_unref);
  g_queue_init (&self->order);
  self->pool = g_thread_pool_new (work, NULL, MAX_THREADS, FALSE, NULL);
  g_thread_pool_set_sort_function (self->pool, compare, NULL);
}

DinoscopeThumbnails *
dinoscope_thumbnails_new (int side)
{
  DinoscopeThumbnails *self = g_object_new (DINOSCOPE_TYPE_THUMBNAILS, NULL);

  self->side = side;
  return self;
}

GdkTexture *
dinoscope_thumbnails_lookup (DinoscopeThumbnails *self, GFile *file)
{
  g_return_val_if_fail (DINOSCOPE_IS_THUMBNAILS (self), NULL);

  return g_hash_table_lookup (self->kept, file);
}

void
dinoscope_thumbnails_request (DinoscopeThumbnails *self, GFile *file, GCancellable *cancellable, DinoscopeThumbnailFunc func, gpointer user_data)
{
  Request *request;

  g_return_if_fail (DINOSCOPE_IS_THUMBNAILS (self));
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));

  request = g_new0 (Request, 1);
  request->owner = self;
  g_object_add_weak_pointer (G_OBJECT (self), (gpointer *) &request->owner);
  request->serial = ++self->serial;
  request->side = self->side;
  request->file = g_object_ref (file);
  request->cancellable = g_object_ref (cancellable);
  request->func = func;
  request->user_data = user_data;
  g_thread_pool_push (self->pool, request, NULL);
}
