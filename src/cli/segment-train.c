#include "cli/segment.h"

#include <stdlib.h>

#include "cli/origin.h"
#include "cli/output.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"

#define MAX_L2 1e6
#define STANDARD_L2 1e-4

/* Half of a patch's cell has to have a class. */
#define SHARE 0.5

typedef struct
{
  struct dino_classes classes;
  int                 blocks[DINO_DECODER_MAX_BLOCKS];
  gsize               n_blocks;
  DinoscopeTraining  *training;
} Train;

static CliExit
read_blocks (CliSegment *self, Train *train)
{
  const GPtrArray *values = self->session.arguments->values[CLI_OPTION_BLOCK];
  int              n_blocks = (int) dinoscope_model_get_n_blocks (self->session.model);

  for (guint i = 0; values != NULL && i < values->len; i++)
    {
      int block = (int) g_ascii_strtoll (values->pdata[i], NULL, 10);

      if (block >= n_blocks)
        {
          cli_usage_error (CLI_COMMAND_SEGMENT, _ ("--block %d: the model has blocks 0 to %d."), block, n_blocks - 1);
          return CLI_EXIT_USAGE;
        }
      for (gsize k = 0; k < train->n_blocks; k++)
        if (train->blocks[k] == block)
          {
            cli_usage_error (CLI_COMMAND_SEGMENT, _ ("--block %d is given twice."), block);
            return CLI_EXIT_USAGE;
          }
      if (train->n_blocks == DINO_DECODER_MAX_BLOCKS)
        return cli_segment_usage (_ ("There are too many blocks."));
      train->blocks[train->n_blocks++] = block;
    }
  train->n_blocks = dinoscope_decoder_resolve_blocks (train->blocks, train->n_blocks, self->session.model, train->blocks);
  return CLI_EXIT_DONE;
}

static CliExit
note_preparation (CliSegment *self, Train *train)
{
  struct dino_error error = { 0 };
  json_t           *preparation = cli_origin_preparation (&self->session, &error);
  char             *text = preparation != NULL ? dino_json_dump (preparation, JSON_SORT_KEYS, &error) : NULL;

  json_decref (preparation);
  if (text == NULL)
    {
      dino_error_about (&error, self->session.model_path);
      return cli_fail_core (&error, CLI_EXIT_INPUT);
    }
  dinoscope_training_set_preparation (train->training, text);
  free (text);
  return CLI_EXIT_DONE;
}

static CliExit
find_classes (CliSegment *self, Train *train)
{
  const char *text = cli_arguments_text (self->session.arguments, CLI_OPTION_CLASSES, NULL);
  CliExit     code = text != NULL ? cli_segment_parse_classes (text, &train->classes) : cli_segment_find_classes (self, &train->classes);

  if (code != CLI_EXIT_DONE || train->classes.n >= DINO_DECODER_MIN_CLASSES)
    return code;
  if (text != NULL)
    return cli_segment_usage (_ ("--classes names only one class; two are needed to tell them apart."));
  if (train->classes.n == 0)
    cli_error (_ ("There is no mask to learn from."));
  else
    cli_error (_ ("All masks have the value %d and no other; two classes are needed to tell them apart."), train->classes.list[0].value);
  return CLI_EXIT_INPUT;
}

static CliExit
add_picture (CliSegment *self, const char *path, DinoscopeStudy *study, DinoscopeFeatures *features, gpointer data)
{
  Train                     *train = data;
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  g_autoptr (GError)         error = NULL;
  CliExit                    code = CLI_EXIT_DONE;
  guint8                    *mask = cli_segment_read_mask (self, path, picture->width, picture->height, &train->classes, &code);

  if (mask == NULL)
    return code;
  if (!dinoscope_training_add (train->training, features, mask, SHARE, &error))
    {
      g_prefix_error (&error, "%s: ", path);
      code = cli_fail (error, CLI_EXIT_INPUT);
    }
  dino_free (mask);
  return code;
}

static json_t *
report_classes (const Train *train)
{
  json_t *list = json_array ();

  for (int c = 0; c < train->classes.n; c++)
    json_array_append_new (list, json_pack ("{s:s, s:i, s:I}", "class", train->classes.list[c].name, "value", train->classes.list[c].value,
                                            "patches", (json_int_t) dinoscope_training_get_n_of (train->training, c)));
  return list;
}

static CliExit
print_report (CliSegment *self, const Train *train, DinoscopeDecoder *decoder)
{
  const struct dino_decoder_report *report = dinoscope_decoder_get_report (decoder);
  json_t                           *object;

  if (!report->converged && !self->session.quiet)
    cli_note (_ ("Training stopped after %d steps, before it had converged."), report->n_rounds);
  if (!self->session.json)
    {
      if (!self->session.quiet)
        cli_note (_ ("Learned from %zu patches of %u pictures in %d steps: loss %.4f, %.1f %% of the patches are right."), dinoscope_training_get_n (train->training),
                  self->pictures->len - self->failed->len, report->n_rounds, report->loss, 100 * report->accuracy);
      return CLI_EXIT_DONE;
    }
  object = cli_segment_json_new (self);
  json_object_set_new (object, "output", cli_json_text (self->output));
  json_object_set_new (object, "classes", report_classes (train));
  json_object_set_new (object, "patches", json_integer ((json_int_t) dinoscope_training_get_n (train->training)));
  json_object_set_new (object, "steps", json_integer (report->n_rounds));
  json_object_set_new (object, "converged", json_boolean (report->converged));
  json_object_set_new (object, "loss", json_real (report->loss));
  json_object_set_new (object, "accuracy", json_real (report->accuracy));
  return cli_segment_print (self, object);
}

static CliExit
learn (CliSegment *self, Train *train)
{
  const CliArguments         *arguments = self->session.arguments;
  struct dino_decoder_options options = {
    .n_hidden = (size_t) cli_arguments_int (arguments, CLI_OPTION_HIDDEN_UNITS, 0),
    .l2 = cli_arguments_real (arguments, CLI_OPTION_L2, STANDARD_L2),
    .balanced = g_str_equal (cli_arguments_text (arguments, CLI_OPTION_CLASS_WEIGHTS, "none"), "balanced"),
    .seed = (guint64) cli_arguments_int (arguments, CLI_OPTION_SEED, 0),
    .team = dinoscope_engine_get_team (self->session.engine),
  };
  g_autoptr (GError)           error = NULL;
  g_autoptr (DinoscopeDecoder) decoder = dinoscope_training_run (train->training, &options, self->session.cancellable, &error);

  if (g_error_matches (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MEMORY))
    g_prefix_error (&error, "“%s”: ", self->masks);
  if (decoder == NULL || !dinoscope_decoder_save (decoder, self->output, &error))
    return cli_fail (error, CLI_EXIT_INPUT);
  return print_report (self, train, decoder);
}

/* probe takes several, so the table of options does not look at the number. */
static gboolean
is_strength (const char *text)
{
  double value;

  return dino_parse_double (text, &value) && value >= 0 && value <= MAX_L2;
}

CliExit
cli_segment_train (CliSegment *self)
{
  Train   train = { 0 };
  CliExit code;

  if (cli_output_is_stdout (self->output) && self->session.json)
    return cli_segment_usage (_ ("Only one result can go to standard output."));
  if (cli_arguments_has (self->session.arguments, CLI_OPTION_L2) && !is_strength (cli_arguments_text (self->session.arguments, CLI_OPTION_L2, NULL)))
    return cli_segment_usage (_ ("--l2 needs a number from 0 to a million."));
  code = cli_output_check_inputs (CLI_COMMAND_SEGMENT, self->output, self->pictures);
  if (code == CLI_EXIT_DONE)
    code = read_blocks (self, &train);
  if (code == CLI_EXIT_DONE)
    code = find_classes (self, &train);
  if (code != CLI_EXIT_DONE)
    return code;
  train.training = dinoscope_training_new (&train.classes, train.blocks, train.n_blocks);
  code = note_preparation (self, &train);
  if (code == CLI_EXIT_DONE)
    code = cli_segment_each (self, cli_segment_keep (self, train.blocks, train.n_blocks), add_picture, &train);
  if (code == CLI_EXIT_DONE)
    code = learn (self, &train);
  dinoscope_training_free (train.training);
  return code;
}
