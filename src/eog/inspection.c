#include "eog/inspection.h"

#include <eog/eog-scroll-view.h>
#include <eog/eog-sidebar.h>

#include "eog/overlay.h"
#include "viewer/session.h"

struct inspection
{
  EogScrollView *view;
  EogSidebar    *sidebar;
  EogImage      *image; /* shown and loaded, else NULL */
  Overlay       *overlay;
  Session       *session;
};

static gboolean
transform_turn (EogTransform *transform, struct turn *turn)
{
  cairo_matrix_t matrix;

  return eog_transform_get_affine (transform, &matrix) && turn_from_matrix (matrix.xx, matrix.xy, matrix.yx, matrix.yy, turn);
}

/* From the upright picture that was encoded to the one on the screen: back to
 * the file's pixels, then as eog itself and the person have turned them. */
static gboolean
current_turn (Inspection *self, int orientation, struct turn *turn)
{
  EogTransform *transforms[] = { eog_image_get_autorotate_transform (self->image), eog_image_get_transform (self->image) };

  *turn = turn_inverse (turn_from_exif (orientation));
  for (gsize i = 0; i < G_N_ELEMENTS (transforms); i++)
    {
      struct turn step = TURN_NONE;

      if (transforms[i] != NULL && !transform_turn (transforms[i], &step))
        return FALSE;
      *turn = turn_then (*turn, step);
    }
  return TRUE;
}

static char *
get_path (gpointer data)
{
  Inspection       *self = data;
  g_autoptr (GFile) file = self->image != NULL ? eog_image_get_file (self->image) : NULL;

  return file != NULL ? g_file_get_path (file) : NULL;
}

static gboolean
is_shown (const Encoded *encoded, gpointer data)
{
  Inspection *self = data;
  struct turn turn;
  int         width = 0, height = 0;

  if (self->image == NULL)
    return FALSE;
  eog_image_get_size (self->image, &width, &height);
  if (!current_turn (self, encoded->orientation, &turn) || width != (turn_swaps (turn) ? encoded->height : encoded->width) || height != (turn_swaps (turn) ? encoded->width : encoded->height))
    return FALSE;
  overlay_set_picture (self->overlay, turn, width, height);
  return TRUE;
}

static void
show (const Map *map, double opacity, gpointer data)
{
  Inspection *self = data;

  overlay_set_map (self->overlay, map);
  overlay_set_opacity (self->overlay, opacity);
  overlay_set_shown (self->overlay, map != NULL);
}

static void
changed_cb (Inspection *self)
{
  session_update (self->session);
}

static void
forget_image (Inspection *self)
{
  if (self->image != NULL)
    g_signal_handlers_disconnect_by_data (self->image, self);
  g_clear_object (&self->image);
}

static void
image_cb (Inspection *self)
{
  EogImage *image = eog_scroll_view_get_image (self->view);

  forget_image (self);
  self->image = image;
  if (image != NULL)
    g_signal_connect_swapped (image, "changed", G_CALLBACK (changed_cb), self);
  session_set_picture (self->session, image != NULL);
}

Inspection *
inspection_new (EogWindow *window)
{
  static const SessionHost host = { get_path, is_shown, show };
  Inspection              *self = g_new0 (Inspection, 1);

  self->view = g_object_ref (EOG_SCROLL_VIEW (eog_window_get_view (window)));
  self->sidebar = g_object_ref (EOG_SIDEBAR (eog_window_get_sidebar (window)));
  self->overlay = overlay_new (self->view);
  self->session = session_new (SESSION_SCROLLED, &host, self);
  eog_sidebar_add_page (self->sidebar, "Dinoscope", session_get_widget (self->session));
  g_signal_connect_swapped (self->view, "notify::image", G_CALLBACK (image_cb), self);
  image_cb (self);
  return self;
}

void
inspection_free (Inspection *self)
{
  g_signal_handlers_disconnect_by_data (self->view, self);
  forget_image (self);
  eog_sidebar_remove_page (self->sidebar, session_get_widget (self->session));
  session_free (self->session);
  overlay_free (self->overlay);
  g_object_unref (self->sidebar);
  g_object_unref (self->view);
  g_free (self);
}
