/* Cases of tests/data/grey, made by tools/make_grey_cases.py. */
#pragma once

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "core/picture/picture.h"
#include "formula.h"
#include "support.h"

static inline json_t *
grey_cases (const char *name)
{
  g_autofree char *relative = g_build_filename ("grey", name, NULL);
  g_autofree char *path = test_data (relative);
  json_error_t     error;
  json_t          *json = json_load_file (path, 0, &error);

  g_assert_cmpstr (error.text, ==, "");
  return json;
}

static inline int
case_int (const json_t *json, const char *key)
{
  return (int) json_integer_value (json_object_get (json, key));
}

static inline double
case_number (const json_t *list, size_t index)
{
  return json_number_value (json_array_get (list, index));
}

/* A picture of samples of 16 bits that stand for stored values from offset on. */
static inline struct dino_picture *
deep_picture (int width, int height, bool is_signed, int file_bits)
{
  struct dino_picture *picture = dino_picture_new (width, height, 1, 16, NULL);

  g_assert_nonnull (picture);
  picture->file_bits = file_bits;
  picture->stored_offset = is_signed ? -32768 : 0;
  return picture;
}

static inline void
set_stored (struct dino_picture *picture, size_t index, int stored)
{
  picture->samples16[index] = (uint16_t) (stored - picture->stored_offset);
}

/* The deep formula picture, 16 p(x, y) + p(y, x) + offset; signed where offset is negative. */
static inline struct dino_picture *
deep_formula_picture (int width, int height, int offset)
{
  struct dino_picture *picture = deep_picture (width, height, offset < 0, 16);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      set_stored (picture, (size_t) y * (size_t) width + (size_t) x, 16 * formula (x, y) + formula (y, x) + offset);
  return picture;
}

static inline struct dino_lut *
case_lut (const json_t *json)
{
  const json_t    *entries = json_object_get (json, "entries");
  struct dino_lut *lut = dino_lut_new (json_array_size (entries), NULL);

  g_assert_nonnull (lut);
  lut->first = case_int (json, "first");
  lut->bits = case_int (json, "bits");
  for (size_t i = 0; i < lut->n; i++)
    lut->entries[i] = (uint16_t) json_integer_value (json_array_get (entries, i));
  return lut;
}

static inline enum dino_voi_function
case_function (const json_t *json)
{
  const char *name = json_string_value (json_object_get (json, "function"));

  if (name == NULL)
    return DINO_VOI_LINEAR;
  return strcmp (name, "SIGMOID") == 0 ? DINO_VOI_SIGMOID : DINO_VOI_LINEAR_EXACT;
}

/* What a header says, tables before windows. */
static inline struct dino_grey_scale *
case_grey_scale (const json_t *json)
{
  struct dino_grey_scale *grey = dino_grey_scale_new (NULL);
  const json_t           *luts = json_object_get (json, "voi");
  const json_t           *windows = json_object_get (json, "windows");
  const json_t           *rescale = json_object_get (json, "rescale");
  size_t                  n_luts = json_array_size (luts);

  g_assert_true (dino_grey_scale_set_n_voi (grey, n_luts + json_array_size (windows), NULL));
  for (size_t i = 0; i < grey->n_voi; i++)
    if (i < n_luts)
      grey->voi[i].lut = case_lut (json_array_get (luts, i));
    else
      grey->voi[i].window = (struct dino_window){ case_number (json_array_get (windows, i - n_luts), 0),
                                                  case_number (json_array_get (windows, i - n_luts), 1), case_function (json) };
  if (json_object_get (json, "modality") != NULL)
    grey->modality = case_lut (json_object_get (json, "modality"));
  if (rescale != NULL)
    {
      grey->has_rescale = true;
      grey->slope = case_number (rescale, 0);
      grey->intercept = case_number (rescale, 1);
    }
  return grey;
}

/* A row of every value that so many bits can store. */
static inline struct dino_picture *
case_picture (const json_t *json)
{
  int                  bits = case_int (json, "bits");
  struct dino_picture *picture = deep_picture (1 << bits, 1, json_is_true (json_object_get (json, "signed")), bits);

  for (int i = 0; i < picture->width; i++)
    set_stored (picture, (size_t) i, case_int (json, "low") + i);
  picture->grey = case_grey_scale (json);
  g_assert_true (dino_picture_measure (picture, NULL));
  return picture;
}
