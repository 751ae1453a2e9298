#include "cli/probe.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/head-file.h"

/* What the file does not say, the person may. */
static CliExit
complete (struct dino_head *head, const CliArguments *arguments)
{
  const char             *features = cli_arguments_text (arguments, CLI_OPTION_FEATURES, NULL);
  const char             *task = cli_arguments_text (arguments, CLI_OPTION_TASK, NULL);
  enum dino_head_features kind = head->features;
  enum dino_head_task     wanted = head->task;

  if (features != NULL)
    dino_head_features_parse (features, &kind);
  if (head->features != DINO_HEAD_UNKNOWN && kind != head->features)
    return cli_probe_usage (_ ("The head was fitted on “%s”, not on “%s”."), dino_head_features_name (head->features), features);
  head->features = kind;
  if (task != NULL)
    dino_head_task_parse (task, &wanted);
  if (wanted == DINO_HEAD_CLASSIFY && head->n_classes < 2)
    return cli_probe_usage (_ ("A head with one score does not classify; it is multilabel or regress."));
  head->task = wanted;
  return CLI_EXIT_DONE;
}

struct dino_head *
cli_probe_head_read (const CliSession *session, CliExit *code)
{
  const char       *path = cli_arguments_text (session->arguments, CLI_OPTION_HEAD, NULL);
  struct dino_error error = { 0 };
  struct dino_head *head = dino_head_read (path, &error);

  *code = head != NULL ? complete (head, session->arguments) : cli_fail_about (&error, path, CLI_EXIT_MODEL);
  if (*code == CLI_EXIT_DONE)
    return head;
  dino_head_free (head);
  return NULL;
}

CliExit
cli_probe_head_check (struct dino_head *head, size_t channels, int n_blocks, const char *model_name, const char *model_sha256)
{
  struct dino_error error = { 0 };

  if (!dino_head_is_for (head, model_sha256))
    {
      cli_error (_ ("The head was fitted on another encoder (sha256 %.12s…) than %s (%.12s…)."), head->model_sha256, model_name, model_sha256);
      return CLI_EXIT_MODEL;
    }
  if (!dino_head_resolve (head, channels, n_blocks, &error))
    return cli_fail_core (&error, CLI_EXIT_MODEL);
  if (head->features == DINO_HEAD_PATCHES)
    {
      cli_error (_ ("The head scores single patches; “map --overlay linear-probe” shows it."));
      return CLI_EXIT_MODEL;
    }
  return CLI_EXIT_DONE;
}

CliExit
cli_probe_head_check_embeddings (struct dino_head *head, const CliProbePictures *pictures, const CliSession *session)
{
  const struct dino_embeddings_origin *origin = dino_embeddings_origin (pictures->embeddings);
  CliExit                              code;

  code = cli_probe_head_check (head, dino_embeddings_n_channels (pictures->embeddings), G_MAXINT, origin->model_name, origin->model_sha256);
  if (code != CLI_EXIT_DONE)
    return code;
  if (head->block >= 0)
    {
      cli_error (_ ("The head was fitted on block %d, and embeddings are of the last one."), head->block);
      return CLI_EXIT_MODEL;
    }
  if (!session->quiet && head->model_sha256 == NULL)
    cli_note (_ ("The head does not say which encoder it was fitted on."));
  if (head->preparation != NULL && g_strcmp0 (head->preparation, origin->preparation) != 0)
    cli_error (_ ("Warning: the head was fitted on pictures that were prepared otherwise (%s) than these (%s)."), head->preparation, origin->preparation);
  return CLI_EXIT_DONE;
}

gboolean
cli_probe_head_score (const struct dino_head *head, const CliProbePictures *pictures, double **scores, struct dino_error *error)
{
  *scores = dino_alloc (pictures->n, head->n_classes * sizeof **scores, error);
  for (size_t i = 0; *scores != NULL && i < pictures->n; i++)
    {
      dino_head_logits (head, pictures->values + i * pictures->n_features, *scores + i * head->n_classes);
      dino_head_scores (head, *scores + i * head->n_classes);
    }
  return *scores != NULL;
}

GPtrArray *
cli_probe_head_columns (const struct dino_head *head)
{
  GPtrArray *columns = g_ptr_array_new ();

  for (size_t k = 0; k < head->n_classes; k++)
    g_ptr_array_add (columns, head->classes[k]);
  return columns;
}
