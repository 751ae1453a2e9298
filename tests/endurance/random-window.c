/* The whole program, used at random: random-window --seed N --steps M. Which
 * steps there are follows from the seed and from nothing else; each is written to
 * --log before it is done. A warning, a critical or a main loop that stands still
 * is a finding, told on standard error with what repeats it; then, or when
 * something is left over, the exit code is 1. */
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "steps.h"
#include "watch.h"

/* How long a step waits for the map at most, and how often it looks. */
#define SETTLE_TRIES 150
#define SETTLE_MSEC 10

static const struct
{
  const char *name;
  guint       weight;
  void (*take) (struct run *run, struct draw *draw);
} steps[] = {
  { "widget", 30, step_widget },
  { "action", 16, step_action },
  { "hand", 14, step_hand },
  { "overlay", 12, step_overlay },
  { "view", 6, step_view },
  { "marks", 5, step_marks },
  { "regions", 5, step_regions },
  { "scribbles", 4, step_scribbles },
  { "what-if", 4, step_what_if },
  { "preparation", 4, step_preparation },
  { "history", 10, step_history },
  { "open", 10, step_open },
  { "tabs", 7, step_tabs },
  { "compare", 6, step_compare },
  { "export", 5, step_export },
  { "collection", 4, step_collection },
  { "model", 2, step_model },
  { "settings", 3, step_settings },
  { "windows", 6, step_windows },
  { "disturb", 2, step_disturb },
};

static struct
{
  struct run run;
  FILE      *log;
  guint64    seed;
  guint64    step;  /* of the one that is taken, from 1 */
  guint64    steps; /* 0: until the time is over */
  gint64     end;   /* monotonic time; 0: until the steps are taken */
  guint      source;
  guint      tries; /* that the step before may still wait for the map */
  guint      programs;
  gboolean   held;
  gboolean   calm;
} all;

DinoscopeWindow *
run_get_window (struct run *run)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (run->application)); l != NULL; l = l->next)
    if (DINOSCOPE_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

DinoscopePage *
run_get_page (struct run *run)
{
  return dinoscope_window_get_page (run_get_window (run));
}

DinoscopeStudy *
run_get_study (struct run *run)
{
  DinoscopePage *page = run_get_page (run);

  return page != NULL ? dinoscope_page_get_study (page) : NULL;
}

void
run_say (struct run *run, const char *format, ...)
{
  va_list arguments;

  if (all.log == NULL)
    return;
  va_start (arguments, format);
  vfprintf (all.log, format, arguments);
  va_end (arguments);
  fflush (all.log);
}

static guint
get_weights (void)
{
  guint sum = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    sum += steps[i].weight;
  return sum;
}

static void
take_step (struct draw *draw)
{
  g_autofree char *place = NULL;
  guint            at = draw_below (draw, get_weights ());
  gsize            kind = 0;

  while (at >= steps[kind].weight)
    at -= steps[kind++].weight;
  place = g_strdup_printf ("--seed %" G_GUINT64_FORMAT " --steps %" G_GUINT64_FORMAT " (%s)", all.seed, all.step, steps[kind].name);
  watch_set_place (place);
  run_say (&all.run, "%" G_GUINT64_FORMAT " %s", all.step, steps[kind].name);
  if (run_get_window (&all.run) == NULL)
    {
      run_say (&all.run, " (no window)");
      g_application_activate (G_APPLICATION (all.run.application));
    }
  else if (!step_answer (&all.run, draw))
    steps[kind].take (&all.run, draw);
  run_say (&all.run, "\n");
}

static gboolean step_cb (gpointer data);

static void
schedule (guint msec)
{
  all.source = g_timeout_add (msec, step_cb, NULL);
}

static gboolean
is_over (void)
{
  return all.steps > 0 ? all.step >= all.steps : g_get_monotonic_time () > all.end;
}

static gboolean
is_settled (void)
{
  DinoscopePage *page = run_get_window (&all.run) != NULL ? run_get_page (&all.run) : NULL;

  return page == NULL || (dinoscope_page_is_map_current (page) && dinoscope_canvas_is_settled (dinoscope_page_get_canvas (page)));
}

/* As when a person closes the window for good. */
static void
end_program (void)
{
  if (!all.held)
    return;
  all.held = FALSE;
  g_action_group_activate_action (G_ACTION_GROUP (all.run.application), "quit", NULL);
  g_application_release (G_APPLICATION (all.run.application));
}

/* The next step has its source before this one is taken: a dialog with a main
 * loop of its own is used like others. */
static gboolean
step_cb (gpointer data)
{
  struct draw draw;
  guint       pause;

  all.source = 0;
  if (all.tries > 0 && !is_settled ())
    {
      all.tries--;
      schedule (SETTLE_MSEC);
      return G_SOURCE_REMOVE;
    }
  if (is_over ())
    {
      end_program ();
      return G_SOURCE_REMOVE;
    }
  all.step++;
  draw = draw_new (all.seed, all.step);
  pause = draw_chance (&draw, 3) ? 0 : draw_below (&draw, 40);
  all.tries = draw_chance (&draw, 6) ? SETTLE_TRIES : 0;
  schedule (pause);
  take_step (&draw);
  if (all.run.quits && all.held)
    {
      g_clear_handle_id (&all.source, g_source_remove);
      end_program ();
    }
  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *application, gpointer data)
{
  if (!all.held && all.source == 0 && !all.run.quits)
    {
      all.held = TRUE;
      g_application_hold (application);
      schedule (0);
    }
}

/* From start to end, which comes in the middle of whatever runs. */
static void
run_program (void)
{
  GObject *left;

  all.run.quits = FALSE;
  all.run.application = dinoscope_application_new ();
  left = G_OBJECT (all.run.application);
  g_object_add_weak_pointer (left, (gpointer *) &left);
  g_signal_connect_after (all.run.application, "activate", G_CALLBACK (activated_cb), NULL);
  if (g_application_run (G_APPLICATION (all.run.application), 0, NULL) != 0)
    watch_find ("the program failed");
  g_object_unref (all.run.application);
  if (left != NULL)
    {
      watch_find ("the application is left over, with %u references", left->ref_count);
      g_object_remove_weak_pointer (left, (gpointer *) &left);
    }
  all.programs++;
}

static void
parse (int *argc, char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError)         error = NULL;
  g_autofree char           *log = NULL;
  gint64                     seed = 0, n_steps = 0;
  double                     minutes = 0;
  const GOptionEntry         entries[] = {
            { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Which steps; not given: by the clock", "N" },
            { "steps", 0, 0, G_OPTION_ARG_INT64, &n_steps, "How many", "M" },
            { "minutes", 0, 0, G_OPTION_ARG_DOUBLE, &minutes, "For how long, in place of --steps", "MINUTES" },
            { "calm", 0, 0, G_OPTION_ARG_NONE, &all.calm, "No keys and clicks of the X server, and only what the program itself says counts", NULL },
            { "log", 0, 0, G_OPTION_ARG_FILENAME, &log, "Each step goes there", "FILE" },
            { NULL },
  };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error) || (n_steps > 0) == (minutes > 0))
    {
      g_printerr ("%s\n", error != NULL ? error->message : "Either --steps or --minutes is needed.");
      exit (2);
    }
  all.seed = seed != 0 ? (guint64) seed : (guint64) g_get_real_time ();
  all.steps = (guint64) n_steps;
  all.end = g_get_monotonic_time () + (gint64) (minutes * 60 * G_USEC_PER_SEC);
  all.log = log != NULL ? fopen (log, "we") : NULL;
  if (log != NULL && all.log == NULL)
    {
      g_printerr ("%s cannot be written.\n", log);
      exit (2);
    }
}

int
main (int argc, char *argv[])
{
  g_autofree char *model = g_build_filename (g_getenv ("DINOSCOPE_TEST_DATA"), "golden", "checkpoint", "tiny-1", NULL);

  setlocale (LC_ALL, "");
  parse (&argc, &argv);
  g_print ("seed %" G_GUINT64_FORMAT "\n", all.seed);
  ground_init (&all.run.ground);
  g_setenv ("DINOSCOPE_NON_UNIQUE", "1", TRUE);
  g_setenv ("DINOSCOPE_MODEL", model, TRUE);
  g_set_application_name ("Dinoscope");
  if (!gtk_init_check ())
    {
      g_printerr ("There is no display.\n");
      return 77;
    }
  watch_begin (all.calm ? 120 : 5, all.calm);
  all.run.hand = all.calm ? NULL : popen ("exec xdotool -", "we");
  while (!is_over ())
    run_program ();
  watch_end ();
  if (all.run.hand != NULL)
    pclose (all.run.hand);
  ground_clear (&all.run.ground);
  g_print ("seed %" G_GUINT64_FORMAT ": %" G_GUINT64_FORMAT " steps in %u runs of the program, %u findings\n", all.seed, all.step, all.programs, watch_get_n_findings ());
  return watch_get_n_findings () > 0 ? 1 : 0;
}
