#include "eog/inspection.h"

#include <glib/gi18n-lib.h>

#include <eog/eog-scroll-view.h>
#include <eog/eog-sidebar.h>

#include "eog/overlay.h"
#include "eog/page.h"
#include "eog/worker.h"

/* Milliseconds between two steps of a bar that does not know how long. */
#define PULSE 120

/* Seconds that a run has to end in, when it is cancelled, before its process is ended. */
#define PATIENCE 3

/* Seconds after which nobody who leafs through a folder is likely to encode
 * another picture soon: the encoder's memory is given back. */
#define RELEASE 300

struct inspection
{
  EogScrollView *view;
  EogSidebar    *sidebar;
  EogImage      *image; /* shown and loaded, else NULL */
  Page          *page;
  Overlay       *overlay;
  Worker        *worker;

  PageState state;
  guint32   run;      /* serial of the encoding that is under way; 0: none */
  guint     pulse;    /* source */
  guint32   ending;   /* serial of a run that was cancelled and has not answered; 0: none */
  guint     patience; /* source */
  guint     release;  /* source */
  char     *notes;    /* on how the picture was read */

  guint32 map_request; /* serial of the map that is awaited; 0: none */
  Map    *map;

  /* The picture that was encoded: upright, and how it was turned for that. */
  int width, height, orientation;
};

static void
stop_pulse (Inspection *self)
{
  g_clear_handle_id (&self->pulse, g_source_remove);
}

static void
stop_worker (Inspection *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_handle_id (&self->release, g_source_remove);
  self->ending = 0;
  worker_stop (self->worker);
}

static gboolean
stop_worker_cb (gpointer data)
{
  Inspection *self = data;

  self->patience = 0;
  stop_worker (self);
  return G_SOURCE_REMOVE;
}

static gboolean
release_cb (gpointer data)
{
  Inspection *self = data;

  self->release = 0;
  stop_worker (self);
  return G_SOURCE_REMOVE;
}

/* Asks for the end of the run, and does not wait for it. */
static void
end_run (Inspection *self)
{
  if (self->run == 0)
    return;
  self->ending = self->run;
  self->run = 0;
  worker_request (self->worker, "cancel", NULL);
  g_clear_handle_id (&self->patience, g_source_remove);
  self->patience = g_timeout_add_seconds (PATIENCE, stop_worker_cb, self);
}

static void
set_state (Inspection *self, PageState state)
{
  self->state = state;
  page_set_state (self->page, state);
  if (state != PAGE_RUNNING)
    {
      stop_pulse (self);
      self->run = 0;
    }
}

static void
drop_map (Inspection *self)
{
  overlay_set_map (self->overlay, NULL);
  overlay_set_shown (self->overlay, FALSE);
  page_set_map (self->page, NULL);
  g_clear_pointer (&self->map, map_free);
  self->map_request = 0;
}

static gboolean
transform_turn (EogTransform *transform, struct turn *turn)
{
  cairo_matrix_t matrix;

  return eog_transform_get_affine (transform, &matrix) && turn_from_matrix (matrix.xx, matrix.xy, matrix.yx, matrix.yy, turn);
}

/* From the upright picture that was encoded to the one on the screen: back to
 * the file's pixels, then as eog itself and the person have turned them. */
static gboolean
current_turn (Inspection *self, struct turn *turn)
{
  EogTransform *transforms[] = { eog_image_get_autorotate_transform (self->image), eog_image_get_transform (self->image) };

  *turn = turn_inverse (turn_from_exif (self->orientation));
  for (gsize i = 0; i < G_N_ELEMENTS (transforms); i++)
    {
      struct turn step = TURN_NONE;

      if (transforms[i] != NULL && !transform_turn (transforms[i], &step))
        return FALSE;
      *turn = turn_then (*turn, step);
    }
  return TRUE;
}

/* FALSE when what eog shows is not the picture that was encoded. */
static gboolean
place_overlay (Inspection *self)
{
  struct turn turn;
  int         width = 0, height = 0;

  eog_image_get_size (self->image, &width, &height);
  if (!current_turn (self, &turn) || width != (turn_swaps (turn) ? self->height : self->width) || height != (turn_swaps (turn) ? self->width : self->height))
    return FALSE;
  overlay_set_picture (self->overlay, turn, width, height);
  return TRUE;
}

static void
show_map (Inspection *self)
{
  if (self->map == NULL)
    return;
  overlay_set_opacity (self->overlay, page_get_opacity (self->page));
  overlay_set_shown (self->overlay, page_get_map_shown (self->page) && place_overlay (self));
}

/* The process gives up the map before it, whether it was done or not. */
static void
want_map (gpointer data)
{
  Inspection *self = data;
  GVariant   *choice;

  if (self->state != PAGE_ENCODED)
    return;
  choice = page_get_choice (self->page);
  if (choice != NULL)
    self->map_request = worker_request (self->worker, "map", choice);
}

static void
look_changed (gpointer data)
{
  show_map (data);
}

static gboolean
pulse_cb (gpointer data)
{
  Inspection *self = data;

  page_set_progress (self->page, 0, 0);
  return G_SOURCE_CONTINUE;
}

static void
encode (gpointer data)
{
  Inspection       *self = data;
  g_autoptr (GFile) file = self->image != NULL ? eog_image_get_file (self->image) : NULL;
  g_autofree char  *path = file != NULL ? g_file_get_path (file) : NULL;
  GVariantDict      values;
  guint32           serial;

  if (path == NULL)
    {
      page_set_status (self->page, _ ("Only files on this machine can be encoded."), TRUE);
      return;
    }
  drop_map (self);
  g_clear_handle_id (&self->release, g_source_remove);
  /* A process that is slow to end a run would be ended with this one in it. */
  if (self->ending != 0)
    stop_worker (self);
  set_state (self, PAGE_RUNNING);
  page_set_status (self->page, _ ("Encoding…"), FALSE);
  page_set_progress (self->page, 0, 1);
  self->pulse = g_timeout_add (PULSE, pulse_cb, self);
  g_variant_dict_init (&values, NULL);
  g_variant_dict_insert (&values, "path", "^ay", path);
  serial = worker_request (self->worker, "encode", g_variant_dict_end (&values));
  /* It may have failed at once. */
  if (self->state == PAGE_RUNNING)
    self->run = serial;
}

static void
cancel (gpointer data)
{
  Inspection *self = data;

  end_run (self);
  set_state (self, PAGE_READY);
  page_set_status (self->page, _ ("Cancelled."), FALSE);
}

static void
take_encoded (Inspection *self, GVariant *answer)
{
  g_autoptr (GVariant) overlays = g_variant_lookup_value (answer, "overlays", G_VARIANT_TYPE ("aa{sv}"));
  const char          *encoder = "", *notes = "";

  g_variant_lookup (answer, "encoder", "&s", &encoder);
  g_variant_lookup (answer, "notes", "&s", &notes);
  g_variant_lookup (answer, "width", "i", &self->width);
  g_variant_lookup (answer, "height", "i", &self->height);
  g_variant_lookup (answer, "orientation", "i", &self->orientation);
  page_set_encoder (self->page, encoder);
  if (overlays == NULL || !place_overlay (self))
    {
      set_state (self, PAGE_READY);
      page_set_status (self->page, _ ("The file is not the picture that is shown."), TRUE);
      return;
    }
  set_state (self, PAGE_ENCODED);
  g_free (self->notes);
  self->notes = g_strdup (notes);
  page_set_overlays (self->page, overlays);
  want_map (self);
}

static void
take_map (Inspection *self, GVariant *answer)
{
  Map *map = map_new (answer);

  self->map_request = 0;
  if (map != NULL)
    {
      overlay_set_map (self->overlay, map);
      page_set_map (self->page, map);
      g_clear_pointer (&self->map, map_free);
      self->map = map;
      page_set_status (self->page, self->notes, FALSE);
      show_map (self);
    }
}

static void
take_failure (Inspection *self, guint32 serial, GVariant *answer)
{
  const char *message = "", *reason = "";
  gboolean    cancelled;

  g_variant_lookup (answer, "message", "&s", &message);
  g_variant_lookup (answer, "reason", "&s", &reason);
  cancelled = g_str_equal (reason, "cancelled");
  /* A map that cannot be made leaves the run's other maps alone. */
  if (serial != 0 && serial == self->map_request)
    drop_map (self);
  else
    {
      drop_map (self);
      set_state (self, self->image != NULL ? PAGE_READY : PAGE_EMPTY);
    }
  page_set_status (self->page, cancelled ? _ ("Cancelled.") : message, !cancelled);
}

static void
take_progress (Inspection *self, GVariant *answer)
{
  guint32 done = 0, total = 0;

  g_variant_lookup (answer, "done", "u", &done);
  g_variant_lookup (answer, "total", "u", &total);
  if (total > 0)
    stop_pulse (self);
  page_set_progress (self->page, done, total);
}

/* Whatever is about another picture, or about a map that was not waited for, is passed over. */
static void
ready (GVariant *answer, gpointer data)
{
  Inspection *self = data;
  const char *kind = "";
  guint32     serial = 0;
  gboolean    of_run;

  g_variant_lookup (answer, "answer", "&s", &kind);
  g_variant_lookup (answer, "serial", "u", &serial);
  of_run = serial != 0 && serial == self->run;
  if (serial != 0 && serial == self->ending && !g_str_equal (kind, "progress"))
    {
      self->ending = 0;
      g_clear_handle_id (&self->patience, g_source_remove);
    }
  if (g_str_equal (kind, "failed") && (serial == 0 || of_run || serial == self->map_request))
    take_failure (self, serial, answer);
  else if (of_run && g_str_equal (kind, "progress"))
    take_progress (self, answer);
  else if (of_run && g_str_equal (kind, "encoded"))
    take_encoded (self, answer);
  else if (serial != 0 && serial == self->map_request && g_str_equal (kind, "map"))
    take_map (self, answer);
}

static void
changed_cb (Inspection *self)
{
  show_map (self);
}

static void
forget_image (Inspection *self)
{
  if (self->image != NULL)
    g_signal_handlers_disconnect_by_data (self->image, self);
  g_clear_object (&self->image);
}

/* Another picture, or none: nothing of the one before is left, and nothing begins. */
static void
image_cb (Inspection *self)
{
  EogImage *image = eog_scroll_view_get_image (self->view);

  end_run (self);
  forget_image (self);
  drop_map (self);
  self->image = image;
  if (self->release == 0)
    self->release = g_timeout_add_seconds (RELEASE, release_cb, self);
  if (image != NULL)
    g_signal_connect_swapped (image, "changed", G_CALLBACK (changed_cb), self);
  set_state (self, image != NULL ? PAGE_READY : PAGE_EMPTY);
  page_set_status (self->page, image != NULL ? _ ("Nothing is computed before you ask for it.") : _ ("No picture is open."), FALSE);
}

Inspection *
inspection_new (EogWindow *window)
{
  static const PageEvents events = { encode, cancel, want_map, look_changed };
  Inspection             *self = g_new0 (Inspection, 1);

  self->view = g_object_ref (EOG_SCROLL_VIEW (eog_window_get_view (window)));
  self->sidebar = g_object_ref (EOG_SIDEBAR (eog_window_get_sidebar (window)));
  self->worker = worker_new (ready, self);
  self->overlay = overlay_new (self->view);
  self->page = page_new (&events, self);
  eog_sidebar_add_page (self->sidebar, "Dinoscope", page_get_widget (self->page));
  g_signal_connect_swapped (self->view, "notify::image", G_CALLBACK (image_cb), self);
  image_cb (self);
  return self;
}

void
inspection_free (Inspection *self)
{
  g_signal_handlers_disconnect_by_data (self->view, self);
  stop_worker (self);
  worker_free (self->worker);
  stop_pulse (self);
  forget_image (self);
  eog_sidebar_remove_page (self->sidebar, page_get_widget (self->page));
  page_free (self->page);
  overlay_free (self->overlay);
  g_clear_pointer (&self->map, map_free);
  g_free (self->notes);
  g_object_unref (self->sidebar);
  g_object_unref (self->view);
  g_free (self);
}
