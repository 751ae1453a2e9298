/* config.json and preprocessor_config.json: every published kind, every bound. */
#include <locale.h>

#include "core/model/config-check.h"
#include "assert-config.h"
#include "model-files.h"

#define RAD_DINO "\"hidden_size\":768,\"num_hidden_layers\":12,\"num_attention_heads\":12,\"image_size\":518,\"patch_size\":14"

struct config_case
{
  const char        *name;
  const char        *text;
  struct dino_config expected;
};

static const struct config_case config_cases[] = {
  { "transformers' defaults",
    "{\"model_type\":\"dinov2\"}",
    { 768, 12, 12, 14, 224, 3, 3072, 0, false, true, false, 1e-6f, "dinov2" } },
  { "transformers' defaults with registers",
    "{\"model_type\":\"dinov2_with_registers\"}",
    { 768, 12, 12, 16, 224, 3, 3072, 4, false, true, true, 1e-6f, "dinov2_with_registers" } },
  { "RAD-DINO",
    "{\"model_type\":\"dinov2\"," RAD_DINO ",\"mlp_ratio\":4,\"layer_norm_eps\":1e-06,\"hidden_act\":\"gelu\",\"use_swiglu_ffn\":false,\"torch_dtype\":\"float32\"}",
    { 768, 12, 12, 14, 518, 3, 3072, 0, false, true, false, 1e-6f, "dinov2" } },
  { "DINOv2 giant: two thirds of 6144 are 4096",
    "{\"model_type\":\"dinov2\",\"hidden_size\":1536,\"num_hidden_layers\":40,\"num_attention_heads\":24,\"image_size\":518,\"patch_size\":14,\"mlp_ratio\":4,\"use_swiglu_ffn\":true}",
    { 1536, 40, 24, 14, 518, 3, 4096, 0, true, true, false, 1e-6f, "dinov2" } },
  { "DINOv2 small",
    "{\"model_type\":\"dinov2\",\"hidden_size\":384,\"num_attention_heads\":6,\"image_size\":518,\"patch_size\":14,\"mlp_ratio\":4}",
    { 384, 12, 6, 14, 518, 3, 1536, 0, false, true, false, 1e-6f, "dinov2" } },
  { "DINOv2 large with registers",
    "{\"model_type\":\"dinov2_with_registers\",\"hidden_size\":1024,\"num_hidden_layers\":24,\"num_attention_heads\":16,\"image_size\":518,\"patch_size\":14,\"num_register_tokens\":4}",
    { 1024, 24, 16, 14, 518, 3, 4096, 4, false, true, true, 1e-6f, "dinov2_with_registers" } },
  { "SwiGLU: 85 becomes 88",
    "{\"model_type\":\"dinov2\",\"hidden_size\":32,\"num_attention_heads\":2,\"mlp_ratio\":4,\"use_swiglu_ffn\":true,\"hidden_act\":\"silu\"}",
    { 32, 12, 2, 14, 224, 3, 88, 0, true, true, false, 1e-6f, "dinov2" } },
  { "a ratio that is no whole number",
    "{\"model_type\":\"dinov2\",\"hidden_size\":100,\"num_attention_heads\":10,\"mlp_ratio\":2.675}",
    { 100, 12, 10, 14, 224, 3, 267, 0, false, true, false, 1e-6f, "dinov2" } },
  { "no bias, other eps, picture that is not a multiple of the patch, null, unknown keys",
    "{\"model_type\":\"dinov2\",\"qkv_bias\":false,\"layer_norm_eps\":1e-5,\"image_size\":230,\"patch_size\":null,\"dtype\":\"float16\",\"x\":{\"y\":[]}}",
    { 768, 12, 12, 14, 230, 3, 3072, 0, false, false, false, 1e-5f, "dinov2" } },
  { "registers are only read where the type has them",
    "{\"model_type\":\"dinov2\",\"num_register_tokens\":4}",
    { 768, 12, 12, 14, 224, 3, 3072, 0, false, true, false, 1e-6f, "dinov2" } },
  { "no registers at all",
    "{\"model_type\":\"dinov2_with_registers\",\"num_register_tokens\":0,\"patch_size\":14}",
    { 768, 12, 12, 14, 224, 3, 3072, 0, false, true, true, 1e-6f, "dinov2_with_registers" } },
};

struct refused_case
{
  const char    *text;
  enum dino_code code;
  const char    *reason;
};

#define D "{\"model_type\":\"dinov2\","

static const struct refused_case refused_configs[] = {
  { "", DINO_CODE_FORMAT, "JSON is not valid" },
  { "[]", DINO_CODE_FORMAT, "not an object" },
  { "{}", DINO_CODE_FORMAT, "lacks “model_type”" },
  { "{\"model_type\":7}", DINO_CODE_FORMAT, "“model_type” is not a text" },
  { "{\"model_type\":\"vit\"}", DINO_CODE_UNSUPPORTED, "of type “vit”" },
  { "{\"model_type\":\"dinov3_vit\"}", DINO_CODE_UNSUPPORTED, "of type “dinov3_vit”" },
  { D "\"model_type\":\"dinov2\"}", DINO_CODE_FORMAT, "duplicate object key" },
  { D "\"hidden_size\":0}", DINO_CODE_LIMIT, "“hidden_size” is 0" },
  { D "\"hidden_size\":-768}", DINO_CODE_LIMIT, "“hidden_size” is -768" },
  { D "\"hidden_size\":1000000}", DINO_CODE_LIMIT, "“hidden_size” is 1000000" },
  { D "\"hidden_size\":9223372036854775807}", DINO_CODE_LIMIT, "“hidden_size” is 9223372036854775807" },
  { D "\"hidden_size\":99999999999999999999}", DINO_CODE_FORMAT, "too big integer" },
  { D "\"hidden_size\":768.0}", DINO_CODE_FORMAT, "“hidden_size” is not a whole number" },
  { D "\"hidden_size\":\"768\"}", DINO_CODE_FORMAT, "“hidden_size” is not a whole number" },
  { D "\"hidden_size\":770}", DINO_CODE_MODEL, "770 channels cannot be divided among 12 heads" },
  { D "\"num_hidden_layers\":0}", DINO_CODE_LIMIT, "“num_hidden_layers”" },
  { D "\"num_hidden_layers\":100000}", DINO_CODE_LIMIT, "“num_hidden_layers”" },
  { D "\"num_attention_heads\":0}", DINO_CODE_LIMIT, "“num_attention_heads”" },
  { D "\"num_attention_heads\":513}", DINO_CODE_LIMIT, "“num_attention_heads”" },
  { D "\"patch_size\":0}", DINO_CODE_LIMIT, "“patch_size”" },
  { D "\"patch_size\":[14,14]}", DINO_CODE_FORMAT, "“patch_size” is not a whole number" },
  { D "\"patch_size\":225}", DINO_CODE_LIMIT, "give 0 patches on a side" },
  { D "\"image_size\":100000}", DINO_CODE_LIMIT, "“image_size”" },
  { D "\"image_size\":16384,\"patch_size\":1}", DINO_CODE_LIMIT, "give 16384 patches on a side" },
  { D "\"num_channels\":1}", DINO_CODE_LIMIT, "“num_channels” is 1" },
  { D "\"mlp_ratio\":0}", DINO_CODE_LIMIT, "“mlp_ratio” is 0" },
  { D "\"mlp_ratio\":-1}", DINO_CODE_LIMIT, "“mlp_ratio” is -1" },
  { D "\"mlp_ratio\":1e300}", DINO_CODE_LIMIT, "“mlp_ratio” is 1e+300" },
  { D "\"mlp_ratio\":0.001}", DINO_CODE_LIMIT, "its MLP has a width of 0" },
  { D "\"mlp_ratio\":true}", DINO_CODE_FORMAT, "“mlp_ratio” is not a number" },
  { D "\"hidden_size\":16384,\"num_attention_heads\":1,\"mlp_ratio\":1000}", DINO_CODE_LIMIT, "its MLP has a width of 16384000" },
  { D "\"layer_norm_eps\":0}", DINO_CODE_LIMIT, "“layer_norm_eps”" },
  { D "\"layer_norm_eps\":\"1e-6\"}", DINO_CODE_FORMAT, "“layer_norm_eps” is not a number" },
  { D "\"use_swiglu_ffn\":1}", DINO_CODE_FORMAT, "“use_swiglu_ffn” is neither true nor false" },
  { D "\"hidden_act\":\"gelu_new\"}", DINO_CODE_UNSUPPORTED, "activation “gelu_new”" },
  { D "\"qkv_bias\":\"yes\"}", DINO_CODE_FORMAT, "“qkv_bias” is neither true nor false" },
  { D "\"hidden_act\":7}", DINO_CODE_FORMAT, "“hidden_act” is not a text" },
  { D "\"hidden_act\":\"quick_gelu\"}", DINO_CODE_UNSUPPORTED, "activation “quick_gelu”" },
  { "{\"model_type\":\"dinov2_with_registers\",\"num_register_tokens\":-1}", DINO_CODE_LIMIT, "“num_register_tokens”" },
  { "{\"model_type\":\"dinov2_with_registers\",\"num_register_tokens\":100000}", DINO_CODE_LIMIT, "“num_register_tokens”" },
};

static void
test_config (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "config.json", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (config_cases); i++)
    {
      struct dino_error  error = { 0 };
      struct dino_config config = { 0 };

      write_bytes (path, config_cases[i].text, strlen (config_cases[i].text));
      if (!dino_config_read (path, &config, &error))
        g_error ("%s: %s", config_cases[i].name, error.message);
      g_test_message ("%s", config_cases[i].name);
      assert_same_config (&config, &config_cases[i].expected);
    }
  remove_folder (folder);
}

static void
test_config_refused (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "config.json", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (refused_configs); i++)
    {
      struct dino_error  error = { 0 };
      struct dino_config config;

      write_bytes (path, refused_configs[i].text, strlen (refused_configs[i].text));
      if (dino_config_read (path, &config, &error))
        g_error ("accepted: %s", refused_configs[i].text);
      g_test_message ("%s", error.message);
      g_assert_cmpint (error.code, ==, refused_configs[i].code);
      assert_message (&error, path);
      assert_message (&error, refused_configs[i].reason);
    }
  remove_folder (folder);
}

/* A configuration that was put together, not read, has the same bounds. */
static void
test_config_check (void)
{
  static const struct dino_config good = { 32, 2, 2, 14, 56, 3, 64, 0, false, true, false, 1e-6f, "dinov2" };
  static const struct
  {
    size_t      member;
    int         least, most;
    const char *reason;
  } rows[] = {
    { offsetof (struct dino_config, hidden_size), 1, 16384, "beyond what is supported" },
    { offsetof (struct dino_config, n_blocks), 1, 256, "beyond what is supported" },
    { offsetof (struct dino_config, n_heads), 1, 512, "beyond what is supported" },
    { offsetof (struct dino_config, patch_size), 1, 256, "beyond what is supported" },
    { offsetof (struct dino_config, image_size), 1, 16384, "beyond what is supported" },
    { offsetof (struct dino_config, n_registers), 0, 1024, "beyond what is supported" },
    { offsetof (struct dino_config, mlp_size), 1, 262144, "its MLP has a width of" },
  };
  struct dino_error error = { 0 };

  g_assert_true (dino_config_check (&good, "here", &error));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (int high = 0; high < 2; high++)
      {
        struct dino_config config = good;
        int               *value = (int *) (void *) ((char *) &config + rows[i].member);

        error = (struct dino_error){ 0 };
        *value = high ? rows[i].most + 1 : rows[i].least - 1;
        g_assert_false (dino_config_check (&config, "here", &error));
        g_assert_cmpint (error.code, ==, DINO_CODE_LIMIT);
        assert_message (&error, "“here”");
        assert_message (&error, rows[i].reason);
      }
}

static void
test_is_dinov2 (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "config.json", NULL);

  g_assert_false (dino_config_is_dinov2 (path));
  write_bytes (path, "{\"model_type\":\"vit\"}", 20);
  g_assert_false (dino_config_is_dinov2 (path));
  /* Which it is does not depend on whether it can be used. */
  write_bytes (path, D "\"hidden_size\":0}", strlen (D "\"hidden_size\":0}"));
  g_assert_true (dino_config_is_dinov2 (path));
  remove_folder (folder);
}

static void
test_config_size (void)
{
  g_autofree char   *folder = scratch_folder ();
  g_autofree char   *path = g_build_filename (folder, "config.json", NULL);
  g_autofree char   *blanks = g_strnfill ((1 << 20) + 1, ' ');
  struct dino_error  error = { 0 };
  struct dino_config config;

  write_bytes (path, blanks, (1 << 20) + 1);
  g_assert_false (dino_config_read (path, &config, &error));
  g_assert_cmpint (error.code, ==, DINO_CODE_LIMIT);
  assert_message (&error, path);
  remove_folder (folder);
}

#define MEAN "\"image_mean\":[0.5307,0.5307,0.5307],\"image_std\":[0.2583,0.2583,0.2583]"

#define RAD_DINO_MEAN         \
  {                           \
    0.5307f, 0.5307f, 0.5307f \
  }
#define RAD_DINO_STD          \
  {                           \
    0.2583f, 0.2583f, 0.2583f \
  }

struct processor_case
{
  const char           *name;
  const char           *text;
  struct dino_processor expected;
};

static const struct processor_case processor_cases[] = {
  { "RAD-DINO",
    "{\"_valid_processor_keys\":[\"images\"],\"crop_size\":{\"height\":518,\"width\":518},\"do_center_crop\":true,\"do_convert_rgb\":true,\"do_normalize\":true,"
    "\"do_rescale\":true,\"do_resize\":true," MEAN ",\"image_processor_type\":\"BitImageProcessor\",\"resample\":3,\"rescale_factor\":0.00392156862745098,"
    "\"size\":{\"shortest_edge\":518}}",
    { true, 518, 0, 0, true, 518, 518, 0.00392156862745098, RAD_DINO_MEAN, RAD_DINO_STD } },
  { "transformers' defaults",
    "{}",
    { true, 224, 0, 0, true, 224, 224, 1 / 255.0, { 0.48145466f, 0.4578275f, 0.40821073f }, { 0.26862954f, 0.26130258f, 0.27577711f } } },
  { "numbers for sizes",
    "{\"size\":256,\"crop_size\":224," MEAN "}",
    { true, 256, 0, 0, true, 224, 224, 1 / 255.0, RAD_DINO_MEAN, RAD_DINO_STD } },
  { "an exact size and a crop that is not square",
    "{\"size\":{\"height\":200,\"width\":300},\"crop_size\":{\"height\":140,\"width\":280}," MEAN "}",
    { true, 224, 300, 200, true, 280, 140, 1 / 255.0, RAD_DINO_MEAN, RAD_DINO_STD } },
  { "nothing to do; values of steps that are off do not matter",
    "{\"do_resize\":false,\"do_center_crop\":false,\"do_rescale\":false,\"do_normalize\":false,\"resample\":2,\"size\":{},\"rescale_factor\":0.5," MEAN "}",
    { false, 224, 0, 0, false, 224, 224, 1, { 0, 0, 0 }, { 1, 1, 1 } } },
  { "three different channels, another factor, null",
    "{\"rescale_factor\":0.5,\"image_mean\":[0.485,0.456,0.406],\"image_std\":[0.229,0.224,0.225],\"resample\":null,\"image_processor_type\":\"BitImageProcessorFast\"}",
    { true, 224, 0, 0, true, 224, 224, 0.5, { 0.485f, 0.456f, 0.406f }, { 0.229f, 0.224f, 0.225f } } },
};

static const struct refused_case refused_processors[] = {
  { "", DINO_CODE_FORMAT, "JSON is not valid" },
  { "{\"image_processor_type\":\"ViTImageProcessor\"}", DINO_CODE_UNSUPPORTED, "“ViTImageProcessor”" },
  { "{\"resample\":2}", DINO_CODE_UNSUPPORTED, "asks for bilinear resampling (2); only bicubic (3) is supported" },
  { "{\"resample\":0}", DINO_CODE_UNSUPPORTED, "asks for nearest resampling" },
  { "{\"resample\":1}", DINO_CODE_UNSUPPORTED, "asks for lanczos resampling" },
  { "{\"resample\":9}", DINO_CODE_LIMIT, "“resample” is 9" },
  { "{\"resample\":\"bicubic\"}", DINO_CODE_FORMAT, "“resample” is not a whole number" },
  { "{\"image_processor_type\":7}", DINO_CODE_FORMAT, "“image_processor_type” is not a text" },
  { "{\"do_center_crop\":1}", DINO_CODE_FORMAT, "“do_center_crop” is neither true nor false" },
  { "{\"do_rescale\":1}", DINO_CODE_FORMAT, "“do_rescale” is neither true nor false" },
  { "{\"do_normalize\":1}", DINO_CODE_FORMAT, "“do_normalize” is neither true nor false" },
  { "{\"crop_size\":0}", DINO_CODE_LIMIT, "“crop_size” is 0" },
  { "{\"crop_size\":{\"height\":0,\"width\":9}}", DINO_CODE_LIMIT, "“height” is 0" },
  { "{\"size\":0}", DINO_CODE_LIMIT, "“size” is 0" },
  { "{\"size\":\"518\"}", DINO_CODE_FORMAT, "“size” has no height and width" },
  { "{\"size\":{\"height\":518}}", DINO_CODE_FORMAT, "“size” has no height and width" },
  { "{\"size\":{\"shortest_edge\":518.5}}", DINO_CODE_FORMAT, "“shortest_edge” is not a whole number" },
  { "{\"size\":{\"shortest_edge\":100000}}", DINO_CODE_LIMIT, "“shortest_edge” is 100000" },
  { "{\"size\":{\"shortest_edge\":518,\"longest_edge\":600}}", DINO_CODE_UNSUPPORTED, "longest edge" },
  { "{\"crop_size\":{\"height\":518,\"width\":-1}}", DINO_CODE_LIMIT, "“width” is -1" },
  { "{\"crop_size\":[518,518]}", DINO_CODE_FORMAT, "“crop_size” has no height and width" },
  { "{\"do_resize\":\"yes\"}", DINO_CODE_FORMAT, "“do_resize” is neither true nor false" },
  { "{\"rescale_factor\":0}", DINO_CODE_LIMIT, "“rescale_factor” is 0" },
  { "{\"rescale_factor\":-1}", DINO_CODE_LIMIT, "“rescale_factor” is -1" },
  { "{\"image_mean\":0.5}", DINO_CODE_FORMAT, "“image_mean” is not a list of three numbers" },
  { "{\"image_mean\":[0.5,0.5]}", DINO_CODE_FORMAT, "“image_mean” is not a list of three numbers" },
  { "{\"image_mean\":[0.5,0.5,\"0.5\"]}", DINO_CODE_FORMAT, "“image_mean” is not a list of three numbers" },
  { "{\"image_mean\":[0.5,0.5,1e30]}", DINO_CODE_LIMIT, "“image_mean” is out of range" },
  { "{\"image_std\":[0.5,0.5,0]}", DINO_CODE_LIMIT, "“image_std” is out of range" },
  { "{\"image_std\":[0.5,0.5,-0.5]}", DINO_CODE_LIMIT, "“image_std” is out of range" },
};

static void
test_processor (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "preprocessor_config.json", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (processor_cases); i++)
    {
      struct dino_error     error = { 0 };
      struct dino_processor processor = { 0 };

      write_bytes (path, processor_cases[i].text, strlen (processor_cases[i].text));
      if (!dino_processor_read (path, &processor, &error))
        g_error ("%s: %s", processor_cases[i].name, error.message);
      g_test_message ("%s", processor_cases[i].name);
      assert_same_processor (&processor, &processor_cases[i].expected);
    }
  remove_folder (folder);
}

static void
test_processor_refused (void)
{
  g_autofree char *folder = scratch_folder ();
  g_autofree char *path = g_build_filename (folder, "preprocessor_config.json", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (refused_processors); i++)
    {
      struct dino_error     error = { 0 };
      struct dino_processor processor;

      write_bytes (path, refused_processors[i].text, strlen (refused_processors[i].text));
      if (dino_processor_read (path, &processor, &error))
        g_error ("accepted: %s", refused_processors[i].text);
      g_test_message ("%s", error.message);
      g_assert_cmpint (error.code, ==, refused_processors[i].code);
      assert_message (&error, path);
      assert_message (&error, refused_processors[i].reason);
    }
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config", test_config);
  g_test_add_func ("/config/refused", test_config_refused);
  g_test_add_func ("/config/check", test_config_check);
  g_test_add_func ("/config/is-dinov2", test_is_dinov2);
  g_test_add_func ("/config/size", test_config_size);
  g_test_add_func ("/processor", test_processor);
  g_test_add_func ("/processor/refused", test_processor_refused);
  return g_test_run ();
}
