#include <stdio.h>

#include "cli/info.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"

/* Pixels on a side of the picture that the memory estimate is for. */
#define SQUARE 2048

static const char *
dtype_name (enum dino_dtype dtype)
{
  switch (dtype)
    {
    case DINO_DTYPE_F32:
      return "F32";
    case DINO_DTYPE_F16:
      return "F16";
    case DINO_DTYPE_BF16:
      return "BF16";
    case DINO_DTYPE_OTHER:
    default:
      return "other";
    }
}

/* The input that the preparation makes of a square picture. */
static CliExit
find_input (const CliSession *session, struct dino_geometry *geometry)
{
  struct dino_model           *model = dinoscope_model_get_core (session->model);
  const struct dino_processor *processor = dino_model_processor (model);
  struct dino_error            error = { 0 };

  if (dino_preparation_geometry (&session->preparation, processor, dino_model_config (model)->patch_size, SQUARE, SQUARE, geometry, &error))
    return CLI_EXIT_DONE;
  return cli_fail_core (&error, CLI_EXIT_MODEL);
}

/* Bytes of the whole: weights, scratch, and all that a map may need. */
static json_int_t
memory_estimate (const CliSession *session, const struct dino_geometry *geometry)
{
  struct dino_model *model = dinoscope_model_get_core (session->model);
  unsigned           keep = DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION;
  int                threads = (int) dinoscope_engine_get_threads (session->engine);

  return (json_int_t) (dino_model_memory (model) + dino_encoder_memory (model, geometry->rows, geometry->columns, threads) +
                       dino_features_memory (model, geometry->rows, geometry->columns, keep));
}

static json_t *
vector (const float values[3])
{
  return json_pack ("[f, f, f]", (double) values[0], (double) values[1], (double) values[2]);
}

static json_t *
processor_report (const struct dino_processor *processor)
{
  return json_pack ("{s:b, s:i, s:[i, i], s:b, s:[i, i], s:f, s:o, s:o}",
                    "resize", (int) processor->resize, "shortest_edge", processor->shortest_edge,
                    "exact_size", processor->resize_width, processor->resize_height,
                    "center_crop", (int) processor->center_crop, "crop", processor->crop_width, processor->crop_height,
                    "rescale_factor", processor->rescale_factor,
                    "mean", vector (processor->mean), "std", vector (processor->std));
}

json_t *
cli_info_dimensions (const struct dino_config *config)
{
  return json_pack ("{s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:b, s:i}",
                    "type", config->model_type, "channels", config->hidden_size, "blocks", config->n_blocks,
                    "heads", config->n_heads, "patch", config->patch_size, "position_table", dino_config_table_side (config),
                    "mlp", config->mlp_size, "swiglu", (int) config->swiglu, "registers", config->n_registers);
}

json_t *
cli_info_model (CliSession *session, CliExit *code)
{
  struct dino_model   *model = dinoscope_model_get_core (session->model);
  const char          *sha256 = cli_session_await_sha256 (session, code);
  struct dino_geometry input;
  struct dino_error    error = { 0 };
  json_t              *report;

  if (sha256 == NULL)
    return NULL;
  *code = find_input (session, &input);
  if (*code != CLI_EXIT_DONE)
    return NULL;
  report = json_pack ("{s:o, s:o, s:b, s:s, s:o, s:s, s:I, s:s, s:s, s:s, s:s*, s:o, s:o, s:[i, i], s:I}",
                      "name", cli_json_text (dinoscope_model_get_name (session->model)),
                      "title", cli_json_text (dinoscope_model_get_title (session->model)),
                      "demonstration", (int) dinoscope_model_is_demonstration (session->model),
                      "found", dinoscope_model_source_id (session->model_source),
                      "path", cli_json_text (dinoscope_model_get_path (session->model)),
                      "sha256", sha256,
                      "parameters", (json_int_t) dino_model_n_parameters (model),
                      "stored_dtype", dtype_name (dino_model_stored_dtype (model)),
                      "precision", dinoscope_model_get_precision (session->model),
                      "instruction_set", dinoscope_model_get_instruction_set (session->model),
                      "calibration", dinoscope_model_get_calibration_sha256 (session->model),
                      "dimensions", cli_info_dimensions (dino_model_config (model)),
                      "processor", processor_report (dino_model_processor (model)),
                      "input", input.input_width, input.input_height,
                      "memory_bytes", memory_estimate (session, &input));
  if (report == NULL)
    {
      dino_json_check (&error);
      *code = cli_fail_about (&error, _ ("standard output"), CLI_EXIT_OUTPUT);
    }
  return report;
}

static char *
format_vector (const float values[3])
{
  char text[3][G_ASCII_DTOSTR_BUF_SIZE];

  for (int i = 0; i < 3; i++)
    g_ascii_formatd (text[i], sizeof text[i], "%.4g", (double) values[i]);
  return g_strdup_printf ("%s %s %s", text[0], text[1], text[2]);
}

static void
print_processor (const struct dino_processor *processor)
{
  g_autofree char *mean = format_vector (processor->mean);
  g_autofree char *std = format_vector (processor->std);
  char             factor[G_ASCII_DTOSTR_BUF_SIZE];

  if (processor->resize && processor->resize_width != 0)
    cli_info_line (_ ("Resize"), _ ("to %d x %d px, bicubic"), processor->resize_width, processor->resize_height);
  else if (processor->resize)
    cli_info_line (_ ("Resize"), _ ("short side to %d px, bicubic"), processor->shortest_edge);
  if (processor->center_crop)
    cli_info_line (_ ("Crop"), _ ("%d x %d px from the centre"), processor->crop_width, processor->crop_height);
  cli_info_line (_ ("Rescale"), "%s", g_ascii_formatd (factor, sizeof factor, "%.8g", processor->rescale_factor));
  cli_info_line (_ ("Normalise"), _ ("mean %s, standard deviation %s"), mean, std);
}

CliExit
cli_info_print_model (CliSession *session)
{
  struct dino_model        *model = dinoscope_model_get_core (session->model);
  const struct dino_config *config = dino_model_config (model);
  CliExit                   code = CLI_EXIT_DONE;
  const char               *sha256 = cli_session_await_sha256 (session, &code);
  struct dino_geometry      input;

  if (sha256 == NULL)
    return code;
  code = find_input (session, &input);
  if (code != CLI_EXIT_DONE)
    return code;
  cli_info_line (_ ("Encoder"), "%s", dinoscope_model_get_title (session->model));
  cli_info_line (_ ("Found"), "%s", dinoscope_model_source_describe (session->model_source));
  cli_info_line (_ ("Path"), "%s", dinoscope_model_get_path (session->model));
  cli_info_line ("SHA-256", "%s", sha256);
  cli_info_line (_ ("Type"), "%s", config->model_type);
  cli_info_line (_ ("Dimensions"), _ ("%d blocks, %d heads, %d channels, patch %d px, %s of %d, %d registers"),
                 config->n_blocks, config->n_heads, config->hidden_size, config->patch_size,
                 config->swiglu ? "SwiGLU" : "MLP", config->mlp_size, config->n_registers);
  cli_info_line (_ ("Position table"), "%d x %d", dino_config_table_side (config), dino_config_table_side (config));
  cli_info_line (_ ("Parameters"), "%" G_GUINT64_FORMAT, dino_model_n_parameters (model));
  cli_info_line (_ ("Stored as"), _ ("%s, computed in %s with %s"), dtype_name (dino_model_stored_dtype (model)),
                 dinoscope_model_get_precision (session->model), dinoscope_model_get_instruction_set (session->model));
  if (dinoscope_model_get_calibration_sha256 (session->model) != NULL)
    cli_info_line (_ ("Calibration"), "%s", dinoscope_model_get_calibration_sha256 (session->model));
  print_processor (dino_model_processor (model));
  cli_info_line (_ ("Memory"), _ ("about %d MiB for %d x %d patches"),
                 (int) (memory_estimate (session, &input) >> 20), input.rows, input.columns);
  return CLI_EXIT_DONE;
}
