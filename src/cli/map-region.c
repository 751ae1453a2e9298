#include <math.h>

#include "cli/map.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "core/maps/region.h"
#include "io/read.h"

CliExit
cli_map_read_regions (CliMap *self)
{
  struct dino_error error = { 0 };

  if (self->region == NULL)
    return CLI_EXIT_DONE;
  if (dino_picture_recognise (self->region))
    self->mask = dino_picture_read (self->region, NULL, &error);
  else
    dino_boxes_read (self->region, &self->boxes, &self->n_boxes, &error);
  return error.code == DINO_CODE_NONE ? CLI_EXIT_DONE : cli_fail_core (&error, CLI_EXIT_INPUT);
}

/* NaN, where there is no such number, is null: JSON has no other word for it. */
static json_t *
number_or_null (double value)
{
  return isfinite (value) ? json_real (value) : json_null ();
}

static json_t *
region_report (const char *label, const struct dino_region_result *result)
{
  return json_pack ("{s:o, s:o, s:o, s:o, s:o, s:b}",
                    "label", label != NULL ? cli_json_text (label) : json_null (),
                    "area", number_or_null (result->area), "mean", number_or_null (result->mean),
                    "maximum", number_or_null (result->maximum), "mass_share", number_or_null (result->mass_share),
                    "peak_inside", (int) result->peak_inside);
}

static gboolean
measure_boxes (CliMap *self, const struct dino_map *map, json_t *list, struct dino_error *error)
{
  struct dino_region_result result;

  for (size_t i = 0; i < self->n_boxes; i++)
    {
      const struct dino_named_box *named = &self->boxes[i];
      json_t                      *report;

      if (!dino_region_shape (map, named->shape, named->box, &result, error))
        return FALSE;
      report = region_report (named->label, &result);
      json_object_set_new (report, "box", json_pack ("[f, f, f, f]", named->box.x0, named->box.y0, named->box.x1, named->box.y1));
      json_object_set_new (report, "shape", json_string (dino_shape_name (named->shape)));
      json_array_append_new (list, report);
    }
  return TRUE;
}

CliExit
cli_map_report_regions (CliMap *self, const char *path, DinoscopeStudy *study, DinoscopeMap *map, json_t *result)
{
  const struct dino_map     *core = dinoscope_map_get_core (map);
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  struct dino_error          error = { 0 };
  struct dino_region_result  numbers;
  json_t                    *list;

  if (self->region == NULL)
    return CLI_EXIT_DONE;
  if (core->channels != 1)
    {
      cli_usage_error (CLI_COMMAND_MAP, _ ("--region needs a map of one number a patch; choose one component (--set component=0)."));
      return CLI_EXIT_USAGE;
    }
  if (self->mask != NULL && (self->mask->width != picture->width || self->mask->height != picture->height))
    {
      cli_error (_ ("“%s” is %d x %d pixels and the mask “%s” %d x %d; they must be equal."), path, picture->width, picture->height,
                 self->region, self->mask->width, self->mask->height);
      return CLI_EXIT_INPUT;
    }
  list = json_array ();
  if (self->mask == NULL)
    measure_boxes (self, core, list, &error);
  else if (dino_region_mask (core, self->mask, &numbers, &error))
    json_array_append_new (list, region_report (NULL, &numbers));
  json_object_set_new (result, "regions", list);
  if (error.code == DINO_CODE_NONE)
    return CLI_EXIT_DONE;
  cli_error ("%s, %s: %s", path, self->region, error.message);
  return CLI_EXIT_INPUT;
}
