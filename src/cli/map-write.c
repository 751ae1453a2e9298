#include "cli/map.h"
#include "cli/output.h"
#include "render/write.h"

/* A picture or its values encoded into a temporary file, not in its place yet. */
typedef struct
{
  struct dino_output *output;
  int                 width, height;
} Picture;

/* As the study is shown, unless a sidecar shows other values than the encoder gets. */
static DinoscopeSidecarRadiograph
find_radiograph (const CliMap *self, DinoscopeStudy *study)
{
  DinoscopeSidecarRadiograph radiograph = { .study = study };

  if (self->shown.known)
    {
      radiograph.display = &self->shown.display;
      radiograph.inverted = dino_display_is_inverted (dinoscope_study_get_picture (study), self->shown.invert);
    }
  return radiograph;
}

/* What is drawn under the map, [height, width, channels]. */
static GBytes *
render_radiograph (const DinoscopeSidecarRadiograph *radiograph, GError **error)
{
  int           width, height, channels;
  const guint8 *shown = dinoscope_study_get_display (radiograph->study, &width, &height, &channels);

  if (radiograph->display != NULL)
    return dinoscope_study_render_display (radiograph->study, radiograph->display, radiograph->inverted, error);
  return g_bytes_new_static (shown, (gsize) width * height * channels);
}

/* What the view of a sidecar, or the options, make of a picture. */
static void
lay_out (const DinoscopeSidecarView *view, struct dino_export *description)
{
  description->size = view->model_size ? DINO_EXPORT_MODEL : DINO_EXPORT_ORIGINAL;
  description->map_only = view->map_only;
  description->bar = view->bar;
  description->part = view->part;
  description->box = view->box;
  description->turns = view->turns;
  description->flipped = view->flipped;
}

static gboolean
encode_picture (CliMap *self, const char *target, DinoscopeStudy *study, GBytes *greys, DinoscopeFeatures *features, DinoscopeMap *map, Picture *picture, struct dino_error *error)
{
  g_autofree char        *caption = dinoscope_features_describe_encoder (features);
  enum dino_export_format format = DINO_EXPORT_AS_PNG; /* for what has no name */
  struct dino_export      description = {
         .picture = g_bytes_get_data (greys, NULL),
         .geometry = dinoscope_features_get_geometry (features),
         .map = dinoscope_map_get_core (map),
         .style = self->style,
         .caption = caption,
  };

  lay_out (&self->view, &description);
  description.guide = dinoscope_study_get_display (study, &description.width, &description.height, &description.channels);
  dino_export_format_of (target, &format);
  picture->output = dino_output_new (target, error);
  if (picture->output != NULL && dino_export_write (&description, format, picture->output, &picture->width, &picture->height, error))
    return TRUE;
  dino_output_abort (picture->output);
  picture->output = NULL;
  return FALSE;
}

static CliExit
commit_both (CliMap *self, const char *target, const DinoscopeSidecarRadiograph *radiograph, DinoscopeFeatures *features, DinoscopeMap *map, Picture *picture)
{
  g_autofree char     *text = NULL;
  DinoscopeSidecarView view = self->view;
  g_autoptr (GError)   error = NULL;

  view.width = picture->width;
  view.height = picture->height;
  text = dinoscope_sidecar_to_json (features, radiograph, dinoscope_overlay_provider_get_id (self->provider), self->parameters, map, &self->style, &view, &error);
  if (g_error_matches (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MEMORY))
    g_prefix_error (&error, "“%s”: ", target);
  if (text == NULL)
    dino_output_abort (picture->output);
  else if (dinoscope_sidecar_commit (target, text, picture->output, &error))
    return CLI_EXIT_DONE;
  return cli_fail (error, CLI_EXIT_OUTPUT);
}

static CliExit
write_picture (CliMap *self, const char *target, DinoscopeStudy *study, DinoscopeFeatures *features, DinoscopeMap *map)
{
  const DinoscopeSidecarRadiograph radiograph = find_radiograph (self, study);
  g_autoptr (GError)               render_error = NULL;
  g_autoptr (GBytes)               greys = render_radiograph (&radiograph, &render_error);
  struct dino_error                error = { 0 };
  Picture                          picture = { 0 };
  CliExit                          code = CLI_EXIT_DONE;

  if (greys == NULL)
    return cli_fail (render_error, CLI_EXIT_INPUT);
  if (!encode_picture (self, target, study, greys, features, map, &picture, &error))
    return cli_fail_about (&error, target, CLI_EXIT_INPUT);
  if (!cli_output_is_file (target))
    return dino_output_commit (picture.output, &error) ? CLI_EXIT_DONE : cli_fail_about (&error, target, CLI_EXIT_OUTPUT);
  if (cli_session_await_sha256 (&self->session, &code) == NULL)
    {
      dino_output_abort (picture.output);
      return code;
    }
  return commit_both (self, target, &radiograph, features, map, &picture);
}

CliExit
cli_map_write (CliMap *self, const char *path, DinoscopeStudy *study, DinoscopeFeatures *features, DinoscopeMap *map)
{
  const struct dino_map *core = dinoscope_map_get_core (map);
  size_t                 shape[] = { (size_t) core->height, (size_t) core->width, (size_t) core->channels };
  CliExit                code = CLI_EXIT_DONE;

  if (g_cancellable_is_cancelled (self->session.cancellable))
    return CLI_EXIT_INTERRUPTED;
  if (self->output != NULL)
    {
      g_autofree char *target = cli_output_path (self->output, path, ".png");

      code = write_picture (self, target, study, features, map);
    }
  if (code == CLI_EXIT_DONE && self->npy != NULL)
    {
      g_autofree char *target = cli_output_path (self->npy, path, ".npy");

      code = cli_output_write_npy (target, core->values, shape, core->channels == 1 ? 2 : 3, FALSE);
    }
  return code;
}
