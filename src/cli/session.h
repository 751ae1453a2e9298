/* What every command needs: engine, model, preparation, cancel. */
#pragma once

#include "cli/message.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

typedef struct
{
  const CliArguments     *arguments;
  GCancellable           *cancellable;
  struct dino_preparation preparation;
  gboolean                ignore_exif;
  gboolean                quiet;
  gboolean                json;
  CliProgress             progress;

  DinoscopeEngine      *engine;
  DinoscopeModel       *model; /* NULL until cli_session_await_model() */
  DinoscopeModelSource  model_source;
  DinoscopeModelOptions model_options;
  char                 *model_path;

  /* The model is loaded, and then hashed, beside the work of the main thread. */
  GThread *loader;
  gboolean hash_wanted;
  GMutex   lock;
  GCond    changed;
  gboolean load_done;
  GError  *load_error;
} CliSession;

/* Reads the common options and starts the engine. Returns CLI_EXIT_DONE or
 * what the program is to end with, after saying why. Clear it in either case. */
CliExit cli_session_init (CliSession *session, const CliArguments *arguments, GCancellable *cancellable);

/* Cancels and joins all that still runs. */
void cli_session_clear (CliSession *session);

/* Starts loading the model on a thread; with_hash: its sha256 is computed
 * there afterwards, beside the encoding. */
CliExit cli_session_start_model (CliSession *session, gboolean with_hash);

/* Waits for the model. Says what is wrong with it. */
CliExit cli_session_await_model (CliSession *session);

/* Says which encoder is in use, and how it computes, once the model is there. */
void cli_session_name_model (CliSession *session);

/* The model's sha256, waiting for it; NULL after saying why not, with *code
 * set. Valid as long as the session. */
const char *cli_session_await_sha256 (CliSession *session, CliExit *code);

/* Opens a picture; NULL after naming it and the reason, with *code set. */
DinoscopeStudy *cli_session_open (CliSession *session, const char *path, CliExit *code);

/* Says what a person should know about how a picture was read. */
void cli_session_say_notes (CliSession *session, DinoscopeStudy *study);

/* Runs the encoder on a picture; keep is enum dino_keep. NULL as above. */
DinoscopeFeatures *cli_session_encode (CliSession *session, DinoscopeStudy *study, unsigned keep, CliExit *code);

/* The same with another model. */
DinoscopeFeatures *cli_session_encode_with (CliSession *session, DinoscopeStudy *study, DinoscopeModel *model, unsigned keep, CliExit *code);

/* pixel_values [3, height, width] of a study for the session's model; the
 * caller frees them with dino_free(). NULL as above. */
float *cli_session_prepare (CliSession *session, DinoscopeStudy *study, struct dino_geometry *geometry, CliExit *code);

G_END_DECLS
