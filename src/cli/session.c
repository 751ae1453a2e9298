#include "cli/session.h"

#include "core/base/memory.h"
#include "core/base/text.h"

static CliExit
read_window (CliSession *session)
{
  const char *text = cli_arguments_text (session->arguments, CLI_OPTION_WINDOW, "auto");

  if (dino_display_parse (text, &session->preparation.voi))
    return CLI_EXIT_DONE;
  cli_usage_error (session->arguments->command, _ ("--window needs “auto”, “full”, “percentile”, a number from 0 to %d, or CENTER:WIDTH (“40:400”, “2653:900:sigmoid”), not “%s”."),
                   DINO_VOI_MAX - 1, text);
  return CLI_EXIT_USAGE;
}

static CliExit
read_common_options (CliSession *session)
{
  const CliArguments *arguments = session->arguments;

  session->quiet = cli_arguments_has (arguments, CLI_OPTION_QUIET);
  session->json = cli_arguments_has (arguments, CLI_OPTION_JSON);
  session->ignore_exif = cli_arguments_has (arguments, CLI_OPTION_NO_EXIF);
  session->preparation.frame = cli_arguments_int (arguments, CLI_OPTION_FRAME, 0);
  session->preparation.input_size = cli_arguments_int (arguments, CLI_OPTION_INPUT_SIZE, 0);
  dino_fit_parse (cli_arguments_text (arguments, CLI_OPTION_FIT, "crop"), &session->preparation.fit);
  dino_model_input_parse (cli_arguments_text (arguments, CLI_OPTION_MODEL_INPUT, "minmax"), &session->preparation.model_input);
  dino_invert_parse (cli_arguments_text (arguments, CLI_OPTION_INVERT, "auto"), &session->preparation.invert);

  dino_precision_parse (cli_arguments_text (arguments, CLI_OPTION_PRECISION, "fp32"), &session->model_options.precision);
  session->model_options.packed_cache = cli_arguments_has (arguments, CLI_OPTION_PACKED_CACHE);
  session->model_options.processor_path = cli_arguments_text (arguments, CLI_OPTION_PROCESSOR, NULL);
  return read_window (session);
}

CliExit
cli_session_init (CliSession *session, const CliArguments *arguments, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  CliExit            code;

  *session = (CliSession){ .arguments = arguments, .cancellable = cancellable };
  g_mutex_init (&session->lock);
  g_cond_init (&session->changed);
  code = read_common_options (session);
  cli_progress_init (&session->progress, session->quiet);
  if (code != CLI_EXIT_DONE)
    return code;

  session->engine = dinoscope_engine_new ((guint) cli_arguments_int (arguments, CLI_OPTION_THREADS, 0), &error);
  if (session->engine == NULL)
    g_prefix_error (&error, "%s: ", cli_command_info (arguments->command)->name);
  if (session->engine == NULL || !dinoscope_engine_check_precision (session->engine, session->model_options.precision, &error))
    return cli_fail (error, CLI_EXIT_MODEL);
  session->model_path = dinoscope_model_find (cli_arguments_text (arguments, CLI_OPTION_MODEL, NULL), NULL, &session->model_source);
  return CLI_EXIT_DONE;
}

void
cli_session_clear (CliSession *session)
{
  if (session->loader != NULL)
    g_thread_join (session->loader);
  if (session->engine != NULL)
    dinoscope_engine_shutdown (session->engine);
  g_clear_object (&session->model);
  g_clear_object (&session->engine);
  g_clear_error (&session->load_error);
  g_clear_pointer (&session->model_path, g_free);
  g_cond_clear (&session->changed);
  g_mutex_clear (&session->lock);
}

static gpointer
load_model (gpointer data)
{
  CliSession                *session = data;
  g_autoptr (GError)         error = NULL;
  g_autoptr (DinoscopeModel) model = NULL;

  model = dinoscope_engine_load_model (session->engine, session->model_path, &session->model_options, session->cancellable, &error);
  g_mutex_lock (&session->lock);
  session->model = model != NULL ? g_object_ref (model) : NULL;
  session->load_error = g_steal_pointer (&error);
  session->load_done = TRUE;
  g_cond_broadcast (&session->changed);
  g_mutex_unlock (&session->lock);

  /* What goes wrong here is told when somebody asks for the hash. */
  if (model != NULL && (session->hash_wanted || session->model_options.packed_cache))
    dinoscope_engine_store_packed (session->engine, model, session->cancellable);
  return NULL;
}

CliExit
cli_session_start_model (CliSession *session, gboolean with_hash)
{
  g_autoptr (GError) error = NULL;

  session->hash_wanted = with_hash;
  session->loader = g_thread_try_new ("model", load_model, session, &error);
  if (session->loader == NULL)
    return cli_fail (error, CLI_EXIT_MODEL);
  return CLI_EXIT_DONE;
}

static CliExit
check_input_size (CliSession *session)
{
  int patch = dino_model_config (dinoscope_model_get_core (session->model))->patch_size;
  int size = session->preparation.input_size;

  if (size % patch == 0)
    return CLI_EXIT_DONE;
  cli_usage_error (session->arguments->command, _ ("--input-size %d is not a multiple of the patch, %d pixels."), size, patch);
  return CLI_EXIT_USAGE;
}

CliExit
cli_session_await_model (CliSession *session)
{
  g_mutex_lock (&session->lock);
  while (!session->load_done)
    g_cond_wait (&session->changed, &session->lock);
  g_mutex_unlock (&session->lock);
  if (session->model == NULL)
    return cli_fail (session->load_error, CLI_EXIT_MODEL);
  return check_input_size (session);
}

void
cli_session_name_model (CliSession *session)
{
  g_autofree char *text = dinoscope_model_describe (session->model);

  if (!session->quiet)
    cli_note (_ ("Encoder: %s"), text);
}

const char *
cli_session_await_sha256 (CliSession *session, CliExit *code)
{
  g_autoptr (GError) error = NULL;
  const char        *sha256;

  if (session->loader != NULL)
    {
      g_thread_join (session->loader);
      session->loader = NULL;
    }
  sha256 = dinoscope_model_get_sha256 (session->model, session->cancellable, &error);
  if (sha256 == NULL)
    *code = cli_fail (error, CLI_EXIT_MODEL);
  return sha256;
}

DinoscopeStudy *
cli_session_open (CliSession *session, const char *path, CliExit *code)
{
  g_autoptr (GFile)  file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  DinoscopeStudy    *study = dinoscope_engine_open (session->engine, file, &session->preparation, session->ignore_exif,
                                                    session->cancellable, &error);

  if (study == NULL)
    *code = cli_fail (error, CLI_EXIT_INPUT);
  return study;
}

void
cli_session_say_notes (CliSession *session, DinoscopeStudy *study)
{
  g_auto (GStrv) notes = g_strsplit (dinoscope_study_get_notes (study), "\n", -1);

  for (guint i = 0; notes[i] != NULL && !session->quiet; i++)
    if (*notes[i] != '\0')
      cli_note ("%s: %s", dinoscope_study_get_name (study), notes[i]);
}

DinoscopeFeatures *
cli_session_encode (CliSession *session, DinoscopeStudy *study, unsigned keep, CliExit *code)
{
  return cli_session_encode_with (session, study, session->model, keep, code);
}

DinoscopeFeatures *
cli_session_encode_with (CliSession *session, DinoscopeStudy *study, DinoscopeModel *model, unsigned keep, CliExit *code)
{
  g_autoptr (GError) error = NULL;
  DinoscopeFeatures *features;

  session->progress.subject = dinoscope_study_get_name (study);
  features = dinoscope_engine_encode (session->engine, study, model, keep, session->cancellable,
                                      cli_progress_encode, &session->progress, &error);
  cli_progress_clear (&session->progress);
  if (features == NULL)
    {
      g_prefix_error (&error, "%s: ", dinoscope_study_get_name (study));
      *code = cli_fail (error, CLI_EXIT_INPUT);
    }
  return features;
}

float *
cli_session_prepare (CliSession *session, DinoscopeStudy *study, struct dino_geometry *geometry, CliExit *code)
{
  g_autoptr (GError) error = NULL;
  struct dino_error  core_error = { 0 };
  struct dino_model *model = dinoscope_model_get_core (session->model);
  float             *values;

  if (!dinoscope_study_get_geometry (study, model, geometry, &error))
    {
      g_prefix_error (&error, "%s: ", dinoscope_study_get_name (study));
      *code = cli_fail (error, CLI_EXIT_INPUT);
      return NULL;
    }
  values = dino_alloc ((size_t) 3 * (size_t) geometry->input_width, (size_t) geometry->input_height * sizeof *values, &core_error);
  if (values == NULL ||
      !dino_prepare (dinoscope_study_get_picture (study), dino_model_processor (model), &session->preparation, geometry, values, &core_error))
    {
      g_autofree char *reason = g_strdup (core_error.message);

      dino_free (values);
      g_snprintf (core_error.message, sizeof core_error.message, "%s: %s", dinoscope_study_get_name (study), reason);
      *code = cli_fail_core (&core_error, CLI_EXIT_INPUT);
      return NULL;
    }
  return values;
}
