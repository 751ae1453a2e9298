#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-greys.h"
#include "app/dinoscope-regions.h"
#include "app/dinoscope-scribble-kit.h"
#include "app/dinoscope-scribbles.h"
#include "app/dinoscope-marks.h"
#include "core/maps/draw.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_CANVAS (dinoscope_canvas_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeCanvas, dinoscope_canvas, DINOSCOPE, CANVAS, GtkWidget)

/* The picture with its layers, as large as its viewport: implements
 * GtkScrollable and does its own scrolling. Layers from below: picture, map,
 * what the model did not see (hatching and crop frame), patch grid, selected
 * patch, distances. Coordinates "of the picture" are pixels of the original, origin at
 * its top left corner, before the view is turned or flipped.
 *
 * Properties: "zoom" (device-independent pixels a picture pixel), "fitted"
 * (zoom follows the viewport), "map-visible", "peeking" (map hidden while Space
 * is held), "grid-visible", "turns" (0 … 3 quarter turns clockwise), "flipped",
 * "model-view" (what the model sees in the place of the picture),
 * "measuring" (dragging draws distances, arrows move their ends),
 * "marking-boxes", "marking-ellipses" (dragging draws regions, arrows move
 * them; at most one of these three), "wheel-zooms" (else the wheel scrolls, and
 * zooms with Ctrl).
 *
 * Actions (class actions, bound to keys on this class): view.zoom-in,
 * view.zoom-out, view.fit, view.original-size, view.turn-right,
 * view.turn-left, view.flip, view.map, view.grid, view.model (toggles),
 * view.pin, view.clear-pins, view.select-up, -down, -left, -right (patch cursor; while measuring the
 * chosen end), view.far-up … (ten steps of an end), view.pan-up …, view.measure
 * (toggle), view.measure-add, view.measure-next, view.measure-remove,
 * view.region-box, view.region-ellipse (toggles), view.region-next, -previous,
 * -add, -remove (with these tools Shift and an arrow resize the region),
 * view.paint, view.rub-out (toggles), view.paint-class-next, -previous,
 * view.paint-patch, view.rub-out-patch (at the cursor), view.leave-tool. Keys
 * that concern the overlay are actions of the window, bound here by name:
 * S win.find-similar; V, Shift+V win.next-view, win.previous-view; L, Shift+L win.next-block, win.previous-block; N, Shift+N win.next-head,
 * win.previous-head; [, ] win.opacity-down, win.opacity-up; E win.encode;
 * Page Down, Page Up win.next-picture, win.previous-picture.
 *
 * Signals:
 *   "pointer-moved" (double x, double y, gboolean inside): of the picture;
 *     inside it or, where zeros were put around it, inside what the model saw
 *   "patch-selected" (int row, int column): -1, -1 when none
 *   "map-failed" (const char *message): a map could not be drawn
 *   "measured": dinoscope_canvas_dup_measured() says something else
 *   "view-changed": zoom, centre, turns, mirroring or the viewport's size are others
 *
 * CSS node "dinoscope-canvas": background and focus outline are the style
 * sheet's. On the screen the picture is first turned, then flipped.
 */

DinoscopeCanvas *dinoscope_canvas_new (DinoscopeEngine *engine);

/* Map rasters are drawn by engine, on its map thread. */
void dinoscope_canvas_set_engine (DinoscopeCanvas *self, DinoscopeEngine *engine);

/* NULL empties the canvas. Another study drops geometry, map, tensor and selection.
 * keep_view keeps relative zoom, centre, turns and flip, as stepping through a
 * folder wants. */
void            dinoscope_canvas_set_study (DinoscopeCanvas *self, DinoscopeStudy *study, gboolean keep_view);
DinoscopeStudy *dinoscope_canvas_get_study (DinoscopeCanvas *self);

/* Which values are shown, and how a hand changes that; once. Without it the
 * study's own greys are shown. It is given another study before the canvas is. */
void dinoscope_canvas_set_greys (DinoscopeCanvas *self, DinoscopeGreys *greys);

/* What is marked on the picture, and how a hand changes that; once. It is given
 * another study before the canvas is. */
void dinoscope_canvas_set_regions (DinoscopeCanvas *self, DinoscopeRegions *regions);

/* What is painted on the picture, once, and what with. Scribbles are given
 * another study before the canvas is. */
void dinoscope_canvas_set_scribbles (DinoscopeCanvas *self, DinoscopeScribbles *scribbles);
void dinoscope_canvas_set_scribble_kit (DinoscopeCanvas *self, DinoscopeScribbleKit *kit);

/* Pins and similar patches, drawn over the map, and the cursor, which the
 * selected patch follows; once. */
void dinoscope_canvas_set_marks (DinoscopeCanvas *self, DinoscopeMarks *marks);

/* Pixels that are shown in the place of the picture's own in box (of the
 * picture), NULL: none; and the patches that are covered, framed, NULL: none.
 * Another study drops both. */
void dinoscope_canvas_set_cover (DinoscopeCanvas *self, GdkTexture *texture, struct dino_box box);
void dinoscope_canvas_set_covered_patches (DinoscopeCanvas *self, const struct dino_box *patches);

/* What the model sees of the picture (copied); NULL: unknown, no frame and no selection. */
void dinoscope_canvas_set_geometry (DinoscopeCanvas *self, const struct dino_geometry *geometry);

/* The tensor that "model-view" shows, NULL until it is known: then the picture
 * is shown. It is drawn over the box that the model saw. */
void dinoscope_canvas_set_model_input (DinoscopeCanvas *self, DinoscopeModelInput *input);

/* The map over the picture and how it is coloured; map NULL removes it. */
void dinoscope_canvas_set_map (DinoscopeCanvas *self, DinoscopeMap *map, const struct dino_map_style *style);

/* FALSE when no patch is selected. */
gboolean dinoscope_canvas_get_selected_patch (DinoscopeCanvas *self, int *row, int *column);
void     dinoscope_canvas_select_patch (DinoscopeCanvas *self, int row, int column);

/* Which token without a place in the picture, of those drawn beside the map, lies
 * at a point of the widget; -1: none. */
int dinoscope_canvas_find_cell (DinoscopeCanvas *self, double widget_x, double widget_y);

/* Moves the picture so that the patch is in the viewport. */
void dinoscope_canvas_reveal_patch (DinoscopeCanvas *self, int row, int column);

/* The length of the chosen distance, "" when there is none. Distances stay
 * with their picture, in its pixels, as long as the canvas is there. (transfer full) */
char *dinoscope_canvas_dup_measured (DinoscopeCanvas *self);

/* The point of the picture under a point of the widget, and back. */
void dinoscope_canvas_widget_to_picture (DinoscopeCanvas *self, double widget_x, double widget_y, double *x, double *y);
void dinoscope_canvas_picture_to_widget (DinoscopeCanvas *self, double x, double y, double *widget_x, double *widget_y);

/* Zooms so that the point of the widget stays over the same point of the picture. */
void   dinoscope_canvas_zoom_at (DinoscopeCanvas *self, double zoom, double widget_x, double widget_y);
double dinoscope_canvas_get_zoom (DinoscopeCanvas *self);

/* A view that means the same for another picture: zoom as a multiple of the
 * one that fits, and the centre as a share of width and height. */
typedef struct
{
  gboolean fitted;
  double   zoom, x, y;
  int      turns;
  gboolean flipped;
} DinoscopeRelativeView;

/* FALSE without a picture or a place. */
gboolean dinoscope_canvas_get_relative_view (DinoscopeCanvas *self, DinoscopeRelativeView *view);

/* Takes the view of another canvas. */
void dinoscope_canvas_follow (DinoscopeCanvas *self, const DinoscopeRelativeView *view);

/* How the picture is looked at, a{sv}: "fitted" b or "zoom" d with "center"
 * (dd, of the picture); "turns" i, "flipped" b, "grid" b, "model-view" b.
 * dup_state is transfer full; keys that state does not have change nothing. */
GVariant *dinoscope_canvas_dup_state (DinoscopeCanvas *self);
void      dinoscope_canvas_restore (DinoscopeCanvas *self, GVariant *state);

/* The part of the picture that can be seen, and how it is turned; FALSE when all
 * of it is shown as it is. */
gboolean dinoscope_canvas_get_seen (DinoscopeCanvas *self, struct dino_box *box, int *turns, gboolean *flipped);

/* Shows that part as large as it can be seen whole; a box of the whole picture is fitted. */
void dinoscope_canvas_show_box (DinoscopeCanvas *self, struct dino_box box, int turns, gboolean flipped);

/* TRUE when the textures shown are those of the current picture, map, style and view. */
gboolean dinoscope_canvas_is_settled (DinoscopeCanvas *self);

G_END_DECLS
