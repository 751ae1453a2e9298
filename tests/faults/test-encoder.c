/* Loading a model, encoding and looking at what came of it while memory runs
 * out, at every allocation in turn, in each precision that the processor has. */
#include "core/base/memory.h"
#include "core/encoder/batch.h"
#include "core/encoder/calibration.h"
#include "core/encoder/encoder.h"
#include "core/encoder/precision.h"
#include "core/maps/attention-maps.h"
#include "core/maps/difference.h"
#include "core/maps/parts.h"
#include "core/maps/similarity.h"
#include "core/picture/occlude.h"
#include "core/picture/thumbnail.h"
#include "exhaust.h"
#include "support.h"

#define SIDE 4
#define PIXELS ((size_t) SIDE * 14)

static float             pixel_values[3 * PIXELS * PIXELS];
static struct dino_team *team;

/* One of each precision, and the pictures that 8 bits are measured on. */
struct precision
{
  char                *path;
  enum dino_precision  precision;
  struct dino_picture *picture;
};

static bool
load (void *data, struct dino_error *error)
{
  const struct precision   *self = data;
  struct dino_model_options options = dino_model_options_default ();
  struct dino_calibration  *calibration = NULL;
  struct dino_model        *model = NULL;

  options.precision = self->precision;
  options.team = team;
  if (self->precision == DINO_PRECISION_INT8)
    {
      calibration = dino_calibration_new (&self->picture, 1, options.isa, team, error);
      options.calibrator = calibration != NULL ? dino_calibration_calibrator (calibration) : NULL;
    }
  if (error->code == DINO_CODE_NONE)
    model = dino_model_load (self->path, &options, NULL, error);
  dino_model_unref (model);
  dino_calibration_free (calibration);
  return model != NULL;
}

static bool
encode (void *data, struct dino_error *error)
{
  struct dino_model    *model = data;
  struct dino_features *features = dino_features_new (model, SIDE, SIDE, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, error);
  struct dino_encoder  *encoder = features != NULL ? dino_encoder_new (model, SIDE, SIDE, dino_isa_detect (), team, error) : NULL;
  bool                  done = encoder != NULL && dino_encoder_run (encoder, pixel_values, features, NULL, error);

  dino_encoder_free (encoder);
  dino_features_unref (features);
  return done;
}

static float *
prepare (void *data, size_t index, int *rows, int *columns, struct dino_error *error)
{
  float *values = dino_alloc (G_N_ELEMENTS (pixel_values), sizeof *values, error);

  *rows = *columns = SIDE;
  if (values != NULL)
    memcpy (values, pixel_values, sizeof pixel_values);
  return values;
}

/* The first error is told; a batch goes on without the picture. */
static bool
finish (void *data, size_t index, struct dino_features *features, const struct dino_error *error)
{
  if (features == NULL)
    dino_error_set (data, error->code, "%s", error->message);
  return true;
}

static bool
encode_batch (void *data, struct dino_error *error)
{
  struct dino_batch             *batch = dino_batch_new (data, 1, 1, dino_isa_detect (), error);
  struct dino_error              failed = { 0 };
  const struct dino_batch_source source = { .data = &failed, .n_pictures = 2, .keep = DINO_KEEP_OUTPUT, .prepare = prepare, .finish = finish };

  if (batch != NULL)
    dino_batch_run (batch, &source, NULL);
  dino_batch_free (batch);
  if (failed.code != DINO_CODE_NONE)
    dino_error_set (error, failed.code, "%s", failed.message);
  return batch != NULL && failed.code == DINO_CODE_NONE;
}

static struct dino_features *
features_of (struct dino_model *model)
{
  struct dino_features *features = dino_features_new (model, SIDE, SIDE, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, NULL);
  struct dino_encoder  *encoder = dino_encoder_new (model, SIDE, SIDE, dino_isa_detect (), team, NULL);

  g_assert_true (dino_encoder_run (encoder, pixel_values, features, NULL, NULL));
  dino_encoder_free (encoder);
  return features;
}

static bool
look (void *data, struct dino_error *error)
{
  struct dino_features *features = data, *snapshot = NULL;
  const size_t          n = dino_features_n_tokens (features);
  g_autofree float     *attention = g_new (float, 2 * n * n);
  g_autofree float     *tokens = g_new (float, n * 32);
  bool                  done = dino_features_tokens (features, 0, true, tokens, error) && dino_features_similarity (features, 1, true, 3, team, attention, error) &&
              dino_features_facet (features, 1, DINO_FACET_KEY, team, tokens, error) && dino_features_attention (features, 0, 0, 2, team, attention, NULL, error);

  if (done)
    snapshot = dino_features_snapshot (features, error);
  dino_features_unref (snapshot);
  return done && snapshot != NULL;
}

static void
test_precision (gconstpointer data)
{
  const enum dino_precision number = (enum dino_precision) GPOINTER_TO_INT (data);
  g_autofree char          *path = test_data ("golden/checkpoint/tiny-1");
  struct precision          precision = { .path = path, .precision = number, .picture = dino_picture_new (60, 60, 1, 8, NULL) };
  struct dino_model_options options = dino_model_options_default ();
  g_autofree char          *name = g_strdup_printf ("model, %s", dino_precision_name (number));
  struct dino_model        *model;
  struct dino_features     *features;
  enum dino_isa             isa;

  if (!dino_precision_isa (number, dino_isa_detect (), &isa))
    {
      g_test_skip ("this processor cannot compute in it");
      dino_picture_unref (precision.picture);
      return;
    }
  for (size_t i = 0; i < 3600; i++)
    precision.picture->samples8[i] = (uint8_t) (i * 7 + i / 60);
  g_assert_true (dino_picture_measure (precision.picture, NULL));
  exhaust (name, load, &precision, "");

  options.precision = number;
  model = dino_model_load (path, &options, NULL, NULL);
  g_assert_nonnull (model);
  exhaust ("a forward pass", encode, model, "");
  exhaust ("a batch", encode_batch, model, "");
  features = features_of (model);
  exhaust ("what features are asked", look, features, "");
  dino_features_unref (features);
  dino_model_unref (model);
  dino_picture_unref (precision.picture);
}

static bool
shrink (void *data, struct dino_error *error)
{
  struct dino_thumbnail *thumbnail = dino_thumbnail_new (data, 20, error);

  dino_free (thumbnail);
  return thumbnail != NULL;
}

static void
test_picture (void)
{
  struct dino_picture *picture = dino_picture_new (60, 50, 3, 8, NULL);

  memset (picture->samples8, 9, 60 * 50 * 3);
  g_assert_true (dino_picture_measure (picture, NULL));
  exhaust ("thumbnail", shrink, picture, "");
  dino_picture_unref (picture);
}

int
main (int argc, char **argv)
{
  int status;

  faults_watch ();
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (pixel_values); i++)
    pixel_values[i] = (float) (i * 7 % 31) / 31 - 0.5f;
  team = dino_team_new (2, NULL);
  for (int i = 0; i < DINO_N_PRECISIONS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/memory/encoder/%s", dino_precision_name ((enum dino_precision) i));

      g_test_add_data_func (path, GINT_TO_POINTER (i), test_precision);
    }
  g_test_add_func ("/memory/encoder/picture", test_picture);
  status = g_test_run ();
  dino_team_free (team);
  return status;
}
