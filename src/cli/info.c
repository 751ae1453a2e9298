#include "cli/info.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/versions.h"
#include "core/base/text.h"
#include "dinoscope-config.h"

/* Each precision with the instruction set that it computes with here, or null. */
static json_t *
precisions_report (CliSession *session)
{
  json_t *object = json_object ();

  for (int i = 0; i < DINO_N_PRECISIONS; i++)
    {
      enum dino_isa isa;
      gboolean      there = dino_precision_isa ((enum dino_precision) i, dinoscope_engine_get_isa (session->engine), &isa);

      json_object_set_new (object, dino_precision_name ((enum dino_precision) i), there ? json_string (dino_isa_name (isa)) : json_null ());
    }
  return object;
}

static json_t *
program_report (CliSession *session)
{
  g_autoptr (GArray) libraries = cli_libraries ();
  json_t            *list = json_object ();
  char               processor[128];

  dino_cpu_name (processor, sizeof processor);
  for (guint i = 0; i < libraries->len; i++)
    {
      const CliLibrary *library = &g_array_index (libraries, CliLibrary, i);

      json_object_set_new (list, library->name, cli_json_text (library->version));
    }
  return json_pack ("{s:s, s:s, s:s, s:o, s:s, s:o, s:I, s:o}",
                    "name", "Dinoscope",
                    "version", DINOSCOPE_VERSION,
                    "purpose", "For research only. Not for clinical use.",
                    "processor", cli_json_text (processor),
                    "instruction_set", dino_isa_name (dinoscope_engine_get_isa (session->engine)),
                    "precisions", precisions_report (session),
                    "threads", (json_int_t) dinoscope_engine_get_threads (session->engine),
                    "libraries", list);
}

static void
print_precisions (CliSession *session)
{
  for (int i = 0; i < DINO_N_PRECISIONS; i++)
    {
      enum dino_precision precision = (enum dino_precision) i;
      enum dino_isa       isa;
      g_autofree char    *name = g_strdup_printf (_ ("Precision %s"), dino_precision_name (precision));

      if (dino_precision_isa (precision, dinoscope_engine_get_isa (session->engine), &isa))
        cli_info_line (name, _ ("computed with %s"), dino_isa_name (isa));
      else
        cli_info_line (name, "%s", _ ("not on this processor: it needs AVX-512 BF16 and VNNI"));
    }
}

static void
print_program (CliSession *session)
{
  g_autoptr (GArray) libraries = cli_libraries ();
  char               processor[128];

  dino_cpu_name (processor, sizeof processor);
  printf ("Dinoscope %s\n%s\n\n", DINOSCOPE_VERSION, cli_research_only ());
  cli_info_line (_ ("Processor"), "%s", processor);
  cli_info_line (_ ("Instruction set"), "%s", dino_isa_name (dinoscope_engine_get_isa (session->engine)));
  print_precisions (session);
  cli_info_line (_ ("Threads"), "%u", dinoscope_engine_get_threads (session->engine));
  for (guint i = 0; i < libraries->len; i++)
    cli_info_line (g_array_index (libraries, CliLibrary, i).name, "%s", g_array_index (libraries, CliLibrary, i).version);
  printf ("\n");
}

void
cli_info_line (const char *name, const char *format, ...)
{
  g_autofree char *value = NULL;
  glong            width = g_utf8_strlen (name, -1);
  va_list          values;

  va_start (values, format);
  value = g_strdup_vprintf (format, values);
  va_end (values);
  printf ("%s:%*s %s\n", name, (int) MAX (18 - width, 0), "", value);
}

/* Without pictures: the program and the model. */
static CliExit
report_program (CliSession *session)
{
  CliExit code, hash_code = CLI_EXIT_DONE;
  json_t *object, *model;

  if (!session->json)
    {
      /* Printed first: a report about a model that does not load needs it. */
      print_program (session);
      code = cli_session_await_model (session);
      return code == CLI_EXIT_DONE ? cli_info_print_model (session) : code;
    }
  code = cli_session_await_model (session);
  if (code != CLI_EXIT_DONE)
    return code;
  object = cli_json_new (session->arguments);
  json_object_set_new (object, "program", program_report (session));
  model = cli_info_model (session, &hash_code);
  if (model == NULL)
    {
      json_decref (object);
      return hash_code;
    }
  json_object_set_new (object, "model", model);
  return cli_json_print (object);
}

/* With pictures: each of them, as the model will see it. */
static CliExit
report_pictures (CliSession *session)
{
  const GPtrArray      *files = session->arguments->operands;
  g_autoptr (GPtrArray) failed = g_ptr_array_new ();
  json_t               *pictures = json_array ();
  json_t               *object;
  CliExit               code = cli_session_await_model (session);

  for (guint i = 0; code == CLI_EXIT_DONE && i < files->len; i++)
    {
      CliExit one;

      if (i > 0 && !session->json)
        printf ("\n");
      one = cli_info_picture (session, files->pdata[i], pictures);
      if (one == CLI_EXIT_INPUT)
        g_ptr_array_add (failed, files->pdata[i]);
      else
        code = one;
    }
  if (code == CLI_EXIT_DONE && session->json)
    {
      object = cli_json_new (session->arguments);
      json_object_set (object, "pictures", pictures);
      json_object_set_new (object, "failed", cli_report_failed (failed));
      code = cli_json_print (object);
    }
  json_decref (pictures);
  return code == CLI_EXIT_DONE && failed->len > 0 ? CLI_EXIT_INPUT : code;
}

CliExit
cli_info (const CliArguments *arguments, GCancellable *cancellable)
{
  CliSession session = { 0 };
  gboolean   pictures = arguments->operands->len > 0;
  CliExit    code = cli_session_init (&session, arguments, cancellable);

  if (code == CLI_EXIT_DONE)
    code = cli_session_start_model (&session, !pictures);
  if (code == CLI_EXIT_DONE)
    code = pictures ? report_pictures (&session) : report_program (&session);
  cli_session_clear (&session);
  return code;
}
