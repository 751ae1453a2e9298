/* DinoscopeWindow: what a sidecar's map was compared with, brought beside its picture. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-picture-search.h"
#include "app/dinoscope-window-private.h"

typedef struct
{
  DinoscopeWindow *window;
  DinoscopePage   *page; /* whose references they are */
  GCancellable    *cancellable;
} Wanting;

static void
wanting_free (Wanting *self)
{
  g_object_unref (self->window);
  g_object_unref (self->page);
  g_object_unref (self->cancellable);
  g_free (self);
}

/* A page of any tab that shows these pixels, page itself left out. */
static DinoscopePage *
find_shown (DinoscopeWindow *self, DinoscopePage *page, const char *sha256)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      DinoscopeBoard *board = dinoscope_window_get_board (adw_tab_view_get_nth_page (self->tab_view, i));

      for (guint k = 0; k < dinoscope_board_get_n_pages (board); k++)
        {
          DinoscopePage  *other = dinoscope_board_get_page (board, k);
          DinoscopeStudy *study = dinoscope_page_get_study (other);

          if (other != page && study != NULL && g_str_equal (dinoscope_study_get_sha256 (study), sha256))
            return other;
        }
    }
  return NULL;
}

/* Views that are added do not become the one that is looked at. */
static void
keep_current (DinoscopeWindow *self, DinoscopePage *page)
{
  dinoscope_board_set_current (dinoscope_window_get_board (dinoscope_window_find_tab (self, page)), page);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wanting              *wanting = user_data;
  g_autoptr (GPtrArray) wanted = dinoscope_picture_search_finish (result, NULL);
  guint                 n_missing = 0;

  /* Whoever went elsewhere meanwhile is left alone. */
  if (!g_cancellable_is_cancelled (wanting->cancellable) && wanted != NULL && dinoscope_window_get_page (wanting->window) == wanting->page)
    {
      for (guint i = 0; i < wanted->len; i++)
        {
          const DinoscopeWantedPicture *picture = wanted->pdata[i];

          if (picture->file != NULL)
            dinoscope_window_compare_file (wanting->window, picture->file);
          else
            n_missing++;
        }
      keep_current (wanting->window, wanting->page);
      if (n_missing > 0)
        dinoscope_window_tell (wanting->window, _ ("The sidecar’s map compares with another picture, which is neither open nor beside this one: open it with Compare."));
    }
  wanting_free (wanting);
}

static void
search (DinoscopeWindow *self, DinoscopePage *page, GPtrArray *wanted)
{
  GFile            *file = dinoscope_page_get_file (page);
  g_autoptr (GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;
  Wanting          *wanting;

  if (folder == NULL || g_file_peek_path (folder) == NULL)
    {
      dinoscope_window_tell (self, _ ("The sidecar’s map compares with another picture, which is not open: open it with Compare."));
      return;
    }
  wanting = g_new0 (Wanting, 1);
  wanting->window = g_object_ref (self);
  wanting->page = g_object_ref (page);
  self->reference_search = g_cancellable_new ();
  wanting->cancellable = g_object_ref (self->reference_search);
  dinoscope_picture_search_async (folder, wanted, self->reference_search, found_cb, wanting);
}

/* In this tab it is a view already; from another one it comes as one more. */
static gboolean
bring_shown (DinoscopeWindow *self, DinoscopePage *page, const DinoscopeSidecarReference *reference)
{
  DinoscopePage *other = find_shown (self, page, reference->pixels_sha256);

  if (other == NULL)
    return FALSE;
  if (dinoscope_window_find_tab (self, other) != dinoscope_window_find_tab (self, page))
    dinoscope_window_compare_picture (self, other, NULL);
  return TRUE;
}

void
dinoscope_window_stop_references (DinoscopeWindow *self)
{
  if (self->reference_search != NULL)
    g_cancellable_cancel (self->reference_search);
  g_clear_object (&self->reference_search);
}

void
dinoscope_window_bring_references (DinoscopeWindow *self, DinoscopePage *page, const DinoscopeSidecar *sidecar)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new_with_free_func ((GDestroyNotify) dinoscope_wanted_picture_free);

  dinoscope_window_stop_references (self);
  for (guint i = 0; i < sidecar->references->len; i++)
    {
      const DinoscopeSidecarReference *reference = sidecar->references->pdata[i];

      if (reference->cover.known)
        continue;
      if (reference->model_name != NULL)
        {
          g_autofree char *text = g_strdup_printf (_ ("The sidecar’s map compares with another encoder, %s: choose it with Compare, By Another Encoder."), reference->model_name);

          dinoscope_window_tell (self, text);
        }
      else if (!bring_shown (self, page, reference))
        g_ptr_array_add (wanted, dinoscope_wanted_picture_new (reference->pixels_sha256, NULL, reference->ignore_exif, reference->has_preparation ? reference->preparation.frame : 0));
    }
  keep_current (self, page);
  if (wanted->len > 0)
    search (self, page, wanted);
}
