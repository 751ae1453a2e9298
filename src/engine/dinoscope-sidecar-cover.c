/* How a covered copy was made, in sidecars. */
#include "engine/dinoscope-sidecar-private.h"

#include "core/model/json.h"

json_t *
dinoscope_sidecar_cover_to_json (const DinoscopeCover *cover)
{
  const struct dino_occlusion *occlusion = &cover->occlusion;
  json_t                      *json;

  if (!cover->known)
    return NULL;
  json = json_object ();
  json_object_set_new (json, "box", dinoscope_sidecar_box_to_json ((struct dino_box){ cover->box.x0, cover->box.y0, cover->box.x1, cover->box.y1 }));
  json_object_set_new (json, "fill", json_string (dino_fill_name (occlusion->fill)));
  if (occlusion->fill == DINO_FILL_GREY)
    json_object_set_new (json, "level", json_real (occlusion->level));
  else if (occlusion->fill == DINO_FILL_BLUR)
    json_object_set_new (json, "sigma", json_real (occlusion->sigma));
  else if (occlusion->fill == DINO_FILL_COPY)
    {
      json_object_set_new (json, "source-x", json_integer (occlusion->source_x));
      json_object_set_new (json, "source-y", json_integer (occlusion->source_y));
      json_object_set_new (json, "mirrored", json_boolean (occlusion->mirrored));
    }
  return json;
}

static gboolean
read_box (const json_t *json, struct dino_pixel_box *pixels)
{
  struct dino_box box;

  /* In this order: what is left of it fits into whole numbers. */
  if (!dinoscope_sidecar_box_from_json (json, &box) || box.x0 < 0 || box.y0 < 0 || !(box.x1 <= G_MAXINT16) || !(box.y1 <= G_MAXINT16) || box.x0 > box.x1 || box.y0 > box.y1)
    return FALSE;
  *pixels = (struct dino_pixel_box){ (int) box.x0, (int) box.y0, (int) box.x1, (int) box.y1 };
  return pixels->x0 < pixels->x1 && pixels->y0 < pixels->y1;
}

gboolean
dinoscope_sidecar_cover_from_json (const json_t *json, DinoscopeCover *cover)
{
  struct dino_occlusion *occlusion = &cover->occlusion;
  struct dino_error      ignored = { 0 };
  const char            *fill = NULL;

  cover->known = json_is_object (json) && read_box (dino_json_get (json, "box"), &cover->box) &&
                 dino_json_get_string (json, "", "fill", &fill, &ignored) && fill != NULL && dino_fill_parse (fill, &occlusion->fill) &&
                 dino_json_get_double (json, "", "level", 0, 1, &occlusion->level, &ignored) &&
                 dino_json_get_double (json, "", "sigma", 0, DINO_BLUR_MAX_SIGMA, &occlusion->sigma, &ignored) &&
                 dino_json_get_int (json, "", "source-x", 0, G_MAXINT16, &occlusion->source_x, &ignored) &&
                 dino_json_get_int (json, "", "source-y", 0, G_MAXINT16, &occlusion->source_y, &ignored) &&
                 dino_json_get_bool (json, "", "mirrored", &occlusion->mirrored, &ignored);
  return cover->known;
}
