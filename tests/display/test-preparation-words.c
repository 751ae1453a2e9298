/* What is said of a preparation, and how its work is counted. */
#include "support.h"

#include "app/dinoscope-features-cache.h"
#include "app/dinoscope-preparation-settings.h"
#include "app/dinoscope-preparation-words.h"

static const struct dino_processor processor = {
  .resize = true,
  .shortest_edge = 518,
  .center_crop = true,
  .crop_width = 518,
  .crop_height = 518,
  .rescale_factor = 1.0 / 255,
  .std = { 1, 1, 1 },
};

static struct dino_geometry
make_geometry (int width, int height, const struct dino_preparation *preparation)
{
  struct dino_geometry geometry;
  struct dino_error    failure = { 0 };

  g_assert_true (dino_geometry_init (&geometry, &processor, 14, width, height, preparation->fit, preparation->input_size, &failure));
  return geometry;
}

static void
assert_badge (int width, int height, struct dino_preparation preparation, const char *expected)
{
  const struct dino_preparation nothing = { 0 };
  struct dino_geometry          geometry = make_geometry (width, height, &preparation);
  struct dino_geometry          own = make_geometry (width, height, &nothing);
  g_autofree char              *badge = dinoscope_preparation_badge (&preparation, &geometry, &own);

  g_assert_cmpstr (badge, ==, expected);
}

static void
test_badge (void)
{
  /* A square picture of the processor's size: all of it is seen. */
  assert_badge (518, 518, (struct dino_preparation){ 0 }, NULL);
  /* 1036 of 1480 rows are seen: 30 % are not. */
  assert_badge (1036, 1480, (struct dino_preparation){ 0 }, "30.0\u202f% of the picture is not seen");
  assert_badge (1036, 1480, (struct dino_preparation){ .fit = DINO_FIT_PAD }, "Padded, 37 × 37 patches — not what the model was trained with");
  assert_badge (1036, 1484, (struct dino_preparation){ .fit = DINO_FIT_WHOLE }, "Whole picture, 37 × 53 patches — not what the model was trained with");
  assert_badge (1036, 1480, (struct dino_preparation){ .input_size = 140 }, "10 × 10 patches — not what the model was trained with\n30.0\u202f% of the picture is not seen");
  /* The processor's own size by another name. */
  assert_badge (518, 518, (struct dino_preparation){ .input_size = 518 }, NULL);
  assert_badge (518, 518, (struct dino_preparation){ .fit = DINO_FIT_WHOLE }, NULL);
  assert_badge (518, 518, (struct dino_preparation){ .model_input = DINO_MODEL_INPUT_BSPLINE }, "Model card’s B-spline — not the processor’s own");
  assert_badge (518, 518, (struct dino_preparation){ .model_input = DINO_MODEL_INPUT_WINDOW, .invert = DINO_INVERT_YES }, "Window applied, inverted as asked — not the processor’s own");
}

static void
test_equal (void)
{
  struct dino_preparation one = { 0 };
  struct dino_preparation other = { .voi = { .kind = DINO_DISPLAY_WINDOW, .window = { 40, 400, DINO_VOI_LINEAR } } };

  /* What is shown does not concern the model, unless it is applied. */
  g_assert_true (dinoscope_preparation_equal (&one, &other));
  one.model_input = other.model_input = DINO_MODEL_INPUT_WINDOW;
  g_assert_false (dinoscope_preparation_equal (&one, &other));
  one.voi = other.voi;
  g_assert_true (dinoscope_preparation_equal (&one, &other));
  one.voi.window.width = 401;
  g_assert_false (dinoscope_preparation_equal (&one, &other));
  one.voi = other.voi = (struct dino_display){ .kind = DINO_DISPLAY_FILE, .voi = 1 };
  g_assert_true (dinoscope_preparation_equal (&one, &other));
  other.voi.voi = 2;
  g_assert_false (dinoscope_preparation_equal (&one, &other));
  g_assert_false (dinoscope_preparation_is_own (&one));
}

/* ViT-B: 12 D² multiplications a token and 2 T D for its attention, a block. */
static void
test_work (void)
{
  const struct dino_config config = { .hidden_size = 768, .mlp_size = 3072 };
  double                   tokens = 1 + 37 * 37;
  double                   more = 1 + 37 * 53;
  double                   own = tokens * 12 * 768 * 768 + 2 * tokens * tokens * 768;
  double                   whole = more * 12 * 768 * 768 + 2 * more * more * 768;

  g_assert_cmpfloat_with_epsilon (dinoscope_preparation_work (&config, 53, 37, 37, 37), whole / own, 1e-12);
  g_assert_cmpfloat (dinoscope_preparation_work (&config, 37, 37, 37, 37), ==, 1);
}

static void
test_cost (void)
{
  const struct dino_preparation nothing = { 0 };
  const struct dino_preparation whole = { .fit = DINO_FIT_WHOLE };
  struct dino_geometry          own = make_geometry (1036, 1484, &nothing);
  struct dino_geometry          geometry = make_geometry (1036, 1484, &whole);
  g_autofree char              *same = dinoscope_preparation_cost (&own, &own, 1, 1000);
  g_autofree char              *more = dinoscope_preparation_cost (&geometry, &own, 1.5, 612000000);

  g_assert_cmpstr (same, ==, "518 × 518 px, 37 × 37 patches");
  g_assert_true (g_str_has_prefix (more, "518 × 742 px, 37 × 53 patches\n1.5 times the work, 612"));
}

/* Resized to 256 and cut to 224, or resized to 224: the same input size, other features. */
static void
test_cache_key (void)
{
  const struct dino_preparation other = { .input_size = 224 };
  g_autofree char              *golden = test_data ("golden");
  g_autofree char              *path = g_build_filename (golden, "checkpoint", "tiny-224crop-1", NULL);
  g_autofree char              *picture = g_build_filename (golden, "modes", "grey8.png", NULL);
  g_autoptr (GFile)             file = g_file_new_for_path (picture);
  g_autoptr (GError)            error = NULL;
  g_autoptr (DinoscopeEngine)   engine = dinoscope_engine_new (1, &error);
  g_autoptr (DinoscopeModel)    model = dinoscope_engine_load_model (engine, path, NULL, NULL, &error);
  g_autoptr (DinoscopeStudy)    study = dinoscope_engine_open (engine, file, NULL, FALSE, NULL, &error);
  g_autoptr (DinoscopeStudy)    again = dinoscope_engine_open (engine, file, NULL, FALSE, NULL, &error);
  g_autoptr (DinoscopeStudy)    resized = dinoscope_study_new_with_preparation (study, &other, NULL, &error);
  g_autofree char              *key = dinoscope_features_cache_key (study, model);
  g_autofree char              *same_key = dinoscope_features_cache_key (again, model);
  g_autofree char              *other_key = dinoscope_features_cache_key (resized, model);

  g_assert_no_error (error);
  g_assert_cmpstr (key, ==, same_key);
  g_assert_cmpstr (key, !=, other_key);
  dinoscope_engine_shutdown (engine);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/preparation-words/badge", test_badge);
  g_test_add_func ("/preparation-words/equal", test_equal);
  g_test_add_func ("/preparation-words/work", test_work);
  g_test_add_func ("/preparation-words/cost", test_cost);
  g_test_add_func ("/preparation-words/cache-key", test_cache_key);
  return g_test_run ();
}
