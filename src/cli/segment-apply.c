#include "cli/segment.h"

#include "cli/output.h"
#include "core/base/text.h"
#include "core/heads/outlines.h"
#include "io/mask-file.h"
#include "io/outlines-file.h"

#define MASK_SUFFIX ".png"
#define POLYGONS_SUFFIX ".geojson"
#define STANDARD_SIMPLIFY 1.0

/* A mask and the picture that it is of. */
typedef struct
{
  const guint8              *mask;
  int                        width, height;
  const struct dino_classes *classes;
} Result;

static bool
write_polygons (const Result *result, const char *path, const struct dino_outlines *outlines, struct dino_output *output, struct dino_error *error)
{
  enum dino_outlines_format format = DINO_OUTLINES_GEOJSON;

  dino_outlines_format_of (path, &format);
  if (format == DINO_OUTLINES_SVG)
    return dino_outlines_write_svg (output, outlines, result->classes, result->width, result->height, error);
  return dino_outlines_write_geojson (output, outlines, result->classes, error);
}

/* A mask, or outlines where they are given. */
static CliExit
write_file (const Result *result, const char *path, const struct dino_outlines *outlines)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (path, &error);
  bool                good;

  if (output == NULL)
    return cli_fail_about (&error, path, CLI_EXIT_OUTPUT);
  if (outlines != NULL)
    good = write_polygons (result, path, outlines, output, &error);
  else
    good = dino_mask_write (output, result->mask, result->width, result->height, result->classes, &error);
  if (good)
    good = dino_output_commit (output, &error);
  else
    dino_output_abort (output);
  return good ? CLI_EXIT_DONE : cli_fail_about (&error, path, CLI_EXIT_OUTPUT);
}

static CliExit
write_outlines (CliSegment *self, const Result *result, const char *picture, json_t *report)
{
  g_autofree char      *path = cli_output_path (self->polygons, picture, POLYGONS_SUFFIX);
  double                simplify = cli_arguments_real (self->session.arguments, CLI_OPTION_SIMPLIFY, STANDARD_SIMPLIFY);
  struct dino_error     error = { 0 };
  struct dino_outlines *outlines = dino_outlines_new (result->mask, result->width, result->height, 1, result->classes->n, simplify, &error);
  CliExit               code;

  if (outlines == NULL)
    return cli_fail_about (&error, picture, CLI_EXIT_INPUT);
  code = write_file (result, path, outlines);
  json_object_set_new (report, "polygons", cli_json_text (path));
  json_object_set_new (report, "n_polygons", json_integer ((json_int_t) outlines->n_polygons));
  dino_outlines_free (outlines);
  return code;
}

/* Pixels of each class, and of none. */
static void
count_pixels (CliSegment *self, const char *picture, const Result *result, json_t *report)
{
  gsize   n = (gsize) result->width * (gsize) result->height;
  guint64 counts[256] = { 0 };
  guint64 unseen = n;
  json_t *list = json_array ();

  for (gsize i = 0; i < n; i++)
    counts[result->mask[i]]++;
  for (int c = 0; c < result->classes->n; c++)
    {
      json_array_append_new (list, json_pack ("{s:s, s:i, s:I}", "class", result->classes->list[c].name, "value", result->classes->list[c].value, "pixels", (json_int_t) counts[c]));
      unseen -= counts[c];
    }
  json_object_set_new (report, "classes", list);
  json_object_set_new (report, "unseen", json_pack ("{s:i, s:I}", "value", dino_classes_unseen (result->classes), "pixels", (json_int_t) unseen));
  if (unseen > 0 && !self->session.quiet)
    cli_note (_ ("%s: the model did not see %.1f %% of the picture; there the mask has the value %d (--fit whole lets it see all)."), picture,
              100.0 * (double) unseen / (double) n, dino_classes_unseen (result->classes));
}

static CliExit
apply_picture (CliSegment *self, const char *path, DinoscopeStudy *study, DinoscopeFeatures *features, gpointer data)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         mask = NULL;
  Result                     result = { .width = picture->width, .height = picture->height, .classes = dinoscope_decoder_get_classes (self->decoder) };
  CliExit                    code = CLI_EXIT_DONE;
  json_t                    *report;

  cli_session_say_notes (&self->session, study);
  mask = dinoscope_engine_segment (self->session.engine, self->decoder, study, features, self->smooth, self->session.cancellable, &error);
  if (mask == NULL)
    {
      g_prefix_error (&error, "%s: ", path);
      return cli_fail (error, CLI_EXIT_INPUT);
    }
  result.mask = g_bytes_get_data (mask, NULL);
  report = json_pack ("{s:o, s:s}", "input", cli_json_text (path), "pixels_sha256", dinoscope_study_get_sha256 (study));
  count_pixels (self, path, &result, report);
  if (self->output != NULL)
    {
      g_autofree char *target = cli_output_path (self->output, path, MASK_SUFFIX);

      code = write_file (&result, target, NULL);
      json_object_set_new (report, "output", cli_json_text (target));
    }
  if (code == CLI_EXIT_DONE && self->polygons != NULL)
    code = write_outlines (self, &result, path, report);
  if (code == CLI_EXIT_DONE)
    json_array_append (self->results, report);
  json_decref (report);
  return code;
}

/* Each target of one kind can be written and is no input. */
static CliExit
check_target (CliSegment *self, CliOption option, const char *target, const char *suffix)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_copy (self->pictures, NULL, NULL);
  CliExit               code;

  if (target == NULL)
    return CLI_EXIT_DONE;
  g_ptr_array_add (inputs, (gpointer) cli_arguments_text (self->session.arguments, CLI_OPTION_HEAD, NULL));
  code = cli_output_check_target (CLI_COMMAND_SEGMENT, option, target, self->pictures, suffix);
  for (guint i = 0; code == CLI_EXIT_DONE && i < self->pictures->len; i++)
    {
      g_autofree char *path = cli_output_path (target, self->pictures->pdata[i], suffix);

      code = cli_output_check_inputs (CLI_COMMAND_SEGMENT, path, inputs);
    }
  return code;
}

/* Several pictures, or a name that ends in "/", make a directory. */
static gboolean
names_file (CliSegment *self, const char *target)
{
  return target != NULL && self->pictures->len == 1 && cli_output_is_file (target) && !g_str_has_suffix (target, "/");
}

static CliExit
check_outputs (CliSegment *self)
{
  enum dino_outlines_format format;
  int                       users = self->session.json;
  CliExit                   code;

  if (self->output == NULL && self->polygons == NULL)
    return cli_segment_usage (_ ("No output is given (-o OUT.png or --polygons OUT.geojson)."));
  users += self->output != NULL && cli_output_is_stdout (self->output);
  users += self->polygons != NULL && cli_output_is_stdout (self->polygons);
  if (users > 1)
    return cli_segment_usage (_ ("Only one result can go to standard output."));
  if (names_file (self, self->output) && g_strcmp0 (self->output, self->polygons) == 0)
    return cli_segment_usage (_ ("--output and --polygons name the same file."));
  if (names_file (self, self->output) && !g_str_has_suffix (self->output, MASK_SUFFIX))
    return cli_segment_usage (_ ("A mask is a PNG: the name after -o must end in .png."));
  if (names_file (self, self->polygons) && !dino_outlines_format_of (self->polygons, &format))
    return cli_segment_usage (_ ("--polygons: the name must end in .geojson, .json or .svg, which is the format."));
  code = check_target (self, CLI_OPTION_OUTPUT, self->output, MASK_SUFFIX);
  return code == CLI_EXIT_DONE ? check_target (self, CLI_OPTION_POLYGONS, self->polygons, POLYGONS_SUFFIX) : code;
}

CliExit
cli_segment_apply (CliSegment *self)
{
  const struct dino_decoder_head *head = dinoscope_decoder_get_head (self->decoder);
  CliExit                         code = check_outputs (self);

  if (code == CLI_EXIT_DONE)
    code = cli_segment_each (self, cli_segment_keep (self, head->blocks, head->n_blocks), apply_picture, NULL);
  if (code == CLI_EXIT_DONE && self->session.json)
    code = cli_segment_print (self, cli_segment_json_new (self));
  return code;
}
