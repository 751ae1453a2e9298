/* Grey scales, displays and the model's greys without memory: each allocation
 * fails once, the error says so and nothing leaks. */
#include "core/base/memory.h"
#include "core/picture/prepare.h"
#include "exhaust.h"
#include "formula.h"

static struct dino_picture *picture;

/* A picture whose header says all there is. */
static bool
make_picture (void *data, struct dino_error *error)
{
  struct dino_picture    *made = dino_picture_new (30, 20, 1, 16, error);
  struct dino_grey_scale *grey = made != NULL ? dino_grey_scale_new (error) : NULL;
  bool                    good = grey != NULL;

  if (good)
    {
      made->grey = grey;
      good = dino_grey_scale_set_n_voi (grey, 2, error);
    }
  if (good)
    {
      grey->modality = dino_lut_new (50, error);
      grey->voi[0].lut = dino_lut_new (60, error);
      made->attributes = dino_attributes_new (3, error);
      good = grey->modality != NULL && grey->voi[0].lut != NULL && made->attributes != NULL;
    }
  if (good)
    {
      memset (made->samples16, 0, 30 * 20 * 2);
      good = dino_picture_measure (made, error);
    }
  dino_picture_unref (made);
  return good;
}

static bool
show (void *data, struct dino_error *error)
{
  for (int kind = DINO_DISPLAY_AUTO; kind <= DINO_DISPLAY_PERCENTILE; kind++)
    {
      const struct dino_display display = { .kind = (enum dino_display_kind) kind };
      uint8_t                  *shown = dino_display_render (picture, &display, false, error);

      dino_free (shown);
      if (shown == NULL)
        return false;
    }
  return true;
}

static bool
encode (void *data, struct dino_error *error)
{
  static const struct dino_processor processor = { .resize = true, .shortest_edge = 28, .center_crop = true, .crop_width = 28, .crop_height = 28, .rescale_factor = 1, .std = { 1, 1, 1 } };

  for (int input = DINO_MODEL_INPUT_MINMAX; input <= DINO_MODEL_INPUT_BSPLINE; input++)
    {
      const struct dino_preparation preparation = { .model_input = (enum dino_model_input) input, .voi = { .kind = DINO_DISPLAY_PERCENTILE } };
      struct dino_geometry          geometry;
      float                         values[3 * 28 * 28];

      if (!dino_preparation_geometry (&preparation, &processor, 14, picture->width, picture->height, &geometry, error) ||
          !dino_prepare (picture, &processor, &preparation, &geometry, values, error))
        return false;
    }
  return true;
}

/* A line that says how a picture was prepared is made whatever there is. */
static void
test_describe (void)
{
  const struct dino_preparation preparation = { .model_input = DINO_MODEL_INPUT_WINDOW, .voi = { .kind = DINO_DISPLAY_PERCENTILE } };
  struct dino_geometry          geometry;
  struct faults                 faults;
  char                          line[DINO_PREPARATION_LENGTH];

  g_assert_true (dino_geometry_init_raw (&geometry, 14, 28, 28, NULL));
  faults_arm (&faults, FAULTS_ALL, FAULTS_FOR_GOOD, 0);
  dino_preparation_describe (&preparation, &geometry, picture, line, sizeof line);
  faults_disarm ();
  g_assert_nonnull (strstr (line, "window=percentile window-applied=percentile "));
}

static void
test_exhausted (void)
{
  exhaust ("a picture", make_picture, NULL, "");
  exhaust ("displays", show, NULL, "");
  exhaust ("the model's greys", encode, NULL, "");
}

int
main (int argc, char **argv)
{
  int status;

  faults_watch ();
  g_test_init (&argc, &argv, NULL);
  picture = dino_picture_new (45, 61, 1, 16, NULL);
  for (int i = 0; i < 45 * 61; i++)
    picture->samples16[i] = (uint16_t) (formula (i % 45, i / 45) * 9);
  g_assert_true (dino_picture_measure (picture, NULL));
  g_test_add_func ("/grey-memory/exhausted", test_exhausted);
  g_test_add_func ("/grey-memory/describe", test_describe);
  status = g_test_run ();
  dino_picture_unref (picture);
  return status;
}
