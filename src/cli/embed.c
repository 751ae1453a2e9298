/* embed: the embeddings of a whole collection. */
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/embed-archive.h"
#include "cli/embed-earlier.h"
#include "cli/embed-folder.h"
#include "cli/embed-pipeline.h"
#include "cli/embed-progress.h"
#include "cli/output.h"
#include "cli/report.h"
#include "core/base/text.h"

/* How often what was done is put on the disk: a loss of power costs that much. */
#define SYNC_PERIOD (30 * G_TIME_SPAN_SECOND)

typedef struct
{
  CliSession       session;
  const char      *output;
  gboolean         from_archive; /* a tar archive on standard input */
  gboolean         update;
  CliEmbedShape    shape;
  CliEmbedNames    names;
  CliEmbedInputs   inputs;
  CliEmbedArchive *archive;
  json_t          *job;
  CliEmbedFolder  *folder;
  CliEmbedEarlier *earlier; /* with --update: what is there already */
  guint64          next;    /* input that the pipeline asks for */
  GPtrArray       *skipped; /* of an archive: names that are done already */
  GError          *archive_error;
  CliEmbedProgress progress;
  guint64          n_embedded, n_reused, n_failed; /* by this process */
} CliEmbed;

static CliExit
usage (const char *message)
{
  cli_usage_error (CLI_COMMAND_EMBED, "%s", message);
  return CLI_EXIT_USAGE;
}

static gboolean
is_archive (const GPtrArray *operands)
{
  for (guint i = 0; i < operands->len; i++)
    if (cli_output_is_stdout (operands->pdata[i]))
      return TRUE;
  return FALSE;
}

static CliExit
read_options (CliEmbed *self)
{
  const CliArguments *arguments = self->session.arguments;
  const gboolean      listed = cli_arguments_has (arguments, CLI_OPTION_LIST_FILE);
  CliExit             code = CLI_EXIT_DONE;

  self->output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  self->update = cli_arguments_has (arguments, CLI_OPTION_UPDATE);
  self->shape.half = strcmp (cli_arguments_text (arguments, CLI_OPTION_DTYPE, "f32"), "f16") == 0;
  self->shape.patches = cli_arguments_has (arguments, CLI_OPTION_PATCHES);
  self->shape.last4 = cli_arguments_has (arguments, CLI_OPTION_LAST4);
  self->shape.block = cli_arguments_int (arguments, CLI_OPTION_BLOCK, -1);
  self->shape.norm = !cli_arguments_has (arguments, CLI_OPTION_NO_NORM);
  self->from_archive = is_archive (arguments->operands);
  if (strcmp (cli_arguments_text (arguments, CLI_OPTION_DTYPE, "f32"), "int8") == 0)
    return usage (_ ("--dtype int8 is for index; embeddings are f32 or f16."));
  if (arguments->values[CLI_OPTION_BLOCK] != NULL && arguments->values[CLI_OPTION_BLOCK]->len > 1)
    return usage (_ ("embed takes one --block."));
  if (self->shape.last4 && (self->shape.block >= 0 || !self->shape.norm))
    return usage (_ ("--last4 is of the last four blocks after the final LayerNorm; give it without --block and --no-norm."));
  if (self->output == NULL || cli_output_is_stdout (self->output))
    return usage (_ ("No output folder is given (-o DIR)."));
  if (arguments->operands->len == 0 && !listed)
    return usage (_ ("No pictures are given: name folders, files or patterns, --list FILE, or - for a tar archive on standard input."));
  if (arguments->operands->len > 0 && listed)
    return usage (_ ("--list names all inputs; give it or the inputs, not both."));
  if (self->from_archive && arguments->operands->len > 1)
    return usage (_ ("- stands for all inputs: a tar archive on standard input."));
  if (self->from_archive && cli_arguments_has (arguments, CLI_OPTION_SHARD))
    return usage (_ ("An archive on standard input cannot be divided by --shard."));
  if (self->update && cli_arguments_has (arguments, CLI_OPTION_RESUME))
    return usage (_ ("--resume goes on with what was begun, --update looks again at what is complete; give one."));
  self->shape.shard = (CliEmbedShard){ 0, 1 };
  if (!self->from_archive)
    code = cli_embed_shard_read (arguments, self->session.quiet, &self->shape.shard);
  return code == CLI_EXIT_DONE ? cli_embed_names_init (&self->names, cli_arguments_has (arguments, CLI_OPTION_HASH_NAMES)) : code;
}

/* Sizes of the encoder's input for a picture of some shape. */
static gboolean
find_geometry (CliEmbed *self, int width, int height, struct dino_geometry *geometry, struct dino_error *error)
{
  const struct dino_model *model = dinoscope_model_get_core (self->session.model);

  return dino_preparation_geometry (&self->session.preparation, dino_model_processor (model), dino_model_config (model)->patch_size, width, height, geometry, error);
}

/* What depends on the model. Patch tokens of all pictures make one matrix only
 * where all have as many. */
static CliExit
read_shape (CliEmbed *self)
{
  const int            n_blocks = (int) dinoscope_model_get_n_blocks (self->session.model);
  struct dino_error    error = { 0 };
  struct dino_geometry upright, wide;

  if (self->shape.block >= n_blocks)
    {
      cli_usage_error (CLI_COMMAND_EMBED, _ ("--block %d: the model has blocks 0 to %d."), self->shape.block, n_blocks - 1);
      return CLI_EXIT_USAGE;
    }
  if (self->shape.last4 && n_blocks < 4)
    return usage (_ ("--last4 needs four blocks, and the model has fewer."));
  if (self->shape.norm && self->shape.block == n_blocks - 1)
    self->shape.block = -1; /* the output itself */
  if (!find_geometry (self, 1000, 1250, &upright, &error) || !find_geometry (self, 1500, 1000, &wide, &error))
    return cli_fail_core (&error, CLI_EXIT_USAGE);
  self->shape.n_channels = dinoscope_model_get_n_channels (self->session.model);
  if (upright.rows == wide.rows && upright.columns == wide.columns)
    {
      self->shape.n_patches = (gsize) upright.rows * (gsize) upright.columns;
      self->shape.n_columns = (gsize) upright.columns;
    }
  else if (self->shape.patches)
    return usage (_ ("--patches needs pictures of as many patches each; with this preparation their shapes differ (--fit crop or pad)."));
  return CLI_EXIT_DONE;
}

static CliExit
list_inputs (CliEmbed *self)
{
  CliExit code;

  if (!self->from_archive)
    return cli_embed_inputs_list (&self->inputs, self->session.arguments, &self->names);
  self->archive = cli_embed_archive_open (STDIN_FILENO, &self->names);
  code = self->archive != NULL ? CLI_EXIT_DONE : CLI_EXIT_INPUT;
  return code;
}

/* An unfinished run goes on with the inputs that it began with, whatever was
 * added since. */
static CliExit
match_inputs (CliEmbed *self)
{
  CliExit               code = CLI_EXIT_DONE;
  g_autoptr (GPtrArray) stored = NULL;
  guint64               n_gone = 0, n_new = 0, first = 0, end = 0, total = 0;
  const char           *sha256 = cli_embed_job_listed (cli_embed_folder_get_job (self->folder), &total);

  if ((total == 0) != self->from_archive)
    return usage (_ ("The folder was begun with inputs of another kind: an archive, or files."));
  if (self->from_archive)
    {
      self->skipped = cli_embed_folder_list_done (self->folder);
      return CLI_EXIT_DONE;
    }
  if (strcmp (sha256, self->inputs.sha256) == 0)
    {
      cli_embed_inputs_slice (&self->inputs, self->shape.shard);
      return CLI_EXIT_DONE;
    }
  stored = cli_embed_folder_read_names (self->folder, &code);
  if (stored == NULL)
    return code;
  cli_embed_shard_slice (self->shape.shard, total, &first, &end);
  cli_embed_inputs_match (&self->inputs, stored, &n_gone, &n_new);
  self->inputs.first = first;
  self->inputs.total = total;
  if (2 * n_gone > stored->len)
    {
      cli_usage_error (CLI_COMMAND_EMBED, _ ("“%s” was begun with other inputs: most of them are not among these."), self->output);
      return CLI_EXIT_USAGE;
    }
  if (!self->session.quiet)
    cli_note (_ ("The inputs have changed since this was begun: %llu are gone; new ones are left to --update."), (unsigned long long) n_gone);
  return CLI_EXIT_DONE;
}

/* A complete folder is of these inputs, or is to be brought up to date. */
static CliExit
check_complete (CliEmbed *self)
{
  guint64     total = 0;
  const char *sha256 = cli_embed_job_listed (cli_embed_folder_get_job (self->folder), &total);

  if (self->from_archive)
    {
      cli_usage_error (CLI_COMMAND_EMBED, _ ("“%s” is complete; --update compares it with the archive."), self->output);
      return CLI_EXIT_USAGE;
    }
  if (strcmp (sha256, self->inputs.sha256) == 0)
    return CLI_EXIT_DONE;
  cli_usage_error (CLI_COMMAND_EMBED, _ ("“%s” is complete, but of other inputs: it lists %llu, and there are %llu now; --update embeds what is new."), self->output,
                   (unsigned long long) total, (unsigned long long) self->inputs.total);
  return CLI_EXIT_USAGE;
}

static CliExit
begin (CliEmbed *self)
{
  if (!self->from_archive)
    cli_embed_inputs_slice (&self->inputs, self->shape.shard);
  if (self->update && cli_embed_folder_had_earlier (self->folder))
    {
      self->earlier = cli_embed_earlier_open (self->output);
      if (self->earlier == NULL)
        return CLI_EXIT_OUTPUT;
    }
  return cli_embed_folder_begin (self->folder, self->from_archive ? NULL : &self->inputs);
}

/* An update that was killed may still reuse what was there before it. */
static CliExit
resume (CliEmbed *self)
{
  CliExit code = match_inputs (self);

  if (code == CLI_EXIT_DONE && cli_embed_folder_had_earlier (self->folder))
    {
      self->earlier = cli_embed_earlier_open (self->output);
      if (self->earlier == NULL)
        code = CLI_EXIT_OUTPUT;
    }
  self->next = cli_embed_folder_get_done (self->folder);
  if (code == CLI_EXIT_DONE && !self->session.quiet)
    cli_note (_ ("Going on after %llu pictures."), (unsigned long long) self->next);
  return code;
}

static gboolean
next_file (CliEmbed *self, CliEmbedItem *item)
{
  CliEmbedInput *input;

  if (self->next >= self->inputs.items->len)
    return FALSE;
  input = &g_array_index (self->inputs.items, CliEmbedInput, self->next++);
  *item = (CliEmbedItem){ .name = g_strdup (input->name), .path = g_strdup (input->path) };
  if (input->problem != NULL)
    item->problem = g_strdup_printf (_ ("“%s” cannot be read: %s."), input->name, input->problem);
  return TRUE;
}

/* Members that are done already are passed over; they must be those. */
static gboolean
next_member (CliEmbed *self, CliEmbedItem *item)
{
  CliEmbedMember member;

  for (guint i = 0; self->skipped != NULL && i < self->skipped->len; i++)
    {
      gboolean same;

      if (!cli_embed_archive_next (self->archive, TRUE, &member, &self->archive_error))
        {
          if (self->archive_error == NULL)
            g_set_error (&self->archive_error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The archive ends before what was embedded already."));
          return FALSE;
        }
      same = strcmp (member.name, self->skipped->pdata[i]) == 0;
      if (!same)
        g_set_error (&self->archive_error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The archive is not the one that was begun with: it has “%s” where “%s” was."), member.name,
                     (const char *) self->skipped->pdata[i]);
      cli_embed_member_clear (&member);
      if (!same)
        return FALSE;
    }
  g_clear_pointer (&self->skipped, g_ptr_array_unref);
  if (!cli_embed_archive_next (self->archive, FALSE, &member, &self->archive_error))
    return FALSE;
  *item = (CliEmbedItem){ .name = member.name, .data = member.data, .length = member.length, .problem = member.problem };
  return TRUE;
}

static gboolean
next_input (gpointer data, CliEmbedItem *item)
{
  CliEmbed *self = data;

  return self->from_archive ? next_member (self, item) : next_file (self, item);
}

static gint64
find_earlier (gpointer data, const char *file_sha256)
{
  return cli_embed_earlier_find (data, file_sha256);
}

static CliExit
fail_write (const GError *error)
{
  cli_error ("%s", error->message);
  cli_error (_ ("What was embedded so far is kept; the same command goes on with it."));
  return CLI_EXIT_OUTPUT;
}

/* Writes one result and says what is wrong with it. */
static gboolean
add_result (CliEmbed *self, CliEmbedResult *result, GError **error)
{
  CliEmbedRows rows = { .values = result->values };

  if (result->reused >= 0 && !cli_embed_earlier_get (self->earlier, result->reused, &result->record, &rows, error))
    return FALSE;
  if (!cli_embed_folder_add (self->folder, &result->record, result->record.ok ? &rows : NULL, error))
    return FALSE;
  self->n_failed += !result->record.ok;
  self->n_reused += result->reused >= 0;
  self->n_embedded += result->record.ok && result->reused < 0;
  if (!result->record.ok)
    {
      cli_embed_progress_clear (&self->progress);
      cli_error ("%s", result->record.error);
    }
  cli_embed_progress_add (&self->progress, result->record.name, !result->record.ok);
  return TRUE;
}

static CliExit
write_results (CliEmbed *self, CliEmbedPipeline *pipeline)
{
  g_autoptr (GError) error = NULL;
  gint64             synced = g_get_monotonic_time ();
  CliEmbedResult     result = { .reused = -1 };
  CliEmbedStep       step;
  gboolean           good = TRUE;

  while (good && (step = cli_embed_pipeline_take (pipeline, &result)) != CLI_EMBED_END)
    {
      if (step == CLI_EMBED_RESULT)
        good = add_result (self, &result, &error);
      cli_embed_result_clear (&result);
      if (good && g_get_monotonic_time () - synced > SYNC_PERIOD)
        {
          good = cli_embed_folder_sync (self->folder, &error);
          synced = g_get_monotonic_time ();
        }
      cli_embed_progress_tick (&self->progress);
    }
  cli_embed_progress_clear (&self->progress);
  if (good)
    good = cli_embed_folder_sync (self->folder, &error);
  if (!good)
    return fail_write (error);
  return g_cancellable_is_cancelled (self->session.cancellable) ? CLI_EXIT_INTERRUPTED : CLI_EXIT_DONE;
}

static CliExit
embed_all (CliEmbed *self)
{
  const guint64 total = self->from_archive ? 0 : self->inputs.items->len;
  CliEmbedPlan  plan = {
     .session = &self->session,
     .shape = &self->shape,
     .next = next_input,
     .next_data = self,
     .find = self->earlier != NULL ? find_earlier : NULL,
     .find_data = self->earlier,
     .n_inputs = self->from_archive ? G_MAXUINT64 : total - self->next,
  };
  CliEmbedPipeline *pipeline;
  guint             n_groups, n_threads, n_readers;
  CliExit           code;

  if (!self->from_archive && self->next == total)
    return CLI_EXIT_DONE;
  pipeline = cli_embed_pipeline_new (&plan);
  if (pipeline == NULL)
    return CLI_EXIT_INPUT;
  cli_embed_pipeline_describe (pipeline, &n_groups, &n_threads, &n_readers);
  if (!self->session.quiet)
    /* Translators: pictures encoded at once, threads for each, threads that read pictures. */
    cli_note (_ ("%u at once with %u threads each, %u reading ahead."), n_groups, n_threads, n_readers);
  cli_embed_progress_init (&self->progress, self->session.quiet, cli_arguments_int (self->session.arguments, CLI_OPTION_PROGRESS_FD, -1), total,
                           cli_embed_folder_get_done (self->folder), cli_embed_folder_get_failed (self->folder));
  code = write_results (self, pipeline);
  cli_embed_pipeline_free (pipeline);
  if (code == CLI_EXIT_DONE && self->archive_error != NULL)
    return cli_fail (self->archive_error, CLI_EXIT_INPUT);
  return code;
}

static CliExit
finish (CliEmbed *self)
{
  g_autoptr (GError) error = NULL;

  if (self->from_archive && cli_embed_folder_get_done (self->folder) == 0)
    {
      cli_error (_ ("There are no pictures to embed."));
      return CLI_EXIT_INPUT;
    }
  g_clear_pointer (&self->earlier, cli_embed_earlier_close);
  return cli_embed_folder_finish (self->folder, self->inputs.first, self->from_archive, &error) ? CLI_EXIT_DONE : fail_write (error);
}

static CliExit
report (CliEmbed *self)
{
  const guint64 done = cli_embed_folder_get_done (self->folder), failed = cli_embed_folder_get_failed (self->folder);
  CliExit       code = CLI_EXIT_DONE;
  json_t       *object;

  if (!self->session.quiet && self->update)
    cli_note (_ ("“%s”: %llu embedded, %llu were there already, %llu failed."), self->output, (unsigned long long) self->n_embedded, (unsigned long long) self->n_reused,
              (unsigned long long) self->n_failed);
  else if (!self->session.quiet)
    cli_note (_ ("“%s”: %llu embedded, %llu failed."), self->output, (unsigned long long) (done - failed), (unsigned long long) failed);
  if (self->session.json)
    {
      json_t *model = cli_report_model (&self->session, &code);

      if (model == NULL)
        return code;
      object = cli_json_new (self->session.arguments);
      json_object_set_new (object, "model", model);
      json_object_set_new (object, "output", cli_json_text (self->output));
      json_object_set_new (object, "counts", json_pack ("{s:I, s:I, s:I}", "inputs", (json_int_t) done, "embedded", (json_int_t) (done - failed), "failed", (json_int_t) failed));
      json_object_set_new (object, "reused", json_integer ((json_int_t) self->n_reused));
      json_object_set_new (object, "shard", json_pack ("{s:i, s:i}", "index", (int) self->shape.shard.index, "count", (int) self->shape.shard.count));
      code = cli_json_print (object);
    }
  return code == CLI_EXIT_DONE && failed > 0 ? CLI_EXIT_INPUT : code;
}

static CliExit
embed_folder (CliEmbed *self)
{
  CliExit code = CLI_EXIT_DONE;

  self->folder = cli_embed_folder_open (self->output, self->job, &self->shape, self->update, &code);
  if (self->folder == NULL)
    return code;
  switch (cli_embed_folder_get_state (self->folder))
    {
    case CLI_EMBED_FOLDER_COMPLETE:
      code = check_complete (self);
      return code == CLI_EXIT_DONE ? report (self) : code;
    case CLI_EMBED_FOLDER_UNFINISHED:
      code = resume (self);
      break;
    case CLI_EMBED_FOLDER_NEW:
    default:
      code = begin (self);
      break;
    }
  if (code == CLI_EXIT_DONE)
    code = embed_all (self);
  if (code == CLI_EXIT_DONE)
    code = finish (self);
  return code == CLI_EXIT_DONE ? report (self) : code;
}

static CliExit
run (CliEmbed *self)
{
  CliSession *session = &self->session;
  CliExit     code = read_options (self);

  if (code == CLI_EXIT_DONE)
    code = cli_session_start_model (session, TRUE);
  if (code == CLI_EXIT_DONE)
    {
      /* A bad model is told even when the inputs are bad, too. */
      CliExit input_code = list_inputs (self);

      code = cli_session_await_model (session);
      if (code == CLI_EXIT_DONE)
        code = input_code;
    }
  if (code != CLI_EXIT_DONE)
    return code;
  cli_session_name_model (session);
  code = read_shape (self);
  if (code == CLI_EXIT_DONE)
    self->job = cli_embed_job_new (session, &self->shape, &self->names, &code);
  return self->job != NULL ? embed_folder (self) : code;
}

CliExit
cli_embed (const CliArguments *arguments, GCancellable *cancellable)
{
  CliEmbed self = { 0 };
  CliExit  code = cli_session_init (&self.session, arguments, cancellable);

  if (code == CLI_EXIT_DONE)
    code = run (&self);
  g_clear_pointer (&self.earlier, cli_embed_earlier_close);
  g_clear_pointer (&self.folder, cli_embed_folder_close);
  g_clear_pointer (&self.archive, cli_embed_archive_close);
  g_clear_pointer (&self.skipped, g_ptr_array_unref);
  g_clear_error (&self.archive_error);
  json_decref (self.job);
  cli_embed_inputs_clear (&self.inputs);
  cli_embed_names_clear (&self.names);
  cli_session_clear (&self.session);
  return code;
}
