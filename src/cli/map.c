#include "cli/map.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/report.h"
#include "core/base/text.h"
#include "render/write.h"

static CliExit
usage (const char *message)
{
  cli_usage_error (CLI_COMMAND_MAP, "%s", message);
  return CLI_EXIT_USAGE;
}

/* All files that are read, pictures and others: none of them is overwritten. */
static GPtrArray *
list_inputs (const CliMap *self)
{
  const GPtrArray *operands = self->session.arguments->operands;
  const GPtrArray *references = self->session.arguments->values[CLI_OPTION_REFERENCE];
  const char      *from = cli_arguments_text (self->session.arguments, CLI_OPTION_FROM, NULL);
  GPtrArray       *inputs = g_ptr_array_new ();

  for (guint i = 0; i < operands->len; i++)
    g_ptr_array_add (inputs, operands->pdata[i]);
  for (guint i = 0; references != NULL && i < references->len; i++)
    g_ptr_array_add (inputs, references->pdata[i]);
  if (self->region != NULL)
    g_ptr_array_add (inputs, (gpointer) self->region);
  if (from != NULL)
    g_ptr_array_add (inputs, (gpointer) from);
  return inputs;
}

/* The name tells the format; the sidecar's is made of it. */
static CliExit
check_picture (CliMap *self, const char *path)
{
  g_autofree char        *sidecar = NULL;
  g_autoptr (GError)      error = NULL;
  enum dino_export_format format;

  if (!cli_output_is_file (path))
    return CLI_EXIT_DONE;
  if (!dino_export_format_of (path, &format))
    {
      cli_usage_error (CLI_COMMAND_MAP, _ ("“%s”: the name must end in .png, .svg, .pdf, .npy or .csv, which is the format."), path);
      return CLI_EXIT_USAGE;
    }
  if (format == DINO_EXPORT_AS_DICOM && !cli_arguments_has (self->session.arguments, CLI_OPTION_SECONDARY_CAPTURE))
    return usage (_ ("A DICOM file is written with --secondary-capture only: a new object, not the radiograph."));
  sidecar = dinoscope_sidecar_path (path);
  return dinoscope_sidecar_may_write (sidecar, &error) ? CLI_EXIT_DONE : cli_fail (error, CLI_EXIT_OUTPUT);
}

/* Each target of one kind can be written and is no input. */
static CliExit
check_target (CliMap *self, CliOption option, const char *target, const char *suffix)
{
  const GPtrArray      *operands = self->session.arguments->operands;
  g_autoptr (GPtrArray) inputs = list_inputs (self);
  CliExit               code;

  if (target == NULL)
    return CLI_EXIT_DONE;
  code = cli_output_check_target (CLI_COMMAND_MAP, option, target, operands, suffix);
  for (guint i = 0; code == CLI_EXIT_DONE && i < operands->len; i++)
    {
      g_autofree char *path = cli_output_path (target, operands->pdata[i], suffix);

      code = cli_output_check_inputs (CLI_COMMAND_MAP, path, inputs);
      if (code == CLI_EXIT_DONE && option == CLI_OPTION_OUTPUT)
        code = check_picture (self, path);
    }
  return code;
}

static CliExit
check_stdout (CliMap *self)
{
  int users = self->session.json || self->region != NULL;

  users += self->output != NULL && cli_output_is_stdout (self->output);
  users += self->npy != NULL && cli_output_is_stdout (self->npy);
  return users > 1 ? usage (_ ("Only one result can go to standard output.")) : CLI_EXIT_DONE;
}

static CliExit
check_outputs (CliMap *self)
{
  g_autoptr (GPtrArray) inputs = list_inputs (self);
  CliExit               code;

  if (self->output == NULL && self->npy == NULL && self->region == NULL && self->save_basis == NULL)
    return usage (_ ("No output is given (-o OUT.png)."));
  if (self->output != NULL && self->npy != NULL && strcmp (self->output, self->npy) == 0 && !cli_output_is_directory (self->npy))
    return usage (_ ("--output and --npy name the same file."));
  if (self->save_basis != NULL && strcmp (dinoscope_overlay_provider_get_id (self->provider), "pca") != 0)
    return usage (_ ("--save-basis is for the overlay pca."));
  if (self->save_basis != NULL && !cli_output_is_file (self->save_basis))
    return usage (_ ("--save-basis must name a file."));
  code = check_stdout (self);
  if (code == CLI_EXIT_DONE)
    code = check_target (self, CLI_OPTION_OUTPUT, self->output, ".png");
  if (code == CLI_EXIT_DONE)
    code = check_target (self, CLI_OPTION_NPY, self->npy, ".npy");
  if (code == CLI_EXIT_DONE && self->save_basis != NULL)
    code = cli_output_check_inputs (CLI_COMMAND_MAP, self->save_basis, inputs);
  return code;
}

static CliExit
read_options (CliMap *self)
{
  const CliArguments *arguments = self->session.arguments;
  CliExit             code;

  self->output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  self->npy = cli_arguments_text (arguments, CLI_OPTION_NPY, NULL);
  self->region = cli_arguments_text (arguments, CLI_OPTION_REGION, NULL);
  self->save_basis = cli_arguments_text (arguments, CLI_OPTION_SAVE_BASIS, NULL);
  if (arguments->operands->len == 0)
    return usage (_ ("No picture is given."));
  code = cli_map_read_recipe (self);
  if (code == CLI_EXIT_DONE)
    code = check_outputs (self);
  return code == CLI_EXIT_DONE ? cli_map_read_regions (self) : code;
}

unsigned
cli_map_keep (CliMap *self)
{
  DinoscopeOverlayNeeds needs = { .last_block = -1 };

  dinoscope_overlay_provider_get_needs (self->provider, self->session.model, self->parameters, &needs);
  return needs.last_block >= 0 ? DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION : DINO_KEEP_OUTPUT;
}

DinoscopeFeatures *
cli_map_encode (CliMap *self, const char *path, DinoscopeStudy *study, CliExit *code)
{
  DinoscopeFeatures *kept = g_hash_table_lookup (self->features, path);

  if (kept != NULL)
    return g_object_ref (kept);
  return cli_session_encode (&self->session, study, cli_map_keep (self), code);
}

static json_t *
map_report (const char *path, DinoscopeStudy *study, DinoscopeMap *map)
{
  const struct dino_map *core = dinoscope_map_get_core (map);
  json_t                *report;

  report = json_pack ("{s:o, s:s, s:[i, i], s:i}", "input", cli_json_text (path), "pixels_sha256", dinoscope_study_get_sha256 (study),
                      "grid", core->height, core->width, "channels", core->channels);
  if (core->channels == 1)
    json_object_set_new (report, "range", json_pack ("[f, f]", core->low, core->high));
  return report;
}

static void
report_target (json_t *report, const char *name, const char *target, const char *input, const char *suffix)
{
  if (target != NULL)
    {
      g_autofree char *path = cli_output_path (target, input, suffix);

      json_object_set_new (report, name, cli_json_text (path));
    }
}

/* The person's own cancel is not told of, but what went wrong with it is. */
static void
say_left_behind (CliMap *self)
{
  DinoscopePlugin *plugin = dinoscope_plugins_find (G_OBJECT_TYPE (self->provider));
  g_autofree char *problem = NULL;

  if (plugin == NULL || dinoscope_plugin_get_state (plugin) != DINOSCOPE_PLUGIN_LEFT_BEHIND)
    return;
  problem = dinoscope_plugin_describe_problem (plugin);
  cli_error ("%s", problem);
}

static CliExit
map_picture (CliMap *self, const char *path, DinoscopeStudy *study)
{
  CliExit                       code = CLI_EXIT_DONE;
  g_autoptr (DinoscopeFeatures) features = NULL;
  g_autoptr (DinoscopeContext)  context = NULL;
  g_autoptr (DinoscopeMap)      map = NULL;
  g_autoptr (GError)            error = NULL;
  json_t                       *report;

  cli_session_say_notes (&self->session, study);
  features = cli_map_encode (self, path, study, &code);
  if (features == NULL)
    return code;
  context = cli_map_make_context (self, study, features, &code);
  if (context == NULL)
    return code;
  dinoscope_context_set_study (context, study);
  map = dinoscope_engine_compute_map_with_progress (self->session.engine, self->provider, context, self->parameters, self->session.cancellable, cli_progress_map, &self->session.progress, &error);
  cli_progress_clear (&self->session.progress);
  if (map == NULL)
    {
      say_left_behind (self);
      g_prefix_error (&error, "%s: ", path);
      return cli_fail (error, CLI_EXIT_INPUT);
    }
  report = map_report (path, study, map);
  code = cli_map_report_regions (self, path, study, map, report);
  if (code == CLI_EXIT_DONE)
    code = cli_map_write (self, path, study, features, map);
  if (code == CLI_EXIT_DONE)
    {
      report_target (report, "output", self->output, path, ".png");
      report_target (report, "npy", self->npy, path, ".npy");
      json_array_append (self->results, report);
    }
  json_decref (report);
  return code;
}

static gboolean
has_failed (const CliMap *self, const char *path)
{
  for (guint i = 0; i < self->failed->len; i++)
    if (self->failed->pdata[i] == path)
      return TRUE;
  return FALSE;
}

/* Picture i; the first one may have been opened while the model was loading. */
static DinoscopeStudy *
open_picture (CliMap *self, guint i, CliExit *code)
{
  if (i > 0 || !self->first_opened)
    return cli_session_open (&self->session, self->session.arguments->operands->pdata[i], code);
  *code = self->first_code;
  return g_steal_pointer (&self->first);
}

static CliExit
map_pictures (CliMap *self)
{
  const GPtrArray *inputs = self->session.arguments->operands;

  for (guint i = 0; i < inputs->len; i++)
    {
      g_autoptr (DinoscopeStudy) study = NULL;
      CliExit                    code = CLI_EXIT_DONE;

      if (g_cancellable_is_cancelled (self->session.cancellable))
        return CLI_EXIT_INTERRUPTED;
      if (has_failed (self, inputs->pdata[i]))
        continue;
      study = open_picture (self, i, &code);
      if (study != NULL)
        code = map_picture (self, inputs->pdata[i], study);
      if (code == CLI_EXIT_INPUT)
        g_ptr_array_add (self->failed, inputs->pdata[i]);
      else if (code != CLI_EXIT_DONE)
        return code;
    }
  return CLI_EXIT_DONE;
}

static CliExit
print_json (CliMap *self)
{
  CliExit code = CLI_EXIT_DONE;
  json_t *object = cli_json_new (self->session.arguments);
  json_t *model = cli_report_model (&self->session, &code);

  if (model == NULL)
    {
      json_decref (object);
      return code;
    }
  json_object_set_new (object, "model", model);
  json_object_set_new (object, "overlay", json_string (dinoscope_overlay_provider_get_id (self->provider)));
  json_object_set (object, "results", self->results);
  json_object_set_new (object, "failed", cli_report_failed (self->failed));
  return cli_json_print (object);
}

static gboolean
draws_maps (const CliMap *self)
{
  return self->output != NULL || self->npy != NULL || self->region != NULL;
}

/* The model loads on its thread while the first picture is read here. */
static CliExit
map_all (CliMap *self)
{
  CliSession *session = &self->session;
  CliExit     code = cli_session_start_model (session, TRUE);

  if (code != CLI_EXIT_DONE)
    return code;
  if (self->save_basis == NULL)
    {
      self->first = cli_session_open (session, session->arguments->operands->pdata[0], &self->first_code);
      self->first_opened = TRUE;
    }
  code = cli_session_await_model (session);
  if (code != CLI_EXIT_DONE)
    return code;
  cli_session_name_model (session);
  code = cli_map_read_parameters (self);
  if (code == CLI_EXIT_DONE)
    code = cli_map_read_references (self);
  if (code == CLI_EXIT_DONE && self->save_basis != NULL)
    code = cli_map_save_basis (self);
  if (code == CLI_EXIT_DONE && draws_maps (self))
    code = map_pictures (self);
  /* Last, since it waits for the hash, which is computed beside the rest. */
  if (code == CLI_EXIT_DONE)
    code = cli_map_compare_model (self);
  return code;
}

static CliExit
run (CliMap *self)
{
  CliSession *session = &self->session;
  CliExit     code;

  if (cli_arguments_has (session->arguments, CLI_OPTION_LIST))
    {
      code = cli_session_start_model (session, FALSE);
      if (code == CLI_EXIT_DONE)
        code = cli_session_await_model (session);
      return code == CLI_EXIT_DONE ? cli_map_list (session) : code;
    }
  code = read_options (self);
  if (code == CLI_EXIT_DONE)
    code = map_all (self);
  if (code == CLI_EXIT_DONE && (session->json || self->region != NULL))
    code = print_json (self);
  return code == CLI_EXIT_DONE && self->failed->len > 0 ? CLI_EXIT_INPUT : code;
}

CliExit
cli_map (const CliArguments *arguments, GCancellable *cancellable)
{
  CliMap  self = { 0 };
  CliExit code = cli_session_init (&self.session, arguments, cancellable);

  self.features = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self.references = g_ptr_array_new_with_free_func (g_object_unref);
  self.failed = g_ptr_array_new ();
  self.results = json_array ();
  if (code == CLI_EXIT_DONE)
    code = run (&self);
  json_decref (self.results);
  g_ptr_array_unref (self.failed);
  g_hash_table_unref (self.features);
  g_ptr_array_unref (self.references);
  g_clear_object (&self.reference_model);
  dino_picture_unref (self.mask);
  dino_boxes_free (self.boxes, self.n_boxes);
  g_clear_pointer (&self.parameters, g_variant_unref);
  g_clear_object (&self.provider);
  g_clear_object (&self.first);
  g_clear_pointer (&self.sidecar, dinoscope_sidecar_free);
  cli_session_clear (&self.session);
  return code;
}
