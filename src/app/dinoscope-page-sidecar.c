/* DinoscopePage: a picture seen again as a sidecar says. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-page-private.h"

/* As dinoscope_overlay_settings_restore() has it. */
static GVariant *
make_overlay_state (const DinoscopeSidecar *sidecar)
{
  const struct dino_map_style *style = &sidecar->style;
  g_auto (GVariantDict)        dict = G_VARIANT_DICT_INIT (NULL);
  GVariantIter                 iter;
  const char                  *name;
  GVariant                    *value;

  g_variant_dict_insert (&dict, "overlay", "s", sidecar->overlay);
  g_variant_iter_init (&iter, sidecar->parameters);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autofree char *key = g_strconcat ("parameter-", name, NULL);

      g_variant_dict_insert_value (&dict, key, value);
      g_variant_unref (value);
    }
  g_variant_dict_insert (&dict, "colormap", "s", style->colormap != NULL ? style->colormap->name : "");
  g_variant_dict_insert (&dict, "opacity", "d", style->opacity);
  g_variant_dict_insert (&dict, "smooth", "s", dino_smooth_name (style->smooth));
  g_variant_dict_insert (&dict, "contours", "i", style->contours);
  if (style->has_threshold)
    g_variant_dict_insert (&dict, "threshold", "d", style->threshold);
  if (style->has_range)
    g_variant_dict_insert (&dict, "range", "(dd)", style->low, style->high);
  g_variant_dict_insert (&dict, "map-visible", "b", TRUE);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
apply_greys (DinoscopePage *self, const DinoscopeSidecar *sidecar)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (self->study);
  gboolean                   inverted;

  if (!sidecar->shown.known)
    return;
  dinoscope_greys_set_display (self->greys, &sidecar->shown.display);
  inverted = dino_display_is_inverted (picture, sidecar->shown.invert);
  dinoscope_greys_set_exchanged (self->greys, dinoscope_greys_get_exchanged (self->greys) != (inverted != dinoscope_greys_get_inverted (self->greys)));
}

/* Files are known by what they hold; which file that was is not said. */
static void
tell_files (DinoscopePage *self, const DinoscopeSidecar *sidecar)
{
  g_autofree char *text = NULL;
  const char      *name;
  GVariantIter     iter;

  g_variant_iter_init (&iter, sidecar->files);
  if (!g_variant_iter_next (&iter, "{&s&s}", &name, NULL))
    return;
  text = g_strdup_printf (_ ("The sidecar was made with a file for “%s”, which it does not hold; choose it in the panel."), name);
  dinoscope_page_tell (self, text);
}

/* Other weights, another arithmetic, other instructions: the first that differs. */
static void
tell_model (DinoscopePage *self, const DinoscopeSidecar *sidecar, DinoscopeModel *model)
{
  const char      *sha256 = dinoscope_model_peek_sha256 (model);
  gboolean         other = sha256 != NULL ? g_strcmp0 (sha256, sidecar->model_sha256) != 0 : g_strcmp0 (dinoscope_model_get_name (model), sidecar->model_name) != 0;
  const char      *precision = dinoscope_model_get_precision (model);
  const char      *instruction_set = dinoscope_model_get_instruction_set (model);
  g_autofree char *text = NULL;

  if (sidecar->model_name == NULL || sidecar->precision == NULL || sidecar->instruction_set == NULL)
    return;
  if (other)
    text = g_strdup_printf (_ ("The sidecar was made with another encoder (%s); the map differs."), sidecar->model_name);
  else if (g_strcmp0 (precision, sidecar->precision) != 0)
    text = g_strdup_printf (_ ("The sidecar was made in %s, this map in %s; the values differ."), sidecar->precision, precision);
  else if (g_strcmp0 (instruction_set, sidecar->instruction_set) != 0)
    text = g_strdup_printf (_ ("The sidecar was made with %s, this map with %s; the last digits can differ."), sidecar->instruction_set, instruction_set);
  if (text != NULL)
    dinoscope_page_tell (self, text);
}

gboolean
dinoscope_page_shows_picture_of (DinoscopePage *self, const DinoscopeSidecar *sidecar)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), FALSE);

  return self->study != NULL && g_strcmp0 (dinoscope_study_get_sha256 (self->study), sidecar->pixels_sha256) == 0 &&
         g_strcmp0 (dinoscope_study_get_grey_sha256 (self->study), sidecar->grey_sha256 != NULL ? sidecar->grey_sha256 : "") == 0;
}

/* Places are those of one picture: on another they mean nothing. */
static void
apply_places (DinoscopePage *self, const DinoscopeSidecar *sidecar)
{
  const DinoscopeSidecarView *view = &sidecar->view;
  const struct dino_picture  *picture = dinoscope_study_get_picture (self->study);
  struct dino_box             whole = { 0, 0, picture->width, picture->height };

  dinoscope_canvas_show_box (self->canvas, view->has_box ? view->box : whole, view->turns, view->flipped);
  if (view->marks != NULL)
    dinoscope_marks_restore (self->marks, view->marks);
  if (view->regions != NULL)
    dinoscope_regions_restore (self->regions, view->regions);
}

/* A copy that was changed is made again; other pictures are the window's to find. */
static void
apply_cover (DinoscopePage *self, const DinoscopeSidecar *sidecar)
{
  const DinoscopeSidecarReference *first = sidecar->references->len > 0 ? sidecar->references->pdata[0] : NULL;

  if (first != NULL && first->cover.known && dinoscope_page_shows_picture_of (self, sidecar))
    dinoscope_page_want_cover (self, &first->cover);
}

/* The rest, once the picture is prepared as the sidecar says. */
static void
finish (DinoscopePage *self)
{
  g_autoptr (DinoscopeSidecar) sidecar = g_steal_pointer (&self->sidecar);
  DinoscopeModel              *model = dinoscope_session_get_model (self->session);
  g_autoptr (GVariant)         overlay = make_overlay_state (sidecar);

  dinoscope_history_hold (self->history);
  if (dinoscope_page_shows_picture_of (self, sidecar))
    apply_places (self, sidecar);
  else
    dinoscope_page_tell (self, _ ("This is not the picture of the sidecar: its settings are used, its view and marks are not."));
  /* After the marks, which have their say in some parameters. */
  dinoscope_overlay_settings_restore (self->settings, overlay);
  apply_cover (self, sidecar);
  dinoscope_history_release (self->history);
  tell_files (self, sidecar);
  tell_model (self, sidecar, model);
}

gboolean
dinoscope_page_read_for_sidecar (DinoscopePage *self)
{
  const DinoscopeSidecar *sidecar = self->sidecar;
  gboolean                ignore_exif = self->study != NULL && dinoscope_study_get_ignore_exif (self->study);
  int                     frame = self->study != NULL ? dinoscope_study_get_preparation (self->study)->frame : 0;

  if (sidecar == NULL || self->sidecar_read || self->file == NULL || (ignore_exif == sidecar->ignore_exif && frame == sidecar->preparation.frame))
    return FALSE;
  self->sidecar_read = TRUE;
  dinoscope_page_read_again (self, sidecar->ignore_exif, sidecar->preparation.frame);
  return TRUE;
}

/* As far as what is there allows: picture, model, and being looked at. */
void
dinoscope_page_continue_sidecar (DinoscopePage *self)
{
  g_autoptr (DinoscopeOverlayProvider) provider = NULL;
  struct dino_preparation              preparation;

  if (self->sidecar == NULL || self->study == NULL || !self->active || self->open_cancellable != NULL ||
      self->preparation_cancellable != NULL || dinoscope_overlay_settings_get_parameters (self->settings) == NULL)
    return;
  provider = dinoscope_overlays_find (self->sidecar->overlay);
  if (provider == NULL)
    {
      g_autoptr (DinoscopeSidecar) sidecar = g_steal_pointer (&self->sidecar);
      g_autofree char             *text = g_strdup_printf (_ ("This version has no overlay “%s”, of which the sidecar is."), sidecar->overlay);

      dinoscope_page_tell (self, text);
      return;
    }
  if (dinoscope_page_read_for_sidecar (self))
    return;
  if (!self->sidecar_prepared)
    {
      self->sidecar_prepared = TRUE;
      apply_greys (self, self->sidecar);
      preparation = self->sidecar->preparation;
      preparation.frame = 0;
      preparation.voi = dinoscope_preparation_settings_get (self->preparation)->voi;
      dinoscope_preparation_settings_set (self->preparation, &preparation);
      /* Comes back here when the picture is there as it is to be. */
      if (dinoscope_page_prepare (self))
        return;
    }
  finish (self);
}

void
dinoscope_page_apply_sidecar (DinoscopePage *self, DinoscopeSidecar *sidecar)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));
  g_return_if_fail (sidecar != NULL);

  g_clear_pointer (&self->sidecar, dinoscope_sidecar_free);
  self->sidecar = sidecar;
  self->sidecar_read = FALSE;
  self->sidecar_prepared = FALSE;
  dinoscope_page_continue_sidecar (self);
}
