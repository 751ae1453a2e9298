#include "cli/embed-job.h"

#include <stdlib.h>
#include <string.h>

#include "cli/origin.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "dinoscope-config.h"
#include "io/embeddings.h"

#define NOTICE "For research only. Not for clinical use."

/* Which tokens these are is part of it where they are not the model's output:
 * numbers of others may not be compared with them. */
static json_t *
preparation_to_json (CliSession *session, const CliEmbedShape *shape, struct dino_error *error)
{
  const int last = (int) dinoscope_model_get_n_blocks (session->model) - 1;
  json_t   *json = cli_origin_preparation (session, error);

  if (json != NULL && (shape->block >= 0 || !shape->norm))
    {
      json_object_set_new (json, "block", json_integer (shape->block >= 0 ? shape->block : last));
      json_object_set_new (json, "norm", json_boolean (shape->norm));
    }
  return json;
}

json_t *
cli_embed_job_new (CliSession *session, const CliEmbedShape *shape, const CliEmbedNames *names, CliExit *code)
{
  DinoscopeModel   *model = session->model;
  const char       *sha256 = cli_session_await_sha256 (session, code);
  const char       *calibration = dinoscope_model_get_calibration_sha256 (model);
  struct dino_error error = { 0 };
  json_t           *job, *preparation;

  if (sha256 == NULL)
    return NULL;
  preparation = preparation_to_json (session, shape, &error);
  if (preparation == NULL)
    {
      *code = cli_fail_core (&error, CLI_EXIT_INPUT);
      return NULL;
    }
  job = json_pack ("{s:s, s:i}", "schema", DINO_EMBEDDINGS_SCHEMA, "version", DINO_EMBEDDINGS_VERSION);
  json_object_set_new (job, "program", json_pack ("{s:s, s:s}", "name", "Dinoscope", "version", DINOSCOPE_VERSION));
  json_object_set_new (job, "notice", json_string (NOTICE));
  json_object_set_new (job, "model", json_pack ("{s:o, s:b, s:s}", "name", cli_json_text (dinoscope_model_get_name (model)), "demonstration", dinoscope_model_is_demonstration (model), "sha256", sha256));
  json_object_set_new (job, "precision", json_string (dinoscope_model_get_precision (model)));
  json_object_set_new (job, "isa", json_string (dinoscope_model_get_instruction_set (model)));
  if (calibration != NULL)
    json_object_set_new (job, "calibration", json_string (calibration));
  json_object_set_new (job, "preparation", preparation);
  json_object_set_new (job, "channels", json_integer ((json_int_t) shape->n_channels));
  json_object_set_new (job, "patches", shape->patches ? json_integer ((json_int_t) shape->n_patches) : json_null ());
  if (shape->patches)
    json_object_set_new (job, "grid_columns", json_integer ((json_int_t) shape->n_columns));
  if (shape->last4)
    json_object_set_new (job, "last4", json_true ());
  json_object_set_new (job, "dtype", json_string (shape->half ? "f16" : "f32"));
  json_object_set_new (job, "names", names->hashed ? json_pack ("{s:s, s:s}", "hash", "hmac-sha256", "key", names->key_id) : json_string ("plain"));
  json_object_set_new (job, "shard", json_pack ("{s:i, s:i}", "index", (int) shape->shard.index, "count", (int) shape->shard.count));
  if (dino_json_check (&error) && job != NULL)
    return job;
  *code = cli_fail_about (&error, dinoscope_model_get_name (model), CLI_EXIT_INPUT);
  json_decref (job);
  return NULL;
}

static json_t *
find (const json_t *job, const char *group, const char *key)
{
  return json_object_get (group != NULL ? json_object_get (job, group) : job, key);
}

static char *
value_text (const json_t *value)
{
  char *dump = value != NULL ? json_dumps (value, JSON_ENCODE_ANY | JSON_SORT_KEYS) : NULL;
  char *text = g_strdup (dump != NULL ? dump : "-");

  free (dump);
  return text;
}

char *
cli_embed_job_compare (const json_t *job, const json_t *earlier, gboolean parts)
{
  static const struct
  {
    const char *group, *key, *what;
  } keys[] = {
    { "model", "sha256", N_ ("model") },
    { NULL, "precision", N_ ("precision") },
    { NULL, "isa", N_ ("instruction set") },
    { NULL, "calibration", N_ ("calibration") },
    { NULL, "preparation", N_ ("preparation") },
    { NULL, "channels", N_ ("channels") },
    { NULL, "patches", N_ ("patches") },
    { NULL, "last4", N_ ("CLS of the last four blocks") },
    { NULL, "dtype", N_ ("type of numbers") },
    { NULL, "names", N_ ("names") },
    { "shard", "count", N_ ("number of parts") },
    { "shard", "index", N_ ("part") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys) - !parts; i++)
    {
      const json_t    *mine = find (job, keys[i].group, keys[i].key), *its = find (earlier, keys[i].group, keys[i].key);
      g_autofree char *mine_text = NULL;
      g_autofree char *its_text = NULL;

      if (mine == its || (mine != NULL && its != NULL && json_equal (mine, its)))
        continue;
      mine_text = value_text (mine);
      its_text = value_text (its);
      /* Translators: what differs, the value it has, the value it should have. */
      return g_strdup_printf (_ ("%s: %s, not %s"), _ (keys[i].what), its_text, mine_text);
    }
  return NULL;
}

gboolean
cli_embed_job_matches (const json_t *job, const json_t *earlier, const char *folder)
{
  g_autofree char *difference = cli_embed_job_compare (job, earlier, TRUE);

  if (difference == NULL)
    return TRUE;
  cli_error (_ ("“%s” was begun with other options (%s)."), folder, difference);
  return FALSE;
}

void
cli_embed_job_set_listed (json_t *job, guint64 count, const char *sha256)
{
  json_object_set_new (job, "listed", json_pack ("{s:I, s:s}", "count", (json_int_t) count, "sha256", sha256));
}

void
cli_embed_job_set_counts (json_t *job, guint64 embedded, guint64 failed)
{
  json_object_set_new (job, "counts", json_pack ("{s:I, s:I, s:I}", "inputs", (json_int_t) embedded + (json_int_t) failed, "embedded", (json_int_t) embedded, "failed", (json_int_t) failed));
}

const char *
cli_embed_job_listed (const json_t *job, guint64 *count)
{
  const json_t *listed = json_object_get (job, "listed");
  const char   *sha256 = json_string_value (json_object_get (listed, "sha256"));

  *count = (guint64) json_integer_value (json_object_get (listed, "count"));
  return sha256 != NULL ? sha256 : "";
}

char *
cli_embed_job_text (const json_t *job, struct dino_error *error)
{
  char *dump = dino_json_dump (job, JSON_INDENT (2), error);
  char *text = dump != NULL ? g_strconcat (dump, "\n", NULL) : NULL;

  free (dump);
  return text;
}
