#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/config.h"
#include "core/model/json.h"

#define MAX_FILE ((size_t) 1 << 20)
#define MAX_WEIGHT ((size_t) 1 << 16)
#define MAX_SIDE 16384

/* Pillow's and transformers' number of the filter. */
#define RESAMPLE_BICUBIC 3

/* Those do the same steps in the same order with the same defaults. */
static const char *const known_types[] = {
  "BitImageProcessor", "BitImageProcessorFast", "BitImageProcessorPil",
  "CLIPImageProcessor", "CLIPImageProcessorFast", "CLIPImageProcessorPil"
};

static bool
check_type (const json_t *root, const char *path, struct dino_error *error)
{
  const char *type = NULL;

  if (!dino_json_get_string (root, path, "image_processor_type", &type, error))
    return false;
  for (size_t i = 0; type != NULL && i < sizeof known_types / sizeof *known_types; i++)
    if (strcmp (type, known_types[i]) == 0)
      type = NULL;
  if (type != NULL)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is for the image processor “%.64s”; only “BitImageProcessor” is supported."), path, type);
  return true;
}

static bool
check_resample (const json_t *root, const char *path, struct dino_error *error)
{
  static const char *const names[] = { "nearest", "lanczos", "bilinear", "bicubic", "box", "hamming" };
  int                      filter = RESAMPLE_BICUBIC;

  if (!dino_json_get_int (root, path, "resample", 0, 5, &filter, error))
    return false;
  if (filter != RESAMPLE_BICUBIC)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” asks for %s resampling (%d); only bicubic (3) is supported."), path, names[filter], filter);
  return true;
}

/* Height and width, or one number for both, which may stand alone. */
static bool
read_box (const json_t *root, const char *path, const char *key, int *width, int *height, struct dino_error *error)
{
  const json_t *size = dino_json_get (root, key);

  if (size == NULL)
    return true;
  if (json_is_integer (size))
    return dino_json_get_int (root, path, key, 1, MAX_SIDE, width, error) && dino_json_get_int (root, path, key, 1, MAX_SIDE, height, error);
  if (dino_json_get (size, "height") == NULL || dino_json_get (size, "width") == NULL)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: “%s” has no height and width."), path, key);
  return dino_json_get_int (size, path, "height", 1, MAX_SIDE, height, error) && dino_json_get_int (size, path, "width", 1, MAX_SIDE, width, error);
}

static bool
read_size (const json_t *root, const char *path, struct dino_processor *processor, struct dino_error *error)
{
  const json_t *size = dino_json_get (root, "size");

  if (size == NULL || json_is_integer (size))
    return dino_json_get_int (root, path, "size", 1, MAX_SIDE, &processor->shortest_edge, error);
  if (dino_json_get (size, "longest_edge") != NULL)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” limits the longest edge of pictures; only “shortest_edge” or “height” and “width” are supported."), path);
  if (dino_json_get (size, "shortest_edge") != NULL)
    return dino_json_get_int (size, path, "shortest_edge", 1, MAX_SIDE, &processor->shortest_edge, error);
  return read_box (root, path, "size", &processor->resize_width, &processor->resize_height, error);
}

static bool
read_triple (const json_t *root, const char *path, const char *key, double minimum, float values[3], struct dino_error *error)
{
  const json_t *list = dino_json_get (root, key);

  if (list == NULL)
    return true;
  if (json_array_size (list) != 3)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: “%s” is not a list of three numbers."), path, key);
  for (size_t i = 0; i < 3; i++)
    {
      const json_t *value = json_array_get (list, i);

      if (!json_is_number (value))
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: “%s” is not a list of three numbers."), path, key);
      if (json_number_value (value) < minimum || json_number_value (value) > 1e6)
        return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: a number of “%s” is out of range."), path, key);
      values[i] = (float) json_number_value (value);
    }
  return true;
}

static bool
read_steps (const json_t *root, const char *path, struct dino_processor *processor, struct dino_error *error)
{
  bool rescale = true, normalize = true;

  if (!dino_json_get_bool (root, path, "do_resize", &processor->resize, error) ||
      !dino_json_get_bool (root, path, "do_center_crop", &processor->center_crop, error) ||
      !dino_json_get_bool (root, path, "do_rescale", &rescale, error) ||
      !dino_json_get_bool (root, path, "do_normalize", &normalize, error))
    return false;
  if (processor->resize && !(check_resample (root, path, error) && read_size (root, path, processor, error)))
    return false;
  if (processor->center_crop && !read_box (root, path, "crop_size", &processor->crop_width, &processor->crop_height, error))
    return false;
  if (!rescale)
    processor->rescale_factor = 1;
  else if (!dino_json_get_double (root, path, "rescale_factor", 1e-12, 1e6, &processor->rescale_factor, error))
    return false;
  if (normalize)
    return read_triple (root, path, "image_mean", -1e6, processor->mean, error) &&
           read_triple (root, path, "image_std", 1e-6, processor->std, error);
  for (int i = 0; i < 3; i++)
    {
      processor->mean[i] = 0;
      processor->std[i] = 1;
    }
  return true;
}

bool
dino_processor_read (const char *path, struct dino_processor *processor, struct dino_error *error)
{
  /* The defaults of transformers' BitImageProcessor; mean and deviation are CLIP's. */
  struct dino_processor result = {
    .resize = true,
    .shortest_edge = 224,
    .center_crop = true,
    .crop_width = 224,
    .crop_height = 224,
    .rescale_factor = 1 / 255.0,
    .mean = { 0.48145466f, 0.4578275f, 0.40821073f },
    .std = { 0.26862954f, 0.26130258f, 0.27577711f },
  };
  json_t *root = dino_json_read (path, MAX_FILE, MAX_WEIGHT, error);
  bool    ok;

  if (root == NULL)
    return false;
  ok = check_type (root, path, error) && read_steps (root, path, &result, error);
  json_decref (root);
  if (ok)
    *processor = result;
  return ok;
}
