#include "io/preparation-json.h"

#include <jansson.h>

#include "core/model/json-memory.h"

/* A picture of any other shape gives the same short side. */
#define WIDTH 1000
#define HEIGHT 1250

char *
dino_preparation_to_json (const struct dino_preparation *preparation, const struct dino_processor *processor, int patch, bool ignore_exif, struct dino_error *error)
{
  struct dino_geometry geometry;
  json_t              *json;
  char                *text;
  char                 window[DINO_DISPLAY_LENGTH];

  if (!dino_preparation_geometry (preparation, processor, patch, WIDTH, HEIGHT, &geometry, error))
    return NULL;
  json = json_pack ("{s:s, s:i, s:s, s:s, s:s}", "fit", dino_fit_name (preparation->fit),
                    "input-size", geometry.input_width < geometry.input_height ? geometry.input_width : geometry.input_height,
                    "model-input", dino_model_input_name (preparation->model_input), "invert", dino_invert_name (preparation->invert),
                    "exif", ignore_exif ? "ignored" : "applied");
  if (preparation->model_input == DINO_MODEL_INPUT_WINDOW)
    json_object_set_new (json, "window", json_string (dino_display_format (&preparation->voi, window)));
  if (preparation->frame > 0)
    json_object_set_new (json, "frame", json_integer (preparation->frame));
  text = dino_json_dump (json, JSON_SORT_KEYS, error);
  json_decref (json);
  return text;
}
