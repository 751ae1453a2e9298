#include <stdio.h>

#include "cli/info.h"
#include "cli/model.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "engine/dinoscope-found-model.h"
#include "engine/dinoscope-paths-private.h"

/* Name and "*" in front of what is known of it, and lines below. */
static void
print_model (DinoscopeFoundModel *model)
{
  const char      *problem = dinoscope_found_model_get_problem (model);
  g_autofree char *name = cli_printable (dinoscope_found_model_get_name (model));
  g_autofree char *title = cli_printable (dinoscope_found_model_get_title (model));
  g_autofree char *path = dinoscope_display_name (dinoscope_found_model_get_path (model));
  g_autofree char *known = dinoscope_found_model_describe (model);

  printf ("%c %s\n", dinoscope_found_model_is_in_use (model) ? '*' : ' ', name);
  if (dinoscope_found_model_is_demonstration (model))
    printf ("    %s\n", title);
  if (*known != '\0')
    printf ("    %s\n", known);
  /* Translators: where a model was found, then its path. */
  printf (_ ("    found %s: %s\n"), dinoscope_model_source_describe (dinoscope_found_model_get_source (model)), path);
  if (problem != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (problem, "\n", -1);

      printf ("    %s\n", _ ("It cannot be used:"));
      for (guint i = 0; lines[i] != NULL; i++)
        printf ("      %s\n", lines[i]);
    }
}

static json_t *
report_model (DinoscopeFoundModel *model)
{
  const struct dino_config *config = dinoscope_found_model_get_config (model);
  const char               *problem = dinoscope_found_model_get_problem (model);
  json_t                   *object;
  int                       width, height;

  dinoscope_found_model_get_input (model, &width, &height);
  object = json_pack ("{s:o, s:o, s:o, s:s, s:b, s:b, s:b, s:o, s:I}",
                      "name", cli_json_text (dinoscope_found_model_get_name (model)),
                      "title", cli_json_text (dinoscope_found_model_get_title (model)),
                      "path", cli_json_text (dinoscope_found_model_get_path (model)),
                      "found", dinoscope_model_source_id (dinoscope_found_model_get_source (model)),
                      "in_use", (int) dinoscope_found_model_is_in_use (model),
                      "demonstration", (int) dinoscope_found_model_is_demonstration (model),
                      "usable", problem == NULL,
                      "problem", problem != NULL ? cli_json_text (problem) : json_null (),
                      "bytes", (json_int_t) dinoscope_found_model_get_bytes (model));
  json_object_set_new (object, "dimensions", config != NULL ? cli_info_dimensions (config) : json_null ());
  json_object_set_new (object, "input", width > 0 ? json_pack ("[i, i]", width, height) : json_null ());
  return object;
}

static CliExit
print_report (const CliArguments *arguments, GListModel *models)
{
  json_t *list = json_array (), *object = cli_model_json_new (arguments);

  for (guint i = 0; i < g_list_model_get_n_items (models); i++)
    {
      g_autoptr (DinoscopeFoundModel) model = g_list_model_get_item (models, i);

      json_array_append_new (list, report_model (model));
    }
  json_object_set_new (object, "models", list);
  return cli_json_print (object);
}

CliExit
cli_model_list (const CliArguments *arguments, GCancellable *cancellable)
{
  g_autoptr (GListModel) models = dinoscope_model_list (cli_arguments_text (arguments, CLI_OPTION_MODEL, NULL), NULL, cancellable);

  if (g_cancellable_is_cancelled (cancellable))
    return CLI_EXIT_INTERRUPTED;
  if (cli_arguments_has (arguments, CLI_OPTION_JSON))
    return print_report (arguments, models);
  for (guint i = 0; i < g_list_model_get_n_items (models); i++)
    {
      g_autoptr (DinoscopeFoundModel) model = g_list_model_get_item (models, i);

      print_model (model);
    }
  return cli_output_finish ();
}
