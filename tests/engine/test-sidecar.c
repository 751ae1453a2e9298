/* Sidecars: written, read back, and hostile ones refused. */
#include <glib/gstdio.h>
#include <locale.h>
#include <sys/stat.h>

#include <jansson.h>

#include "engine-support.h"

#include "core/maps/pca.h"
#include "engine/dinoscope-study-private.h"
#include "io/safetensors-write.h"

#define KEEP_ALL (DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION)

typedef struct
{
  DinoscopeEngine   *engine;
  DinoscopeFeatures *features;
  char              *root;
  char              *path; /* of a sidecar */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeModel) model = NULL;
  g_autoptr (DinoscopeStudy) study = NULL;

  fixture->root = support_make_folder ();
  fixture->path = g_build_filename (fixture->root, "map.json", NULL);
  fixture->engine = dinoscope_engine_new (1, &error);
  g_assert_no_error (error);
  model = support_load_checkpoint (fixture->engine, "tiny-1");
  study = support_open_formula (fixture->engine, 91, 70);
  fixture->features = dinoscope_engine_encode (fixture->engine, study, model, KEEP_ALL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->features);
  dinoscope_engine_shutdown (fixture->engine);
  g_assert_finalize_object (fixture->engine);
  support_remove_tree (fixture->root);
  g_free (fixture->root);
  g_free (fixture->path);
}

static char *
make_text_of (Fixture *fixture, const DinoscopeSidecarRadiograph *radiograph, const char *overlay, const char *parameters, const struct dino_map_style *style)
{
  const DinoscopeSidecarView           view = { .model_size = TRUE, .bar = TRUE, .width = 640, .height = 480 };
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (overlay);
  g_autoptr (DinoscopeContext)         context = dinoscope_context_new (fixture->features, NULL, 0);
  g_autoptr (GVariant)                 values = g_variant_ref_sink (g_variant_new_parsed (parameters));
  g_autoptr (GError)                   error = NULL;
  g_autoptr (DinoscopeMap)             map = dinoscope_overlay_provider_compute (provider, context, values, NULL, NULL, NULL, &error);
  char                                *text;

  g_assert_no_error (error);
  text = dinoscope_sidecar_to_json (fixture->features, radiograph, overlay, values, map, style, &view, &error);
  g_assert_no_error (error);
  return text;
}

static char *
make_text (Fixture *fixture, const char *overlay, const char *parameters, const struct dino_map_style *style)
{
  return make_text_of (fixture, NULL, overlay, parameters, style);
}

static DinoscopeSidecar *
write_and_read (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  DinoscopeSidecar  *sidecar;

  g_assert_true (dinoscope_sidecar_write (fixture->path, text, &error));
  g_assert_no_error (error);
  sidecar = dinoscope_sidecar_read (fixture->path, &error);
  g_assert_no_error (error);
  return sidecar;
}

static void
init_style (struct dino_map_style *style)
{
  dino_map_style_init (style);
  style->colormap = dino_colormap_find ("magma");
  style->opacity = 0.35;
  style->has_threshold = true;
  style->threshold = 1e-7;
  style->has_range = true;
  style->low = 0;
  style->high = 0.1;
  style->smooth = DINO_SMOOTH_BILINEAR;
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  DinoscopeModel              *model = dinoscope_features_get_model (fixture->features);
  struct dino_map_style        style;
  g_autofree char             *text = NULL;
  g_autoptr (DinoscopeSidecar) sidecar = NULL;
  g_autoptr (GVariant)         expected = g_variant_ref_sink (g_variant_new_parsed ("{'block': <0>, 'head': <'1'>}"));

  init_style (&style);
  text = make_text (fixture, "cls-attention", "{'head': <'1'>, 'block': <0>}", &style);
  sidecar = write_and_read (fixture, text);
  g_assert_cmpstr (sidecar->overlay, ==, "cls-attention");
  g_assert_cmpvariant (sidecar->parameters, expected);
  g_assert_cmpuint (g_variant_n_children (sidecar->files), ==, 0);
  g_assert_cmpmem (&sidecar->style.colormap, sizeof (void *), &style.colormap, sizeof (void *));
  g_assert_cmpfloat (sidecar->style.opacity, ==, 0.35);
  g_assert_true (sidecar->style.has_threshold);
  g_assert_cmpfloat (sidecar->style.threshold, ==, 1e-7);
  g_assert_true (sidecar->style.has_range);
  g_assert_cmpfloat (sidecar->style.low, ==, 0);
  g_assert_cmpfloat (sidecar->style.high, ==, 0.1);
  g_assert_cmpint (sidecar->style.smooth, ==, DINO_SMOOTH_BILINEAR);
  g_assert_cmpint (sidecar->preparation.fit, ==, DINO_FIT_CROP);
  g_assert_cmpint (sidecar->preparation.input_size, ==, 56);
  g_assert_cmpint (sidecar->preparation.invert, ==, DINO_INVERT_AUTO);
  g_assert_false (sidecar->ignore_exif);
  g_assert_true (sidecar->view.model_size);
  g_assert_false (sidecar->view.map_only);
  g_assert_true (sidecar->view.bar);
  g_assert_cmpint (sidecar->view.width, ==, 640);
  g_assert_cmpint (sidecar->view.height, ==, 480);
  g_assert_cmpstr (sidecar->pixels_sha256, ==, dinoscope_features_get_pixels_sha256 (fixture->features));
  g_assert_cmpstr (sidecar->model_name, ==, "tiny-1");
  g_assert_cmpstr (sidecar->model_sha256, ==, dinoscope_model_get_sha256 (model, NULL, NULL));
  g_assert_cmpstr (sidecar->precision, ==, "fp32");
  g_assert_cmpstr (sidecar->instruction_set, ==, dinoscope_features_get_instruction_set (fixture->features));
}

/* What docs/sidecar.md promises, read by another parser's rules. */
static void
test_fields (Fixture *fixture, gconstpointer data)
{
  static const char *const order[] = { "schema", "version", "program", "notice", "picture", "model", "preparation",
                                       "overlay", "parameters", "files", "map", "style", "view" };
  struct dino_map_style    style;
  g_autofree char         *text = NULL;
  json_t                  *json, *details, *value;
  const char              *key;
  gsize                    i = 0;

  dino_map_style_init (&style);
  text = make_text (fixture, "pca", "{'block': <1>}", &style);
  g_assert_true (g_str_has_suffix (text, "}\n"));
  json = json_loads (text, JSON_REJECT_DUPLICATES, NULL);
  g_assert_nonnull (json);
  json_object_foreach (json, key, value)
      g_assert_cmpstr (key, ==, order[i++]);
  g_assert_cmpuint (i, ==, G_N_ELEMENTS (order));
  g_assert_cmpstr (json_string_value (json_object_get (json, "notice")), ==, "For research only. Not for clinical use.");

  details = json_object_get (json_object_get (json, "map"), "details");
  g_assert_cmpuint (json_array_size (json_object_get (details, "variance-ratio")), ==, 3);
  g_assert_cmpuint (json_string_length (json_object_get (details, "basis-sha256")), ==, 64);
  g_assert_cmpint (json_integer_value (json_object_get (details, "n-samples")), ==, 16);
  g_assert_cmpuint (json_array_size (json_object_get (json_object_get (json, "map"), "ranges")), ==, 3);
  value = json_object_get (json_object_get (json, "preparation"), "seen");
  g_assert_cmpuint (json_array_size (value), ==, 4);
  g_assert_cmpfloat_with_epsilon (json_real_value (json_array_get (value, 0)), 8.0 * 91 / 72, 1e-12);
  g_assert_cmpstr (json_string_value (json_object_get (json_object_get (json, "style"), "range")), ==, "auto");
  json_decref (json);
}

/* Nothing of where it was made: no path, no date, no user. */
static void
test_no_path (Fixture *fixture, gconstpointer data)
{
  struct dino_map_style style;
  g_autofree char      *text = NULL;

  dino_map_style_init (&style);
  text = make_text (fixture, "pca", "{'block': <1>}", &style);
  g_assert_null (strchr (text, '/'));
  g_assert_null (strstr (text, g_get_user_name ()));
  g_assert_null (strstr (text, "formula"));
}

static void
test_same_bytes (Fixture *fixture, gconstpointer data)
{
  struct dino_map_style style;
  g_autofree char      *first = NULL;
  g_autofree char      *second = NULL;

  init_style (&style);
  first = make_text (fixture, "pca", "{'norm': <false>, 'foreground': <0.0>}", &style);
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    g_test_message ("no locale de_DE.UTF-8");
  second = make_text (fixture, "pca", "{'foreground': <0.0>, 'norm': <false>}", &style);
  setlocale (LC_ALL, "C.UTF-8");
  g_assert_cmpstr (first, ==, second);
  g_assert_nonnull (strstr (first, "\"opacity\": 0.35"));
  g_assert_nonnull (strstr (first, "\"foreground\": 0.0"));
}

/* A MONOCHROME1 film with a window and a table, in another name than its own. */
static DinoscopeStudy *
make_film (const struct dino_preparation *preparation)
{
  struct dino_picture    *picture = support_deep_picture (40, 30);
  struct dino_grey_scale *grey = dino_grey_scale_new (NULL);
  g_autoptr (GError)      error = NULL;
  DinoscopeStudy         *study;

  grey->monochrome1 = true;
  g_assert_true (dino_grey_scale_set_n_voi (grey, 2, NULL));
  grey->voi[0].lut = dino_lut_new (100, NULL);
  grey->voi[0].lut->bits = 8;
  memset (grey->voi[0].lut->entries, 0, 200);
  grey->voi[1].window = (struct dino_window){ 600.5, 900, DINO_VOI_SIGMOID };
  picture->grey = grey;
  study = dinoscope_study_new (picture, NULL, "Jane Doe", preparation, FALSE, NULL, &error);
  g_assert_no_error (error);
  return study;
}

static void
check_shown (Fixture *fixture, const DinoscopeSidecarRadiograph *radiograph, const char *window, const char *applied, const char *invert, gboolean inverted)
{
  struct dino_map_style        style;
  char                         display[DINO_DISPLAY_LENGTH];
  g_autofree char             *text = NULL;
  g_autoptr (DinoscopeSidecar) sidecar = NULL;
  json_t                      *json, *shown;

  dino_map_style_init (&style);
  text = make_text_of (fixture, radiograph, "pca", "{'block': <1>}", &style);
  g_assert_null (strstr (text, "Jane"));
  json = json_loads (text, JSON_REJECT_DUPLICATES, NULL);
  shown = json_object_get (json, "display");
  g_assert_cmpstr (json_string_value (json_object_get (shown, "window")), ==, window);
  g_assert_cmpstr (json_string_value (json_object_get (shown, "window-applied")), ==, applied);
  g_assert_cmpstr (json_string_value (json_object_get (shown, "invert")), ==, invert);
  g_assert_cmpint (json_is_true (json_object_get (shown, "inverted")), ==, inverted);
  json_decref (json);
  sidecar = write_and_read (fixture, text);
  g_assert_true (sidecar->shown.known);
  g_assert_cmpstr (dino_display_format (&sidecar->shown.display, display), ==, window);
  g_assert_cmpstr (dino_invert_name (sidecar->shown.invert), ==, invert);
}

/* What is shown under the map: as asked, what came of it, inverted or not. */
static void
test_shown (Fixture *fixture, gconstpointer data)
{
  const struct dino_preparation asked = { .voi = { .kind = DINO_DISPLAY_FILE, .voi = 1 }, .invert = DINO_INVERT_NO };
  const struct dino_display     window = { .kind = DINO_DISPLAY_WINDOW, .window = { 40, 400, DINO_VOI_LINEAR } };
  g_autoptr (DinoscopeStudy)    study = make_film (NULL);
  g_autoptr (DinoscopeStudy)    other = make_film (&asked);
  DinoscopeSidecarRadiograph    radiograph = { .study = study };

  check_shown (fixture, &radiograph, "auto", "file:0", "auto", TRUE);
  radiograph.display = &window;
  check_shown (fixture, &radiograph, "40:400:linear", "40:400:linear", "no", FALSE);
  radiograph.inverted = TRUE;
  check_shown (fixture, &radiograph, "40:400:linear", "40:400:linear", "auto", TRUE);
  radiograph = (DinoscopeSidecarRadiograph){ .study = other };
  check_shown (fixture, &radiograph, "file:1", "600.5:900:sigmoid", "no", FALSE);
}

static DinoscopeSidecar *
read_text (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  DinoscopeSidecar  *sidecar;

  support_write_text (fixture->root, "map.json", text);
  sidecar = dinoscope_sidecar_read (fixture->path, &error);
  g_assert_no_error (error);
  return sidecar;
}

#define HEAD "{\"schema\": \"dinoscope-sidecar\", \"version\": 1, \"overlay\": \"pca\""

/* The encoder's window and the one shown may differ; files without them are as before. */
static void
test_windows_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeSidecar) old = read_text (fixture, HEAD ", \"parameters\": {}, \"preparation\": {\"invert\": \"yes\"}}");
  g_autoptr (DinoscopeSidecar) both = read_text (fixture, HEAD ", \"parameters\": {}, \"preparation\": {\"model-input\": \"window\", \"window\": \"file:1\"}, "
                                                               "\"display\": {\"window\": \"40:400\", \"invert\": \"no\"}, \"picture\": {\"grey-scale-sha256\": \"ab\"}}");
  g_autoptr (DinoscopeSidecar) shown = read_text (fixture, HEAD ", \"parameters\": {}, \"display\": {\"window\": \"full\"}}");

  g_assert_false (old->shown.known);
  g_assert_cmpint (old->shown.invert, ==, DINO_INVERT_YES);
  g_assert_cmpint (old->preparation.voi.kind, ==, DINO_DISPLAY_AUTO);
  g_assert_null (old->grey_sha256);
  g_assert_cmpint (both->preparation.model_input, ==, DINO_MODEL_INPUT_WINDOW);
  g_assert_cmpint (both->preparation.voi.kind, ==, DINO_DISPLAY_FILE);
  g_assert_cmpint (both->preparation.voi.voi, ==, 1);
  g_assert_cmpint (both->shown.display.kind, ==, DINO_DISPLAY_WINDOW);
  g_assert_cmpint (both->shown.invert, ==, DINO_INVERT_NO);
  g_assert_cmpint (both->preparation.invert, ==, DINO_INVERT_AUTO);
  g_assert_cmpstr (both->grey_sha256, ==, "ab");
  g_assert_cmpint (shown->preparation.voi.kind, ==, DINO_DISPLAY_FULL);
}

/* A basis is a file: the sidecar knows it by its hash. */
static void
test_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char             *basis = g_build_filename (fixture->root, "Jane Doe basis.safetensors", NULL);
  g_autofree char             *parameters = g_strdup_printf ("{'basis': <'%s'>}", basis);
  float                        mean[32] = { 0 }, components[3 * 32] = { 0 }, variance[3] = { 3, 2, 1 }, ratio[3] = { 0.5, 0.25, 0.125 };
  const struct dino_tensor_out tensors[] = { { "mean", mean, { 32 }, 1 },
                                             { "components", components, { 3, 32 }, 2 },
                                             { "variance", variance, { 3 }, 1 },
                                             { "variance_ratio", ratio, { 3 }, 1 } };
  struct dino_error            failure = { 0 };
  struct dino_output          *output = dino_output_new (basis, &failure);
  struct dino_map_style        style;
  g_autofree char             *text = NULL;
  const char                  *hash;
  char                         expected[DINO_SHA256_LENGTH];
  g_autoptr (DinoscopeSidecar) sidecar = NULL;

  for (int i = 0; i < 3; i++)
    components[i * 32 + i] = 1;
  dino_safetensors_write (output, tensors, G_N_ELEMENTS (tensors), NULL, 0, &failure);
  dino_output_commit (output, &failure);
  g_assert_true (dino_sha256_file (basis, expected, NULL, &failure));
  g_assert_cmpstr (failure.message, ==, "");

  dino_map_style_init (&style);
  text = make_text (fixture, "pca", parameters, &style);
  g_assert_null (strstr (text, "Jane"));
  g_assert_nonnull (strstr (text, "\"basis\": \"file\""));
  sidecar = write_and_read (fixture, text);
  g_assert_null (g_variant_lookup_value (sidecar->parameters, "basis", NULL));
  g_assert_true (g_variant_lookup (sidecar->files, "basis", "&s", &hash));
  g_assert_cmpstr (hash, ==, expected);
}

static void
assert_unreadable (Fixture *fixture, const char *text, const char *words)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (DinoscopeSidecar) sidecar = NULL;

  support_write_text (fixture->root, "map.json", text);
  sidecar = dinoscope_sidecar_read (fixture->path, &error);
  g_assert_null (sidecar);
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, DINOSCOPE_ERROR);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, fixture->path));
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = {
    "",
    "[]",
    "null",
    "{",
    "{}",
    "{\"schema\": 1}",
    "{\"schema\": \"dinoscope-sidecar\"}",
    "{\"schema\": \"dinoscope-sidecar\", \"version\": \"1\"}",
    "{\"schema\": \"dinoscope-sidecar\", \"version\": 0}",
    "{\"schema\": \"dinoscope-sidecar\", \"version\": 1.5}",
    "{\"schema\": \"dinoscope-sidecar\", \"version\": 1}",
    "{\"schema\": \"dinoscope-sidecar\", \"version\": 1, \"version\": 1, \"overlay\": \"pca\", \"parameters\": {}}",
    HEAD "}",
    HEAD ", \"parameters\": []}",
    HEAD ", \"parameters\": 3}",
    HEAD ", \"parameters\": {\"block\": {}}}",
    HEAD ", \"parameters\": {\"block\": null}}",
    HEAD ", \"parameters\": {\"block\": 99999999999}}",
    HEAD ", \"parameters\": {\"pins\": [1]}}",
    HEAD ", \"parameters\": {\"pins\": [1, 2, 3]}}",
    HEAD ", \"parameters\": {\"pins\": [[1, 2], [3]]}}",
    HEAD ", \"parameters\": {\"pins\": [[1, \"2\"]]}}",
    HEAD ", \"parameters\": {\"pins\": [1.5, 2.5]}}",
    HEAD ", \"parameters\": {\"basis\": \"a\\u0000b\"}}",
    HEAD ", \"parameters\": {}, \"files\": []}",
    HEAD ", \"parameters\": {}, \"files\": {\"basis\": 1}}",
    HEAD ", \"parameters\": {}, \"preparation\": []}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"fit\": \"stretch\"}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"fit\": 1}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"input-size\": -14}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"input-size\": 1000000}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"model-input\": \"magic\"}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"invert\": true}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"exif\": \"maybe\"}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"invert\": \"maybe\"}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"window\": \"40\\u002c400\"}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"window\": 3}}",
    HEAD ", \"parameters\": {}, \"preparation\": {\"frame\": 0}}",
    HEAD ", \"parameters\": {}, \"display\": []}",
    HEAD ", \"parameters\": {}, \"display\": {\"window\": \"file:x\"}}",
    HEAD ", \"parameters\": {}, \"display\": {\"invert\": \"inverted\"}}",
    HEAD ", \"parameters\": {}, \"picture\": {\"grey-scale-sha256\": 5}}",
    HEAD ", \"parameters\": {}, \"style\": {\"colormap\": \"jet\"}}",
    HEAD ", \"parameters\": {}, \"style\": {\"opacity\": 1.5}}",
    HEAD ", \"parameters\": {}, \"style\": {\"opacity\": \"full\"}}",
    HEAD ", \"parameters\": {}, \"style\": {\"range\": \"wide\"}}",
    HEAD ", \"parameters\": {}, \"style\": {\"range\": [1]}}",
    HEAD ", \"parameters\": {}, \"style\": {\"range\": [2, 1]}}",
    HEAD ", \"parameters\": {}, \"style\": {\"range\": [0, 1, 2]}}",
    HEAD ", \"parameters\": {}, \"style\": {\"smooth\": \"very\"}}",
    HEAD ", \"parameters\": {}, \"style\": {\"threshold\": 1e999}}",
    HEAD ", \"parameters\": {}, \"view\": {\"size\": \"huge\"}}",
    HEAD ", \"parameters\": {}, \"view\": {\"bar\": 1}}",
    HEAD ", \"parameters\": {}, \"view\": {\"width\": -1}}",
    HEAD ", \"parameters\": {}, \"picture\": 5}",
    HEAD ", \"parameters\": {}, \"model\": {\"sha256\": 5}}",
  };
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *large = g_strnfill (2 << 20, ' ');

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_unreadable (fixture, bad[i], "");
  assert_unreadable (fixture, deep, "");
  assert_unreadable (fixture, large, "");
  assert_unreadable (fixture, "{\"schema\": \"com.example.other\", \"version\": 1}", "no sidecar");
  assert_unreadable (fixture, "{\"schema\": \"dinoscope-sidecar\", \"version\": 2}", "newer");
  assert_unreadable (fixture, HEAD ", \"parameters\": {}, \"style\": {\"colormap\": \"jet\"}}", "colormap");
}

/* Cut anywhere, it is an error and no crash. */
static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  struct dino_map_style style;
  g_autofree char      *text = NULL;

  init_style (&style);
  text = make_text (fixture, "cls-attention", "{'block': <0>}", &style);
  for (gsize length = strlen (text) - 2; length > 0; length--)
    {
      g_autofree char *cut = g_strndup (text, length);

      assert_unreadable (fixture, cut, "");
    }
}

/* The least that is a sidecar, and keys that a later version may add. */
static void
test_lenient (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeSidecar) least = NULL;
  g_autoptr (DinoscopeSidecar) more = NULL;
  g_autoptr (GError)           error = NULL;
  g_autoptr (GVariant)         expected = g_variant_ref_sink (g_variant_new_parsed ("{'patch': <(3, 4)>, 'pins': <[(1, 2), (3, 4)]>, 'level': <2.0>, 'norm': <false>}"));

  support_write_text (fixture->root, "map.json", HEAD ", \"parameters\": {}}");
  least = dinoscope_sidecar_read (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (least->overlay, ==, "pca");
  g_assert_null (least->style.colormap);
  g_assert_cmpfloat (least->style.opacity, ==, 0.5);
  g_assert_null (least->model_sha256);

  support_write_text (fixture->root, "map.json", HEAD ", \"parameters\": {\"patch\": [3, 4], \"pins\": [[1, 2], [3, 4]], \"level\": 2.0, \"norm\": false}, \"mood\": {\"good\": true}}");
  more = dinoscope_sidecar_read (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpvariant (more->parameters, expected);
}

static void
assert_kept (Fixture *fixture, const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (dinoscope_sidecar_may_write (path, &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_WRITE);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_false (dinoscope_sidecar_write (path, HEAD ", \"parameters\": {}}\n", &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_WRITE);
}

static void
test_overwriting (Fixture *fixture, gconstpointer data)
{
  static const char *const foreign[] = { "", "{}", "notes on a patient\n", "{\"schema\": \"something else\"}", "[\"dinoscope-sidecar\"]" };
  g_autofree char         *contents = NULL;
  g_autofree char         *fifo = g_build_filename (fixture->root, "fifo.json", NULL);
  g_autoptr (GError)       error = NULL;

  g_assert_true (dinoscope_sidecar_may_write (fixture->path, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      g_autofree char *after = NULL;

      support_write_text (fixture->root, "map.json", foreign[i]);
      assert_kept (fixture, fixture->path);
      g_assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
      g_assert_cmpstr (after, ==, foreign[i]);
    }
  assert_kept (fixture, fixture->root);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_kept (fixture, fifo);

  /* One of ours, even of a newer version, is replaced. */
  support_write_text (fixture->root, "map.json", "{\"schema\": \"dinoscope-sidecar\", \"version\": 7}");
  g_assert_true (dinoscope_sidecar_write (fixture->path, HEAD "}\n", &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, HEAD "}\n");
}

static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *path = g_build_filename (fixture->root, "no", "such", "folder.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (dinoscope_sidecar_write (path, "{}", &error));
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_WRITE);
}

static void
test_path (Fixture *fixture, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "map.png", "map.json" },
    { "/a.b/map.PNG", "/a.b/map.json" },
    { "map", "map.json" },
    { "map.v2", "map.v2.json" },
    { "map.json", "map.json.json" },
    { ".png", ".png.json" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = dinoscope_sidecar_path (cases[i][0]);

      g_assert_cmpstr (path, ==, cases[i][1]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/sidecar/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/sidecar/fields", Fixture, NULL, set_up, test_fields, tear_down);
  g_test_add ("/sidecar/no-path", Fixture, NULL, set_up, test_no_path, tear_down);
  g_test_add ("/sidecar/same-bytes", Fixture, NULL, set_up, test_same_bytes, tear_down);
  g_test_add ("/sidecar/shown", Fixture, NULL, set_up, test_shown, tear_down);
  g_test_add ("/sidecar/windows-read", Fixture, NULL, set_up, test_windows_read, tear_down);
  g_test_add ("/sidecar/files", Fixture, NULL, set_up, test_files, tear_down);
  g_test_add ("/sidecar/hostile", Fixture, NULL, set_up, test_hostile, tear_down);
  g_test_add ("/sidecar/truncated", Fixture, NULL, set_up, test_truncated, tear_down);
  g_test_add ("/sidecar/lenient", Fixture, NULL, set_up, test_lenient, tear_down);
  g_test_add ("/sidecar/overwriting", Fixture, NULL, set_up, test_overwriting, tear_down);
  g_test_add ("/sidecar/unwritable", Fixture, NULL, set_up, test_unwritable, tear_down);
  g_test_add ("/sidecar/path", Fixture, NULL, set_up, test_path, tear_down);
  return g_test_run ();
}
