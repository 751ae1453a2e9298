#include "app/dinoscope-slides.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-interlude.h"
#include "app/dinoscope-slide-list.h"
#include "app/dinoscope-window-private.h"

struct _DinoscopeSlides
{
  GObject parent_instance;

  DinoscopeWindow    *window; /* owns the slides */
  DinoscopeSlideBar  *bar;
  GCancellable       *loading;
  GPtrArray          *slides; /* of DinoscopeSlide; NULL: none are running */
  guint               index;
  DinoscopeInterlude *before;
};

G_DEFINE_FINAL_TYPE (DinoscopeSlides, dinoscope_slides, G_TYPE_OBJECT)

static guint changed_signal;

/* The page with the slide's radiograph, opened if it has to be; NULL: it is nowhere. */
static DinoscopePage *
find_page (DinoscopeSlides *self, const DinoscopeSlide *slide, const DinoscopeSidecar *sidecar)
{
  DinoscopePage *page = dinoscope_window_find_picture (self->window, sidecar);
  guint          n_before = dinoscope_window_get_n_pages (self->window);

  if (page == NULL && slide->picture != NULL && slide->picture->file != NULL)
    {
      dinoscope_window_open_files (self->window, (GFile *[]){ slide->picture->file }, 1);
      page = dinoscope_window_get_page (self->window);
    }
  if (page != NULL)
    dinoscope_interlude_keep_page (self->before, page, dinoscope_window_get_n_pages (self->window) == n_before);
  return page;
}

/* Why not, or NULL. (transfer full) */
static char *
show_view (DinoscopeSlides *self, const DinoscopeSlide *slide)
{
  g_autoptr (GError)                   error = NULL;
  g_autoptr (DinoscopeOverlayProvider) provider = NULL;
  g_autoptr (DinoscopeSidecar)         sidecar = dinoscope_sidecar_read (g_file_peek_path (slide->file), &error);
  DinoscopePage                       *page;

  /* What the slide before was compared with. */
  dinoscope_window_stop_references (self->window);
  dinoscope_interlude_close_views (self->before);
  if (sidecar == NULL)
    return g_strdup (error->message);
  page = find_page (self, slide, sidecar);
  if (page == NULL)
    return g_strdup (_ ("Its radiograph is neither open nor beside the sidecar."));
  provider = dinoscope_overlays_find (sidecar->overlay);
  if (provider != NULL)
    dinoscope_interlude_choose_overlay (self->before, provider);
  dinoscope_window_show_sidecar (self->window, page, g_steal_pointer (&sidecar));
  gtk_widget_grab_focus (GTK_WIDGET (page));
  return NULL;
}

static void
show_slide (DinoscopeSlides *self)
{
  const DinoscopeSlide *slide = g_ptr_array_index (self->slides, self->index);
  g_autofree char      *problem = show_view (self, slide);

  dinoscope_slide_bar_show (self->bar, self->index, self->slides->len, slide->title, problem);
  g_signal_emit (self, changed_signal, 0);
}

static void
stop_loading (DinoscopeSlides *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

static void
dinoscope_slides_dispose (GObject *object)
{
  DinoscopeSlides *self = DINOSCOPE_SLIDES (object);

  stop_loading (self);
  g_clear_pointer (&self->slides, g_ptr_array_unref);
  g_clear_pointer (&self->before, dinoscope_interlude_free);

  G_OBJECT_CLASS (dinoscope_slides_parent_class)->dispose (object);
}

static void
dinoscope_slides_class_init (DinoscopeSlidesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_slides_dispose;

  changed_signal = g_signal_new ("changed", DINOSCOPE_TYPE_SLIDES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_slides_init (DinoscopeSlides *self)
{
}

DinoscopeSlides *
dinoscope_slides_new (DinoscopeWindow *window, DinoscopeSlideBar *bar)
{
  DinoscopeSlides *self;

  g_return_val_if_fail (DINOSCOPE_IS_WINDOW (window), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_SLIDE_BAR (bar), NULL);

  self = g_object_new (DINOSCOPE_TYPE_SLIDES, NULL);
  self->window = window;
  self->bar = bar;
  return self;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeSlides) self = user_data;
  g_autoptr (GError)          error = NULL;
  g_autoptr (GPtrArray)       slides = NULL;
  guint                       first;

  slides = dinoscope_slide_list_load_finish (result, &first, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->loading);
  if (slides == NULL)
    {
      dinoscope_window_tell (self->window, error->message);
      return;
    }
  if (self->before == NULL)
    self->before = dinoscope_interlude_new (self->window);
  g_clear_pointer (&self->slides, g_ptr_array_unref);
  self->slides = g_steal_pointer (&slides);
  self->index = first;
  show_slide (self);
}

void
dinoscope_slides_start (DinoscopeSlides *self, GListModel *files)
{
  g_return_if_fail (DINOSCOPE_IS_SLIDES (self));

  stop_loading (self);
  self->loading = g_cancellable_new ();
  dinoscope_slide_list_load_async (files, self->loading, loaded_cb, g_object_ref (self));
}

void
dinoscope_slides_next (DinoscopeSlides *self)
{
  g_return_if_fail (DINOSCOPE_IS_SLIDES (self));

  if (self->slides == NULL || self->index + 1 >= self->slides->len)
    return;
  self->index++;
  show_slide (self);
}

void
dinoscope_slides_back (DinoscopeSlides *self)
{
  g_return_if_fail (DINOSCOPE_IS_SLIDES (self));

  if (self->slides == NULL || self->index == 0)
    return;
  self->index--;
  show_slide (self);
}

void
dinoscope_slides_end (DinoscopeSlides *self)
{
  g_return_if_fail (DINOSCOPE_IS_SLIDES (self));

  stop_loading (self);
  if (self->slides == NULL)
    return;
  g_clear_pointer (&self->slides, g_ptr_array_unref);
  dinoscope_interlude_end (g_steal_pointer (&self->before));
  g_signal_emit (self, changed_signal, 0);
}

gboolean
dinoscope_slides_are_running (DinoscopeSlides *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SLIDES (self), FALSE);

  return self->slides != NULL;
}

guint
dinoscope_slides_get_index (DinoscopeSlides *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SLIDES (self), 0);

  return self->index;
}

guint
dinoscope_slides_get_n (DinoscopeSlides *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SLIDES (self), 0);

  return self->slides != NULL ? self->slides->len : 0;
}
