/* A reference case: what the published implementation made of one picture. */
#pragma once

#include <glib.h>
#include <math.h>

#include "core/base/memory.h"
#include "core/encoder/encoder.h"
#include "core/model/model.h"
#include "core/model/safetensors.h"

static inline void
assert_no_error (const struct dino_error *error)
{
  if (error->code != DINO_CODE_NONE)
    g_error ("%s", error->message);
}

static inline struct dino_model *
load_model (const char *path)
{
  struct dino_error  error = { 0 };
  struct dino_model *model = dino_model_load (path, NULL, NULL, &error);

  assert_no_error (&error);
  return model;
}

static inline struct dino_safetensors *
open_expected (const char *path)
{
  struct dino_error        error = { 0 };
  struct dino_safetensors *expected = dino_safetensors_open (path, &error);

  assert_no_error (&error);
  return expected;
}

/* The values of a tensor; *n is their number. NULL when there is none of that name. */
static inline float *
expected_values (const struct dino_safetensors *expected, const char *name, gsize *n)
{
  const struct dino_tensor *tensor = dino_safetensors_find (expected, name);
  struct dino_error         error = { 0 };
  float                    *values;

  if (tensor == NULL)
    return NULL;
  values = g_new (float, tensor->n_elements);
  dino_safetensors_read (expected, tensor, 0, tensor->n_elements, values, &error);
  assert_no_error (&error);
  *n = tensor->n_elements;
  return values;
}

static inline void
assert_near (const char *what, const float *values, const float *expected, gsize n, double absolute, double relative)
{
  for (gsize i = 0; i < n; i++)
    if (!(fabs ((double) values[i] - expected[i]) <= absolute + relative * fabs (expected[i])))
      g_error ("%s, element %zu of %zu: %.9g instead of %.9g", what, i, n, (double) values[i], (double) expected[i]);
}

/* values must be as the tensor of that name, which must be there and of that size. */
static inline void
assert_tensor (const struct dino_safetensors *expected, const char *name, const float *values, gsize n, double absolute, double relative)
{
  gsize             n_expected = 0;
  g_autofree float *reference = expected_values (expected, name, &n_expected);

  if (reference == NULL)
    g_error ("%s is not in the reference", name);
  g_assert_cmpuint (n_expected, ==, n);
  g_assert_nonnull (values);
  assert_near (name, values, reference, n, absolute, relative);
}

static inline struct dino_team *
new_team (int threads)
{
  struct dino_error error = { 0 };
  struct dino_team *team = dino_team_new (threads, &error);

  assert_no_error (&error);
  return team;
}

/* Everything kept. */
static inline struct dino_features *
encode (struct dino_model *model, const float *pixel_values, int rows, int columns, enum dino_isa isa, struct dino_team *team)
{
  struct dino_error     error = { 0 };
  struct dino_encoder  *encoder = dino_encoder_new (model, rows, columns, isa, team, &error);
  struct dino_features *features;

  assert_no_error (&error);
  features = dino_features_new (model, rows, columns, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, &error);
  assert_no_error (&error);
  dino_encoder_run (encoder, pixel_values, features, NULL, &error);
  assert_no_error (&error);
  dino_encoder_free (encoder);
  return features;
}
