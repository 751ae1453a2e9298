#include <string.h>

#include "cli/map.h"
#include "cli/output.h"
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

static char *
join_overlays (void)
{
  g_autoptr (GListModel) overlays = dinoscope_overlays_list_all ();
  GString               *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (overlays); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (overlays, i);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", dinoscope_overlay_provider_get_id (provider));
    }
  return g_string_free (text, FALSE);
}

static char *
join_colormaps (void)
{
  GString                    *text = g_string_new (NULL);
  const struct dino_colormap *colormap;

  for (size_t i = 0; (colormap = dino_colormap_at (i)) != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", colormap->name);
  return g_string_free (text, FALSE);
}

static CliExit
find_overlay (CliMap *self)
{
  const char      *id = cli_arguments_text (self->session.arguments, CLI_OPTION_OVERLAY, self->sidecar != NULL ? self->sidecar->overlay : NULL);
  g_autofree char *known = join_overlays ();

  if (id == NULL)
    return usage (_ ("No overlay is given (--overlay ID); there are: %s."), known);
  self->provider = dinoscope_overlays_find (id);
  if (self->provider != NULL)
    return CLI_EXIT_DONE;
  /* It may be one of these. */
  if (cli_map_name_broken_plugins () > 0)
    {
      cli_error (_ ("There is no overlay “%s”; there are: %s."), id, known);
      return CLI_EXIT_INPUT;
    }
  return usage (_ ("This version has no overlay “%s”; there are: %s."), id, known);
}

/* "auto" or "LO:HI". */
static CliExit
read_range (CliMap *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);

  self->style.has_range = FALSE;
  if (strcmp (text, "auto") == 0)
    return CLI_EXIT_DONE;
  if (g_strv_length (parts) != 2 || !dino_parse_double (parts[0], &self->style.low) ||
      !dino_parse_double (parts[1], &self->style.high) || !(self->style.low < self->style.high))
    return usage (_ ("--range needs “auto” or two numbers, the smaller one first (“0:0.01”), not “%s”."), text);
  self->style.has_range = TRUE;
  return CLI_EXIT_DONE;
}

static CliExit
read_colormap (CliMap *self, const char *name)
{
  g_autofree char *known = NULL;

  self->style.colormap = dino_colormap_find (name);
  /* Colours of parts are the overlay's own; of values they would make steps that are not there. */
  if (self->style.colormap != NULL && self->style.colormap->n_parts == 0)
    return CLI_EXIT_DONE;
  known = join_colormaps ();
  return usage (_ ("There are no colours “%s”; there are: %s."), name, known);
}

/* The sidecar's drawing, or the defaults, changed by the options given. */
static CliExit
read_drawing (CliMap *self)
{
  const CliArguments *arguments = self->session.arguments;
  const char         *range = cli_arguments_text (arguments, CLI_OPTION_RANGE, NULL);
  const char         *colormap = cli_arguments_text (arguments, CLI_OPTION_COLORMAP, NULL);
  const char         *size = cli_arguments_text (arguments, CLI_OPTION_SIZE, NULL);
  const char         *smooth = cli_arguments_text (arguments, CLI_OPTION_SMOOTH, NULL);
  CliExit             code = CLI_EXIT_DONE;

  dino_map_style_init (&self->style);
  if (self->sidecar != NULL)
    {
      self->style = self->sidecar->style;
      self->view = self->sidecar->view;
    }
  self->view.map_only = self->view.map_only || cli_arguments_has (arguments, CLI_OPTION_MAP_ONLY);
  self->view.bar = self->view.bar || cli_arguments_has (arguments, CLI_OPTION_BAR);
  if (size != NULL)
    self->view.model_size = strcmp (size, "model") == 0;
  if (self->view.map_only && self->sidecar == NULL)
    self->style.opacity = 1;
  self->style.opacity = cli_arguments_real (arguments, CLI_OPTION_OPACITY, self->style.opacity);
  self->style.contours = (int) cli_arguments_int (arguments, CLI_OPTION_CONTOURS, self->style.contours);
  if (cli_arguments_has (arguments, CLI_OPTION_THRESHOLD))
    {
      self->style.has_threshold = TRUE;
      self->style.threshold = cli_arguments_real (arguments, CLI_OPTION_THRESHOLD, 0);
    }
  if (smooth != NULL)
    dino_smooth_parse (smooth, &self->style.smooth);
  if (range != NULL)
    code = read_range (self, range);
  if (code == CLI_EXIT_DONE && colormap != NULL)
    code = read_colormap (self, colormap);
  return code;
}

/* The sidecar's preparation, where the command line does not say otherwise. */
static void
adopt_preparation (CliMap *self)
{
  const CliArguments            *arguments = self->session.arguments;
  const struct dino_preparation *theirs = &self->sidecar->preparation;
  struct dino_preparation       *ours = &self->session.preparation;

  if (!cli_arguments_has (arguments, CLI_OPTION_FIT))
    ours->fit = theirs->fit;
  if (!cli_arguments_has (arguments, CLI_OPTION_INPUT_SIZE))
    ours->input_size = theirs->input_size;
  if (!cli_arguments_has (arguments, CLI_OPTION_MODEL_INPUT))
    ours->model_input = theirs->model_input;
  if (!cli_arguments_has (arguments, CLI_OPTION_INVERT))
    ours->invert = theirs->invert;
  if (!cli_arguments_has (arguments, CLI_OPTION_FRAME))
    ours->frame = theirs->frame;
  if (!cli_arguments_has (arguments, CLI_OPTION_WINDOW))
    ours->voi = theirs->voi;
  if (!cli_arguments_has (arguments, CLI_OPTION_WINDOW) && !cli_arguments_has (arguments, CLI_OPTION_INVERT))
    self->shown = self->sidecar->shown;
  self->session.ignore_exif = self->session.ignore_exif || self->sidecar->ignore_exif;
}

CliExit
cli_map_read_recipe (CliMap *self)
{
  const char        *path = cli_arguments_text (self->session.arguments, CLI_OPTION_FROM, NULL);
  CliExit            code;
  g_autoptr (GError) error = NULL;

  if (path != NULL)
    {
      self->sidecar = dinoscope_sidecar_read (path, &error);
      if (self->sidecar == NULL)
        return cli_fail (error, CLI_EXIT_INPUT);
      adopt_preparation (self);
    }
  code = find_overlay (self);
  return code == CLI_EXIT_DONE ? read_drawing (self) : code;
}

static DinoscopeParameter *
find_parameter (GListModel *parameters, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (parameters); i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, i);

      if (strcmp (dinoscope_parameter_get_name (parameter), name) == 0)
        return g_steal_pointer (&parameter);
    }
  return NULL;
}

/* "NAME=VALUE" into values. */
static CliExit
read_setting (CliMap *self, GListModel *parameters, const char *text, GVariantDict *values)
{
  const char                    *equals = strchr (text, '=');
  g_autofree char               *name = equals != NULL ? g_strndup (text, (gsize) (equals - text)) : NULL;
  g_autoptr (DinoscopeParameter) parameter = NULL;
  g_autoptr (GVariant)           value = NULL;
  g_autoptr (GError)             error = NULL;

  if (name == NULL)
    return usage (_ ("--set needs NAME=VALUE, not “%s”."), text);
  parameter = find_parameter (parameters, name);
  if (parameter == NULL)
    return usage (_ ("The overlay %s has no parameter “%s”; “map --list” prints those there are."),
                  dinoscope_overlay_provider_get_id (self->provider), name);
  value = dinoscope_parameter_parse (parameter, equals + 1, &error);
  if (value == NULL)
    return usage ("--set %s: %s", text, error->message);
  g_variant_dict_insert_value (values, name, value);
  return CLI_EXIT_DONE;
}

/* A sidecar has no paths: files that it was made with must be named again. */
static CliExit
check_files (CliMap *self, GVariantDict *values)
{
  GVariantIter iter;
  const char  *name;

  if (self->sidecar == NULL || self->sidecar->files == NULL)
    return CLI_EXIT_DONE;
  g_variant_iter_init (&iter, self->sidecar->files);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, NULL))
    if (!g_variant_dict_contains (values, name) && self->save_basis == NULL)
      return usage (_ ("The sidecar was made with a file for “%s”, which it does not hold; name it with --set %s=FILE."), name, name);
  return CLI_EXIT_DONE;
}

/* Asking a plug-in for its parameters can show that it is broken. */
static CliExit
check_plugin (CliMap *self)
{
  DinoscopePlugin *plugin = dinoscope_plugins_find (G_OBJECT_TYPE (self->provider));
  g_autofree char *problem = plugin != NULL ? dinoscope_plugin_describe_problem (plugin) : NULL;

  if (problem == NULL)
    return CLI_EXIT_DONE;
  cli_error ("%s", problem);
  return CLI_EXIT_INPUT;
}

CliExit
cli_map_read_parameters (CliMap *self)
{
  const GPtrArray       *settings = self->session.arguments->values[CLI_OPTION_SET];
  const char            *id = dinoscope_overlay_provider_get_id (self->provider);
  gboolean               adopt = self->sidecar != NULL && strcmp (self->sidecar->overlay, id) == 0;
  g_autoptr (GListModel) parameters = dinoscope_overlay_provider_list_parameters (self->provider, self->session.model);
  g_auto (GVariantDict)  values = G_VARIANT_DICT_INIT (adopt ? self->sidecar->parameters : NULL);
  g_autoptr (GVariant)   given = NULL;
  g_autoptr (GError)     error = NULL;
  CliExit                code = check_plugin (self);

  for (guint i = 0; settings != NULL && code == CLI_EXIT_DONE && i < settings->len; i++)
    code = read_setting (self, parameters, settings->pdata[i], &values);
  if (code == CLI_EXIT_DONE && adopt)
    code = check_files (self, &values);
  if (code != CLI_EXIT_DONE)
    return code;
  if (self->save_basis != NULL && g_variant_dict_contains (&values, "basis"))
    return usage (_ ("--save-basis makes a basis; none can be given with it."));
  given = g_variant_ref_sink (g_variant_dict_end (&values));
  self->parameters = dinoscope_parameters_complete (parameters, given, &error);
  return self->parameters != NULL ? CLI_EXIT_DONE : cli_fail (error, CLI_EXIT_USAGE);
}

void
cli_map_set_parameter (CliMap *self, const char *name, GVariant *value)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (self->parameters);

  g_variant_dict_insert_value (&values, name, value);
  g_clear_pointer (&self->parameters, g_variant_unref);
  self->parameters = g_variant_ref_sink (g_variant_dict_end (&values));
}

static const char *
or_unknown (const char *text)
{
  return text != NULL ? text : _ ("unknown");
}

/* Other weights, another arithmetic, or other instructions: the first that differs. */
static void
note_difference (CliMap *self, const char *sha256)
{
  const DinoscopeSidecar *sidecar = self->sidecar;
  DinoscopeModel         *model = self->session.model;
  const char             *precision = dinoscope_model_get_precision (model);
  const char             *instruction_set = dinoscope_model_get_instruction_set (model);

  if (g_strcmp0 (sha256, sidecar->model_sha256) != 0)
    cli_note (_ ("The sidecar was made with another encoder (%s); the map differs."), or_unknown (sidecar->model_name));
  else if (g_strcmp0 (precision, sidecar->precision) != 0)
    cli_note (_ ("The sidecar was made in %s with %s, this map in %s with %s; the values differ."),
              or_unknown (sidecar->precision), or_unknown (sidecar->instruction_set), precision, instruction_set);
  else if (g_strcmp0 (dinoscope_model_get_calibration_sha256 (model), sidecar->calibration) != 0)
    cli_note (_ ("The sidecar was made with another calibration of %s; the values differ."), precision);
  else if (g_strcmp0 (instruction_set, sidecar->instruction_set) != 0)
    cli_note (_ ("The sidecar was made with %s, this map with %s; the last digits can differ."), or_unknown (sidecar->instruction_set), instruction_set);
}

CliExit
cli_map_compare_model (CliMap *self)
{
  CliExit     code = CLI_EXIT_DONE;
  const char *sha256;

  if (self->sidecar == NULL || self->session.quiet)
    return CLI_EXIT_DONE;
  sha256 = cli_session_await_sha256 (&self->session, &code);
  if (sha256 == NULL)
    return code;
  note_difference (self, sha256);
  return CLI_EXIT_DONE;
}
