/* A canvas of fixed size in a window, and pictures of it. */
#pragma once

#include "support.h"

#include "app/dinoscope-canvas.h"

#define CANVAS_WIDTH 340
#define CANVAS_HEIGHT 320

typedef struct
{
  DinoscopeEngine     *engine;
  GtkWidget           *window;
  DinoscopeCanvas     *canvas;
  struct dino_geometry geometry; /* of the bundled radiograph, as RAD-DINO sees it */
} CanvasFixture;

/* To be called first in main(). FALSE, after saying so in TAP, without a display. */
gboolean canvas_fixture_init (int *argc, char ***argv);

/* A test with a canvas of its own. */
typedef void (*CanvasTest) (CanvasFixture *fixture, gconstpointer data);
void canvas_fixture_add (const char *path, CanvasTest test);

/* The bundled radiograph with its geometry. */
void canvas_fixture_show_radiograph (CanvasFixture *fixture);

/* Any grey picture made of a function of column and row. */
void canvas_fixture_show_pattern (CanvasFixture *fixture, int width, int height, guint8 (*value) (int x, int y));

/* A smooth signed map over what the model saw, coloured by a map's name. */
void canvas_fixture_show_map (CanvasFixture *fixture, const char *colormap, enum dino_smooth smooth);

/* Waits until the canvas has drawn all that it wants to show. */
void canvas_fixture_settle (CanvasFixture *fixture);

/* What its window draws of a widget at this moment, background and clip
 * included, in device pixels. (transfer full) */
GskRenderNode *canvas_fixture_snapshot (GtkWidget *widget);

/* The canvas as the window's renderer draws it, in device pixels. */
GdkTexture *canvas_fixture_render (CanvasFixture *fixture);

/* Device pixels as R, G, B, A; *width and *height may be NULL. Free with g_free(). */
guint8 *canvas_fixture_pixels (CanvasFixture *fixture, int *width, int *height);

/* Compares with tests/data/canvas/NAME.png: no channel differs by more than
 * tolerance in more than share of the pixels. Writes NAME.png and a picture of
 * the differences into the build folder when they do.
 * DINOSCOPE_UPDATE_REFERENCES=1 rewrites the reference, with the cairo renderer only. */
void canvas_fixture_compare (CanvasFixture *fixture, const char *name, int tolerance, double share);
