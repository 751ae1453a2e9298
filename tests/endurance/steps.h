/* One step of a person who does anything. */
#pragma once

#include <stdio.h>

#include "draw.h"
#include "ground.h"

#include "app/dinoscope-application.h"
#include "app/dinoscope-window-private.h"

struct run
{
  DinoscopeApplication *application;
  struct ground         ground;
  FILE                 *hand;  /* xdotool's standard input; NULL: none */
  gboolean              quits; /* the program is to end and start anew */
};

/* The first window of the program, NULL: all are closed. */
DinoscopeWindow *run_get_window (struct run *run);

/* The shown page, and its picture; NULL: none. */
DinoscopePage  *run_get_page (struct run *run);
DinoscopeStudy *run_get_study (struct run *run);

/* What the step does, for the log. */
void run_say (struct run *run, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Answers a file or print dialog; FALSE: there is none. */
gboolean step_answer (struct run *run, struct draw *draw);

/* steps-widgets.c: a control of a window, as a hand would use it; an action of
 * a widget; a real key, click, drag or turn of the wheel. */
void step_widget (struct run *run, struct draw *draw);
void step_action (struct run *run, struct draw *draw);
void step_hand (struct run *run, struct draw *draw);

/* steps-picture.c: what is shown and marked. */
void step_overlay (struct run *run, struct draw *draw);
void step_view (struct run *run, struct draw *draw);
void step_marks (struct run *run, struct draw *draw);
void step_regions (struct run *run, struct draw *draw);
void step_scribbles (struct run *run, struct draw *draw);
void step_what_if (struct run *run, struct draw *draw);
void step_preparation (struct run *run, struct draw *draw);
void step_history (struct run *run, struct draw *draw);

/* steps-files.c: what is opened, compared, exported; encoders, settings, windows. */
void step_open (struct run *run, struct draw *draw);
void step_tabs (struct run *run, struct draw *draw);
void step_compare (struct run *run, struct draw *draw);
void step_export (struct run *run, struct draw *draw);
void step_collection (struct run *run, struct draw *draw);
void step_model (struct run *run, struct draw *draw);
void step_settings (struct run *run, struct draw *draw);
void step_windows (struct run *run, struct draw *draw);
void step_disturb (struct run *run, struct draw *draw);
