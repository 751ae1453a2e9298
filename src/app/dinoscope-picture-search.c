#include "app/dinoscope-picture-search.h"

#include "app/dinoscope-folder.h"
#include "core/picture/grey-scale.h"
#include "io/read.h"

/* Pictures of a folder that are read. */
#define MAX_PICTURES 400

typedef struct
{
  GFile     *folder;
  GPtrArray *wanted;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_object_unref (search->folder);
  g_ptr_array_unref (search->wanted);
  g_free (search);
}

DinoscopeWantedPicture *
dinoscope_wanted_picture_new (const char *pixels_sha256, const char *grey_sha256, gboolean ignore_exif, int frame)
{
  DinoscopeWantedPicture *self = g_new0 (DinoscopeWantedPicture, 1);

  self->pixels_sha256 = g_strdup (pixels_sha256);
  self->grey_sha256 = g_strdup (grey_sha256);
  self->ignore_exif = ignore_exif;
  self->frame = frame;
  return self;
}

void
dinoscope_wanted_picture_free (DinoscopeWantedPicture *self)
{
  g_free (self->pixels_sha256);
  g_free (self->grey_sha256);
  g_clear_object (&self->file);
  g_free (self);
}

static gboolean
is_of (const DinoscopeWantedPicture *wanted, const struct dino_picture *picture)
{
  char sha256[DINO_SHA256_LENGTH], grey[DINO_SHA256_LENGTH] = "";

  if (!dino_picture_sha256 (picture, sha256, NULL) || g_strcmp0 (sha256, wanted->pixels_sha256) != 0)
    return FALSE;
  if (wanted->grey_sha256 == NULL)
    return TRUE;
  return (picture->grey == NULL || dino_grey_scale_sha256 (picture->grey, picture->stored_offset, grey, NULL)) && g_str_equal (grey, wanted->grey_sha256);
}

/* Most are read as files are opened, and that is done once for all of them. */
static gboolean
is_plain (const DinoscopeWantedPicture *wanted)
{
  return !wanted->ignore_exif && wanted->frame == 0;
}

static void
offer_as (GPtrArray *wanted, GFile *file, const DinoscopeWantedPicture *way)
{
  const struct dino_read_options options = { .ignore_exif = way->ignore_exif, .frame = way->frame };
  struct dino_picture           *picture = dino_picture_read (g_file_peek_path (file), &options, NULL);

  for (guint i = 0; picture != NULL && i < wanted->len; i++)
    {
      DinoscopeWantedPicture *one = wanted->pdata[i];

      if (one->file == NULL && one->ignore_exif == way->ignore_exif && one->frame == way->frame && is_of (one, picture))
        one->file = g_object_ref (file);
    }
  if (picture != NULL)
    dino_picture_unref (picture);
}

/* FALSE when nothing is looked for any more. */
static gboolean
offer (GPtrArray *wanted, GFile *file)
{
  gboolean offered = FALSE, wanting = FALSE;

  for (guint i = 0; i < wanted->len; i++)
    {
      const DinoscopeWantedPicture *one = wanted->pdata[i];

      if (one->file != NULL || (is_plain (one) && offered))
        continue;
      offer_as (wanted, file, one);
      offered = offered || is_plain (one);
    }
  for (guint i = 0; i < wanted->len; i++)
    wanting = wanting || ((const DinoscopeWantedPicture *) wanted->pdata[i])->file == NULL;
  return wanting;
}

void
dinoscope_picture_search (GFile *folder, GPtrArray *wanted, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) files = dinoscope_folder_list (folder, NULL, cancellable, NULL);
  guint                 n = 0;

  for (guint i = 0; files != NULL && i < files->len && n < MAX_PICTURES && !g_cancellable_is_cancelled (cancellable); i++)
    {
      GFile *file = g_ptr_array_index (files, i);

      if (!dino_picture_recognise (g_file_peek_path (file)))
        continue;
      n++;
      if (!offer (wanted, file))
        return;
    }
}

static void
search_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Search *search = task_data;

  dinoscope_picture_search (search->folder, search->wanted, cancellable);
  g_task_return_pointer (task, g_ptr_array_ref (search->wanted), (GDestroyNotify) g_ptr_array_unref);
}

void
dinoscope_picture_search_async (GFile *folder, GPtrArray *wanted, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Search           *search = g_new0 (Search, 1);

  g_task_set_name (task, "[dinoscope] pictures by what they hold");
  search->folder = g_object_ref (folder);
  search->wanted = g_ptr_array_ref (wanted);
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, search_in_thread);
}

GPtrArray *
dinoscope_picture_search_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
