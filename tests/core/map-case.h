/* Small reference cases, encoded from the picture's tensor on. */
#pragma once

#include "core/encoder/encoder.h"
#include "core/picture/geometry.h"
#include "golden.h"

struct encoded
{
  struct dino_features *features;
  struct dino_geometry  geometry;
};

static inline void
encode_grid (struct encoded *encoded, const char *name, int rows, int columns, unsigned keep)
{
  const char          *shape = strstr (name, "-nonsquare"); /* of the picture, not of the checkpoint */
  g_autofree char     *relative = g_strdup_printf ("golden/checkpoint/%.*s-1", (int) (shape != NULL ? (size_t) (shape - name) : strlen (name)), name);
  g_autofree char     *path = test_data (relative);
  g_autofree float    *pixel_values = golden_tensor (name, "pixel_values", NULL);
  struct dino_error    error = { 0 };
  struct dino_model   *model = dino_model_load (path, NULL, NULL, &error);
  struct dino_team    *team = dino_team_new (1, &error);
  struct dino_encoder *encoder;

  g_assert_cmpstr (error.message, ==, "");
  g_assert_true (dino_geometry_init_raw (&encoded->geometry, 14, 14 * columns, 14 * rows, &error));
  encoder = dino_encoder_new (model, rows, columns, DINO_ISA_GENERIC, team, &error);
  encoded->features = dino_features_new (model, rows, columns, keep, &error);
  g_assert_cmpstr (error.message, ==, "");
  g_assert_true (dino_encoder_run (encoder, pixel_values, encoded->features, NULL, &error));
  dino_encoder_free (encoder);
  dino_team_free (team);
  dino_model_unref (model);
}

static inline void
encode (struct encoded *encoded, const char *name, int side, unsigned keep)
{
  encode_grid (encoded, name, side / 14, side / 14, keep);
}

/* What every map may want. */
#define KEEP_ALL (DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION)
