/* Preparing, mapping and drawing without memory: each allocation fails once,
 * the error says so and nothing leaks. */
#include "core/base/memory.h"
#include "core/encoder/encoder.h"
#include "core/maps/difference.h"
#include "core/maps/draw.h"
#include "core/maps/parts.h"
#include "core/maps/rollout.h"
#include "core/maps/similarity.h"
#include "core/maps/token-maps.h"
#include "core/maps/token-norm.h"
#include "core/picture/prepare.h"
#include "core/picture/resize.h"
#include "exhaust.h"
#include "formula.h"
#include "golden.h"

static struct dino_picture  *picture;
static struct dino_features *features;
static struct dino_team     *team;
static struct dino_geometry  features_geometry;

static bool
prepare (void *data, struct dino_error *error)
{
  static const struct dino_processor   processor = { .resize = true, .shortest_edge = 28, .center_crop = true, .crop_width = 28, .crop_height = 28, .rescale_factor = 1, .std = { 1, 1, 1 } };
  static const struct dino_preparation preparation = { .fit = DINO_FIT_CROP, .invert = DINO_INVERT_YES };
  struct dino_geometry                 geometry;
  float                                values[3 * 28 * 28];

  return dino_geometry_init (&geometry, &processor, 14, picture->width, picture->height, DINO_FIT_CROP, 0, error) &&
         dino_prepare (picture, &processor, &preparation, &geometry, values, error);
}

static bool
turn (void *data, struct dino_error *error)
{
  struct dino_picture *turned = dino_picture_oriented (picture, 6, error);

  dino_picture_unref (turned);
  return turned != NULL;
}

static bool
reduce (void *data, struct dino_error *error)
{
  uint8_t target[3 * 10 * 10];

  return dino_resize_area (picture->samples8, picture->width, picture->height, 3, target, 10, 10, error);
}

static bool
draw (void *data, struct dino_error *error)
{
  static const struct dino_cls_attention_options options = { .block = 1, .head = DINO_HEAD_MEAN, .has_mass = true, .mass = 0.5 };
  struct dino_map                               *map = dino_cls_attention_map (features, &features_geometry, &options, NULL, error);
  uint8_t                                        rgba[4 * 9 * 9];
  bool                                           drawn = map != NULL;

  for (enum dino_smooth smooth = DINO_SMOOTH_CELLS; drawn && smooth <= DINO_SMOOTH_GUIDED; smooth++)
    {
      const struct dino_map_style style = { .opacity = 1, .smooth = smooth };

      drawn = dino_map_draw (map, &style, picture->samples8, picture->width, picture->height, map->seen, rgba, 9, 9, NULL, error);
    }
  dino_map_unref (map);
  return drawn;
}

static bool
map_pca (void *data, struct dino_error *error)
{
  struct dino_pca_options options = { .block = 1, .norm = true, .component = 0, .has_foreground = true, .foreground = -1 };
  struct dino_pca        *fitted = NULL, *copy = NULL;
  struct dino_map        *map = dino_pca_map (features, &features_geometry, &options, &fitted, NULL, error);
  struct dino_map        *again = NULL;

  options.basis = fitted;
  if (map != NULL)
    again = dino_pca_map (features, &features_geometry, &options, &copy, NULL, error);
  g_assert_true ((map != NULL) == (fitted != NULL));
  g_assert_true ((again != NULL) == (copy != NULL));
  dino_map_unref (map);
  dino_map_unref (again);
  dino_pca_free (fitted);
  dino_pca_free (copy);
  return again != NULL;
}

static bool
finish (struct dino_map *map)
{
  dino_map_unref (map);
  return map != NULL;
}

static bool
map_attention (void *data, struct dino_error *error)
{
  const struct dino_patch_attention_options patch = { .block = 1, .head = DINO_HEAD_MAX, .team = team };
  const struct dino_head_entropy_options    entropy = { .block = 1, .head = DINO_HEAD_MEAN, .team = team };
  const struct dino_rollout_options         rollout = { .block = 1, .discard = 0.5, .team = team };

  return finish (dino_patch_attention_map (features, &features_geometry, &patch, error)) &&
         finish (dino_head_entropy_map (features, &features_geometry, &entropy, error)) &&
         finish (dino_rollout_map (features, &features_geometry, &rollout, error));
}

static bool
map_norm (void *data, struct dino_error *error)
{
  struct dino_norm_summary summary;

  return finish (dino_norm_map (features, &features_geometry, 1, true, &summary, error));
}

static bool
map_parts (void *data, struct dino_error *error)
{
  const struct dino_parts_options options = { .block = 1, .norm = true, .k = 3, .team = team };
  struct dino_kmeans             *found = NULL;
  struct dino_map                *map = dino_parts_map (features, &features_geometry, &options, &found, error);

  dino_kmeans_free (found);
  return finish (map);
}

static bool
map_similarity (void *data, struct dino_error *error)
{
  static const struct dino_patch pins[] = { { 0, 1 }, { 2, 2 } };
  struct dino_similarity_options options = { .block = 1, .norm = true, .pins = pins, .n_pins = 2, .team = team };

  if (!finish (dino_similarity_map (features, &features_geometry, &options, error)))
    return false;
  options.compared = DINO_COMPARED_KEY;
  return finish (dino_similarity_map (features, &features_geometry, &options, error));
}

static bool
map_difference (void *data, struct dino_error *error)
{
  for (int measure = DINO_MEASURE_COSINE; measure <= DINO_MEASURE_CLS_ATTENTION; measure++)
    {
      const struct dino_difference_options options = { .measure = (enum dino_measure) measure, .block = 1, .norm = true };

      if (!finish (dino_difference_map (features, &features_geometry, &options, error)))
        return false;
    }
  return true;
}

static void
test_maps (void)
{
  exhaust ("preparation", prepare, NULL, "");
  exhaust ("turned", turn, NULL, "");
  exhaust ("reduced", reduce, NULL, "");
  exhaust ("drawn", draw, NULL, "");
  exhaust ("pca", map_pca, NULL, "");
  exhaust ("attention", map_attention, NULL, "");
  exhaust ("norm", map_norm, NULL, "");
  exhaust ("parts", map_parts, NULL, "");
  exhaust ("similarity", map_similarity, NULL, "");
  exhaust ("difference", map_difference, NULL, "");
}

static void
make_features (void)
{
  g_autofree char     *path = test_data ("golden/checkpoint/tiny-1");
  g_autofree float    *pixel_values = golden_tensor ("tiny", "pixel_values", NULL);
  struct dino_model   *model = dino_model_load (path, NULL, NULL, NULL);
  struct dino_encoder *encoder;

  team = dino_team_new (1, NULL);
  encoder = dino_encoder_new (model, 4, 4, DINO_ISA_GENERIC, team, NULL);

  features = dino_features_new (model, 4, 4, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION, NULL);
  g_assert_true (dino_geometry_init_raw (&features_geometry, 14, 56, 56, NULL));
  g_assert_true (dino_encoder_run (encoder, pixel_values, features, NULL, NULL));
  dino_encoder_free (encoder);
  dino_model_unref (model);
}

int
main (int argc, char **argv)
{
  int result;

  faults_watch ();
  g_test_init (&argc, &argv, NULL);
  picture = formula_picture (60, 50, 3);
  make_features ();
  g_test_add_func ("/maps-memory", test_maps);
  result = g_test_run ();
  dino_features_unref (features);
  dino_team_free (team);
  dino_picture_unref (picture);
  return result;
}
