/* DinoscopePage: the covered copy of its picture, and maps that no overlay of
 * the panel has made. */
#include "app/dinoscope-page-private.h"

static void
update_subject (DinoscopePage *self)
{
  DinoscopeCover *cover = &self->cover_wanted;

  dinoscope_what_if_set_subject (self->what_if, self->study, self->features);
  if (!cover->known || !dinoscope_what_if_can_start (self->what_if))
    return;
  cover->known = FALSE;
  dinoscope_what_if_cover (self->what_if, (struct dino_box){ cover->box.x0, cover->box.y0, cover->box.x1, cover->box.y1 }, &cover->occlusion);
}

void
dinoscope_page_want_cover (DinoscopePage *self, const DinoscopeCover *cover)
{
  self->cover_wanted = *cover;
  update_subject (self);
}

/* It was wanted of the picture that was there. */
static void
study_changed_cb (DinoscopePage *self)
{
  self->cover_wanted.known = FALSE;
  update_subject (self);
}

/* What the covered pixels look like with the greys that are shown. */
static void
cover_drawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopePage) self = user_data;
  g_autoptr (GBytes)        pixels = dinoscope_engine_draw_greys_finish (DINOSCOPE_ENGINE (source), result, NULL);
  g_autoptr (GdkTexture)    texture = NULL;
  struct dino_box           box;
  int                       width, height;

  if (pixels == NULL || self->cover_cancellable == NULL || !self->cover_visible || !dinoscope_what_if_get_covered (self->what_if, &box))
    return;
  width = (int) (box.x1 - box.x0);
  height = (int) (box.y1 - box.y0);
  if (g_bytes_get_size (pixels) != (gsize) width * (gsize) height * 4)
    return;
  texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, pixels, (gsize) width * 4);
  dinoscope_canvas_set_cover (self->canvas, texture, box);
}

static void
update_cover (DinoscopePage *self)
{
  DinoscopeStudy *copy = dinoscope_what_if_get_copy (self->what_if);
  struct dino_box box;
  DinoscopePart   part = { 0 };

  if (copy == NULL || !self->cover_visible || !dinoscope_what_if_get_covered (self->what_if, &box))
    {
      g_clear_object (&self->cover_cancellable);
      dinoscope_canvas_set_cover (self->canvas, NULL, (struct dino_box){ 0 });
      return;
    }
  /* One request runs and one waits: they share a cancellable of their own. */
  if (self->cover_cancellable == NULL)
    self->cover_cancellable = g_cancellable_new ();
  part.x = (int) box.x0;
  part.y = (int) box.y0;
  part.width = (int) (box.x1 - box.x0);
  part.height = (int) (box.y1 - box.y0);
  dinoscope_engine_draw_greys_async (dinoscope_session_get_engine (self->session), copy, dinoscope_greys_get_display (self->greys),
                                     dinoscope_greys_get_inverted (self->greys), &part, self->cover_cancellable, cover_drawn_cb, g_object_ref (self));
}

/* All patches that have a part of box. */
static struct dino_box
touched_patches (const struct dino_geometry *geometry, struct dino_box box)
{
  struct dino_box touched = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };

  for (int row = 0; row < geometry->rows; row++)
    for (int column = 0; column < geometry->columns; column++)
      {
        struct dino_box patch = dino_geometry_patch (geometry, row, column);

        if (patch.x0 >= box.x1 || patch.x1 <= box.x0 || patch.y0 >= box.y1 || patch.y1 <= box.y0)
          continue;
        touched = (struct dino_box){ MIN (touched.x0, patch.x0), MIN (touched.y0, patch.y0), MAX (touched.x1, patch.x1), MAX (touched.y1, patch.y1) };
      }
  return touched;
}

static void
what_if_changed_cb (DinoscopePage *self)
{
  struct dino_box box, touched = { 0 };
  gboolean        covered = dinoscope_what_if_get_covered (self->what_if, &box) && self->has_geometry;

  if (covered)
    touched = touched_patches (&self->geometry, box);
  covered = covered && touched.x0 < touched.x1;
  dinoscope_canvas_set_covered_patches (self->canvas, covered ? &touched : NULL);
  update_cover (self);
  dinoscope_page_references_changed (self);
}

void
dinoscope_page_what_if_init (DinoscopePage *self)
{
  self->what_if = dinoscope_what_if_new (self->session);
  g_signal_connect_object (self->what_if, "changed", G_CALLBACK (what_if_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::study", G_CALLBACK (study_changed_cb), NULL);
  g_signal_connect (self, "features-changed", G_CALLBACK (update_subject), NULL);
  g_signal_connect_object (self->greys, "changed", G_CALLBACK (update_cover), self, G_CONNECT_SWAPPED);
}

void
dinoscope_page_what_if_clear (DinoscopePage *self)
{
  g_clear_object (&self->cover_cancellable);
  g_clear_object (&self->guest);
  g_clear_pointer (&self->guest_parameters, g_variant_unref);
  g_clear_object (&self->what_if);
}

DinoscopeWhatIf *
dinoscope_page_get_what_if (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->what_if;
}

gboolean
dinoscope_page_get_cover_visible (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), FALSE);

  return self->cover_visible;
}

void
dinoscope_page_set_cover_visible (DinoscopePage *self, gboolean visible)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->cover_visible == !!visible)
    return;
  self->cover_visible = !!visible;
  update_cover (self);
}

void
dinoscope_page_set_guest_map (DinoscopePage *self, DinoscopeMap *map, GVariant *parameters)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));
  g_return_if_fail (map == NULL || DINOSCOPE_IS_MAP (map));

  if (!g_set_object (&self->guest, map))
    return;
  g_clear_pointer (&self->guest_parameters, g_variant_unref);
  if (parameters != NULL)
    self->guest_parameters = g_variant_ref (parameters);
  dinoscope_page_guest_changed (self);
}

DinoscopeMap *
dinoscope_page_get_guest_map (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->guest;
}

GVariant *
dinoscope_page_get_guest_parameters (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->guest_parameters;
}
