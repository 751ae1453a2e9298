#include <stdio.h>

#include "cli/map.h"
#include "cli/output.h"
#include "core/base/text.h"

static const char *
type_name (DinoscopeParameterType type)
{
  switch (type)
    {
    case DINOSCOPE_PARAMETER_BOOL:
      return "bool";
    case DINOSCOPE_PARAMETER_INT:
      return "int";
    case DINOSCOPE_PARAMETER_DOUBLE:
      return "double";
    case DINOSCOPE_PARAMETER_ENUM:
      return "enum";
    case DINOSCOPE_PARAMETER_PATCH:
      return "patch";
    case DINOSCOPE_PARAMETER_PATCHES:
      return "patches";
    case DINOSCOPE_PARAMETER_FILE:
    default:
      return "file";
    }
}

static gboolean
has_range (DinoscopeParameter *parameter)
{
  DinoscopeParameterType type = dinoscope_parameter_get_parameter_type (parameter);

  return type == DINOSCOPE_PARAMETER_INT || type == DINOSCOPE_PARAMETER_DOUBLE;
}

/* A default as a person would write it after NAME=; (transfer full). */
static char *
format_default (DinoscopeParameter *parameter)
{
  GVariant *value = dinoscope_parameter_get_default (parameter);
  char      number[DINO_NUMBER_LENGTH];

  if (value == NULL)
    return g_strdup (_ ("off"));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? "true" : "false");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return g_strdup_printf ("%d", g_variant_get_int32 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_strdup (dino_format_double (number, g_variant_get_double (value)));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return *g_variant_get_string (value, NULL) != '\0' ? g_variant_dup_string (value, NULL) : g_strdup (_ ("none"));
  return g_variant_print (value, FALSE);
}

static json_t *
json_default (DinoscopeParameter *parameter)
{
  GVariant        *value = dinoscope_parameter_get_default (parameter);
  g_autofree char *text = NULL;

  if (value == NULL)
    return json_null ();
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return json_boolean (g_variant_get_boolean (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return json_integer (g_variant_get_int32 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return json_real (g_variant_get_double (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return cli_json_text (g_variant_get_string (value, NULL));
  text = g_variant_print (value, FALSE);
  return cli_json_text (text);
}

static json_t *
parameter_report (DinoscopeParameter *parameter)
{
  const char *const *choices = dinoscope_parameter_get_choices (parameter);
  json_t            *object = json_pack ("{s:s, s:o, s:s, s:b}",
                                         "name", dinoscope_parameter_get_name (parameter),
                                         "title", cli_json_text (dinoscope_parameter_get_title (parameter)),
                                         "type", type_name (dinoscope_parameter_get_parameter_type (parameter)),
                                         "optional", (int) dinoscope_parameter_is_optional (parameter));

  if (has_range (parameter))
    {
      double low, high;

      dinoscope_parameter_get_range (parameter, &low, &high);
      json_object_set_new (object, "range", json_pack ("[f, f]", low, high));
    }
  if (choices != NULL)
    {
      json_t *list = json_array ();

      for (guint i = 0; choices[i] != NULL; i++)
        json_array_append_new (list, json_string (choices[i]));
      json_object_set_new (object, "choices", list);
    }
  json_object_set_new (object, "default", json_default (parameter));
  return object;
}

static void
print_parameter (DinoscopeParameter *parameter)
{
  const char *const *choices = dinoscope_parameter_get_choices (parameter);
  g_autofree char   *values = NULL;
  g_autofree char   *standard = format_default (parameter);

  if (choices != NULL)
    values = g_strjoinv ("|", (char **) choices);
  else if (has_range (parameter))
    {
      char   low_text[G_ASCII_DTOSTR_BUF_SIZE], high_text[G_ASCII_DTOSTR_BUF_SIZE];
      double low, high;

      dinoscope_parameter_get_range (parameter, &low, &high);
      values = g_strdup_printf ("%s…%s", g_ascii_formatd (low_text, sizeof low_text, "%.6g", low),
                                g_ascii_formatd (high_text, sizeof high_text, "%.6g", high));
    }
  else
    values = g_strdup (type_name (dinoscope_parameter_get_parameter_type (parameter)));
  printf ("  %s=%s\n", dinoscope_parameter_get_name (parameter), values);
  printf ("        %s (%s: %s)\n", dinoscope_parameter_get_title (parameter), _ ("default"), standard);
}

static json_t *
overlay_report (DinoscopeOverlayProvider *provider, GListModel *parameters)
{
  json_t *list = json_array ();

  for (guint i = 0; i < g_list_model_get_n_items (parameters); i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, i);

      json_array_append_new (list, parameter_report (parameter));
    }
  return json_pack ("{s:s, s:o, s:o}", "id", dinoscope_overlay_provider_get_id (provider),
                    "title", cli_json_text (dinoscope_overlay_provider_get_title (provider)), "parameters", list);
}

static void
print_overlay (DinoscopeOverlayProvider *provider, GListModel *parameters)
{
  printf ("%s: %s\n", dinoscope_overlay_provider_get_id (provider), dinoscope_overlay_provider_get_title (provider));
  for (guint i = 0; i < g_list_model_get_n_items (parameters); i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, i);

      print_parameter (parameter);
    }
  printf ("\n");
}

static json_t *
colormaps_report (void)
{
  const struct dino_colormap *colormap;
  json_t                     *list = json_array ();

  for (size_t i = 0; (colormap = dino_colormap_at (i)) != NULL; i++)
    json_array_append_new (list, json_string (colormap->name));
  return list;
}

static void
print_colormaps (void)
{
  const struct dino_colormap *colormap;

  printf ("%s", _ ("Colours (--colormap):"));
  for (size_t i = 0; (colormap = dino_colormap_at (i)) != NULL; i++)
    printf (" %s", colormap->name);
  printf ("\n");
}

guint
cli_map_name_broken_plugins (void)
{
  g_autoptr (GListModel) plugins = dinoscope_plugins_list ();
  guint                  n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (plugins); i++)
    {
      g_autoptr (DinoscopePlugin) plugin = g_list_model_get_item (plugins, i);
      g_autofree char            *problem = dinoscope_plugin_describe_problem (plugin);

      if (problem == NULL)
        continue;
      cli_error ("%s", problem);
      n++;
    }
  return n;
}

CliExit
cli_map_list (CliSession *session)
{
  g_autoptr (GListModel) overlays = dinoscope_overlays_list_all ();
  json_t                *list = json_array ();
  json_t                *object;
  CliExit                code, printed;

  for (guint i = 0; i < g_list_model_get_n_items (overlays); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (overlays, i);
      g_autoptr (GListModel)               parameters = dinoscope_overlay_provider_list_parameters (provider, session->model);

      if (session->json)
        json_array_append_new (list, overlay_report (provider, parameters));
      else
        print_overlay (provider, parameters);
    }
  /* Also those that are refused because of their parameters, which were asked for just now. */
  code = cli_map_name_broken_plugins () > 0 ? CLI_EXIT_INPUT : CLI_EXIT_DONE;
  if (!session->json)
    {
      json_decref (list);
      print_colormaps ();
      return code;
    }
  object = cli_json_new (session->arguments);
  json_object_set_new (object, "overlays", list);
  json_object_set_new (object, "colormaps", colormaps_report ());
  printed = cli_json_print (object);
  return printed != CLI_EXIT_DONE ? printed : code;
}
