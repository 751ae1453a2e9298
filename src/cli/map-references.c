/* --reference and --reference-model: what the pictures are compared with. */
#include "cli/map.h"
#include "core/base/text.h"

static CliExit
usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

static CliExit
usage (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list          values;

  va_start (values, format);
  text = g_strdup_vprintf (format, values);
  va_end (values);
  cli_usage_error (CLI_COMMAND_MAP, "%s", text);
  return CLI_EXIT_USAGE;
}

static const GPtrArray *
list_paths (const CliMap *self)
{
  return self->session.arguments->values[CLI_OPTION_REFERENCE];
}

static guint
count_paths (const CliMap *self)
{
  return list_paths (self) != NULL ? list_paths (self)->len : 0;
}

/* Reference index of the sidecar, where the sidecar's recipe is followed; NULL where there is none. */
static const DinoscopeSidecarReference *
recorded_reference (const CliMap *self, guint index)
{
  if (self->sidecar == NULL || strcmp (self->sidecar->overlay, dinoscope_overlay_provider_get_id (self->provider)) != 0)
    return NULL;
  return index < self->sidecar->references->len ? self->sidecar->references->pdata[index] : NULL;
}

/* How the sidecar's map changed its own picture to compare with that; NULL: it did not, or another picture is named. */
static const DinoscopeSidecarReference *
covered_copy (const CliMap *self)
{
  const DinoscopeSidecarReference *first = recorded_reference (self, 0);

  return first != NULL && first->cover.known && count_paths (self) == 0 && recorded_reference (self, 1) == NULL ? first : NULL;
}

/* Another model looks at the same picture when no other is named. */
static gboolean
compares_with_itself (const CliMap *self)
{
  return count_paths (self) == 0 && (cli_arguments_has (self->session.arguments, CLI_OPTION_REFERENCE_MODEL) || covered_copy (self) != NULL);
}

/* What the sidecar was made with must be named again: it has no paths. */
static CliExit
check_recorded (const CliMap *self)
{
  const DinoscopeSidecarReference *first = recorded_reference (self, 0);
  guint                            n = 0;

  if (first == NULL)
    return CLI_EXIT_DONE;
  while (recorded_reference (self, n) != NULL)
    n++;
  if (first->model_sha256 != NULL && !cli_arguments_has (self->session.arguments, CLI_OPTION_REFERENCE_MODEL))
    return usage (_ ("The sidecar's map compares with another encoder (%s); name it with --reference-model."),
                  first->model_name != NULL ? first->model_name : first->model_sha256);
  if (count_paths (self) != n && !(compares_with_itself (self) && n == 1))
    return usage (dngettext (DINO_GETTEXT_DOMAIN, "The sidecar's map compares with %u other picture, which it does not hold; name it with --reference FILE.",
                             "The sidecar's map compares with %u other pictures, which it does not hold; name each with --reference FILE, in their order.", n),
                  n);
  return CLI_EXIT_DONE;
}

static CliExit
check_number (const CliMap *self)
{
  const char           *id = dinoscope_overlay_provider_get_id (self->provider);
  const guint           given = compares_with_itself (self) ? 1 : count_paths (self);
  DinoscopeOverlayNeeds needs;

  dinoscope_overlay_provider_get_needs (self->provider, self->session.model, self->parameters, &needs);
  if (given < needs.n_references)
    return usage (dngettext (DINO_GETTEXT_DOMAIN, "The overlay %s needs another picture with these parameters; name it with --reference FILE.",
                             "The overlay %s needs %u other pictures with these parameters; name them with --reference FILE.", needs.n_references),
                  id, needs.n_references);
  if (given > needs.n_references && !needs.all_references)
    return usage (needs.n_references == 0 ? _ ("The overlay %s compares with no other picture with these parameters; “map --list” prints those there are.")
                                          : _ ("The overlay %s compares with fewer other pictures than are named."),
                  id);
  return CLI_EXIT_DONE;
}

static CliExit
load_reference_model (CliMap *self)
{
  CliSession          *session = &self->session;
  const char          *name = cli_arguments_text (session->arguments, CLI_OPTION_REFERENCE_MODEL, NULL);
  DinoscopeModelSource source;
  g_autofree char     *path = NULL;
  g_autofree char     *text = NULL;
  g_autoptr (GError)   error = NULL;

  if (name == NULL)
    {
      self->reference_model = g_object_ref (session->model);
      return CLI_EXIT_DONE;
    }
  path = dinoscope_model_find (name, NULL, &source);
  self->reference_model = dinoscope_engine_load_model (session->engine, path, &session->model_options, session->cancellable, &error);
  if (self->reference_model == NULL)
    return cli_fail (error, CLI_EXIT_MODEL);
  text = dinoscope_model_describe (self->reference_model);
  if (!session->quiet)
    cli_note (_ ("Compared with the encoder: %s"), text);
  return CLI_EXIT_DONE;
}

/* As the map's own pictures, or as the sidecar says of this one. */
static DinoscopeStudy *
open_reference (CliMap *self, const char *path, const DinoscopeSidecarReference *recorded, CliExit *code)
{
  CliSession                   *session = &self->session;
  const struct dino_preparation preparation = session->preparation;
  const gboolean                ignore_exif = session->ignore_exif;
  DinoscopeStudy               *study;

  if (recorded != NULL && recorded->has_preparation)
    {
      session->preparation = recorded->preparation;
      session->ignore_exif = recorded->ignore_exif;
    }
  study = cli_session_open (session, path, code);
  session->preparation = preparation;
  session->ignore_exif = ignore_exif;
  return study;
}

static CliExit
encode_reference (CliMap *self, guint index)
{
  const char                      *path = list_paths (self)->pdata[index];
  const DinoscopeSidecarReference *recorded = recorded_reference (self, index);
  CliExit                          code = CLI_EXIT_DONE;
  g_autoptr (DinoscopeStudy)       study = open_reference (self, path, recorded, &code);
  DinoscopeFeatures               *features;

  if (study == NULL)
    return code;
  if (recorded != NULL && strcmp (recorded->pixels_sha256, dinoscope_study_get_sha256 (study)) != 0)
    {
      cli_error (_ ("“%s” is not picture %u that the sidecar's map compares with: its pixels are others."), path, index + 1);
      return CLI_EXIT_INPUT;
    }
  cli_session_say_notes (&self->session, study);
  features = cli_session_encode_with (&self->session, study, self->reference_model, cli_map_keep (self), &code);
  if (features == NULL)
    return code;
  g_ptr_array_add (self->references, features);
  if (self->reference_model == self->session.model && (recorded == NULL || !recorded->has_preparation))
    g_hash_table_insert (self->features, g_strdup (path), g_object_ref (features));
  return CLI_EXIT_DONE;
}

CliExit
cli_map_read_references (CliMap *self)
{
  CliExit code = check_recorded (self);

  if (code == CLI_EXIT_DONE)
    code = check_number (self);
  if (code == CLI_EXIT_DONE)
    code = load_reference_model (self);
  for (guint i = 0; code == CLI_EXIT_DONE && i < count_paths (self); i++)
    code = g_cancellable_is_cancelled (self->session.cancellable) ? CLI_EXIT_INTERRUPTED : encode_reference (self, i);
  return code;
}

/* The same picture, or the changed copy of it; NULL after saying why. */
static DinoscopeStudy *
dup_itself (CliMap *self, DinoscopeStudy *study, CliExit *code)
{
  const DinoscopeSidecarReference *recorded = covered_copy (self);
  g_autoptr (GError)               error = NULL;
  DinoscopeStudy                  *copy;

  if (recorded == NULL)
    return g_object_ref (study);
  copy = dinoscope_study_new_occluded (study,
                                       (struct dino_box){ recorded->cover.box.x0, recorded->cover.box.y0, recorded->cover.box.x1, recorded->cover.box.y1 },
                                       &recorded->cover.occlusion, self->session.cancellable, &error);
  if (copy == NULL)
    *code = cli_fail (error, CLI_EXIT_INPUT);
  return copy;
}

DinoscopeContext *
cli_map_make_context (CliMap *self, DinoscopeStudy *study, DinoscopeFeatures *features, CliExit *code)
{
  g_autoptr (DinoscopeStudy)    itself = NULL;
  g_autoptr (DinoscopeFeatures) same = NULL;

  if (!compares_with_itself (self))
    return dinoscope_context_new (features, (DinoscopeFeatures *const *) self->references->pdata, self->references->len);
  itself = dup_itself (self, study, code);
  if (itself == NULL)
    return NULL;
  same = cli_session_encode_with (&self->session, itself, self->reference_model, cli_map_keep (self), code);
  return same != NULL ? dinoscope_context_new (features, &same, 1) : NULL;
}
