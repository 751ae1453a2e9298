/* The whole program in the test's process: application, engine, window. */
#pragma once

#include "support.h"

#include "app/dinoscope-application.h"
#include "app/dinoscope-window-private.h"

typedef struct
{
  DinoscopeApplication *application;
  DinoscopeWindow      *window;
  char                 *folder; /* empty at first, removed with what is in it */
} WindowFixture;

/* To be called first in main(). FALSE, after saying so in TAP, without a display. */
gboolean window_fixture_init (int *argc, char ***argv);

typedef void (*WindowTest) (WindowFixture *fixture);

/* A case that runs inside the program, from its first window until its last
 * one is gone; after that nothing of it may be left over. model is the value of
 * DINOSCOPE_MODEL, NULL for the bundled demonstration encoder. */
void window_fixture_add (const char *path, const char *model, WindowTest test);

/* prepare() is called before the program starts, with the settings at their defaults. */
void window_fixture_add_prepared (const char *path, const char *model, void (*prepare) (void), WindowTest test);

typedef gboolean (*WindowCondition) (WindowFixture *fixture);

/* Turns the main loop until condition holds; a watchdog ends a test that waits in vain. */
void window_fixture_wait (WindowFixture *fixture, WindowCondition condition);

/* Conditions. */
gboolean window_has_study (WindowFixture *fixture);
gboolean window_has_map (WindowFixture *fixture); /* the one that the settings ask for, on the canvas */
gboolean window_is_running (WindowFixture *fixture);
gboolean window_is_encoded (WindowFixture *fixture);
gboolean window_has_error (WindowFixture *fixture);
gboolean window_has_model (WindowFixture *fixture);

/* A bundled radiograph. (transfer full) */
GFile *window_fixture_example (const char *name);
void   window_fixture_open (WindowFixture *fixture, GFile *file);

/* Opens a bundled radiograph and waits for its map. */
DinoscopePage *window_fixture_show_example (WindowFixture *fixture, const char *name);

/* A file of the fixture's folder, with these bytes or as a copy. (transfer full) */
GFile *window_fixture_write (WindowFixture *fixture, const char *name, const void *data, gsize length);
GFile *window_fixture_copy_example (WindowFixture *fixture, const char *example, const char *name);

/* A name in the fixture's folder. (transfer full) */
GFile *window_fixture_child (WindowFixture *fixture, const char *name);

/* Exports what is seen to a file of the folder, and waits for it. */
void window_fixture_export (WindowFixture *fixture, const char *name, DinoscopeExportFlags flags);

/* Names in the folder, or absolute paths. */
void window_fixture_assert_equal_files (WindowFixture *fixture, const char *one, const char *other);

/* Runs a command, NULL-terminated, which has to succeed. */
void window_fixture_run (const char *const *command);

void window_fixture_activate (WindowFixture *fixture, const char *action);

/* "name, fp32, avx512": how the window tells of an encoder in float32. (transfer full) */
char *window_fixture_describe (const char *name);

/* The first descendant of that type, in the order of the tree; NULL when there is none. */
GtkWidget *window_fixture_find (GtkWidget *root, GType type);

/* Whether a label in root has this text, letter by letter. */
gboolean window_fixture_shows (GtkWidget *root, const char *text);
