#pragma once

#include <gtk/gtk.h>

#include "app/dinoscope-canvas.h"
#include "app/dinoscope-guess.h"
#include "app/dinoscope-history.h"
#include "app/dinoscope-marks.h"
#include "app/dinoscope-overlay-settings.h"
#include "app/dinoscope-preparation-settings.h"
#include "app/dinoscope-readout.h"
#include "app/dinoscope-regions.h"
#include "app/dinoscope-session.h"
#include "app/dinoscope-what-if.h"
#include "engine/dinoscope-sidecar.h"

G_BEGIN_DECLS

typedef enum
{
  DINOSCOPE_PAGE_EMPTY,
  DINOSCOPE_PAGE_OPENING, /* nothing to show yet */
  DINOSCOPE_PAGE_ERROR,   /* the picture cannot be shown, and there is none from before */
  DINOSCOPE_PAGE_SHOWN
} DinoscopePageState;

typedef enum
{
  DINOSCOPE_PAGE_ENCODING_NONE,
  DINOSCOPE_PAGE_ENCODING_WAITING, /* for the encoder to be loaded */
  DINOSCOPE_PAGE_ENCODING_RUNNING,
  DINOSCOPE_PAGE_ENCODING_DONE,
  DINOSCOPE_PAGE_ENCODING_CANCELLED,
  DINOSCOPE_PAGE_ENCODING_FAILED
} DinoscopePageEncoding;

#define DINOSCOPE_TYPE_PAGE (dinoscope_page_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePage, dinoscope_page, DINOSCOPE, PAGE, GtkWidget)

/* One tab: one view of one picture, its features and its map. The picture is
 * opened when the page is first active, that is when its tab is selected.
 *
 * Properties: "title", "study", "map", "can-go-back", "can-go-on" (pictures of
 * the folder), "encoding" (DinoscopePageEncoding, as an int), "own-preparation",
 * "concealed" (nothing of the map is told until somebody guessed).
 *
 * Signals:
 *   "message" (char *text): something to tell in passing
 *   "readout-changed": dinoscope_page_get_readout() has other numbers
 *   "features-changed": more blocks are there, or those of another run
 *   "references-wanted": an overlay looks at references: dinoscope_page_set_references()
 *     is to be called by whoever knows them
 */

DinoscopePage *dinoscope_page_new (DinoscopeSession *session);

/* Those of the window that the page is in; tabs can move to another window. */
void dinoscope_page_set_settings (DinoscopePage *self, DinoscopeOverlaySettings *settings);
void dinoscope_page_set_preparation (DinoscopePage *self, DinoscopePreparationSettings *preparation);

void dinoscope_page_open_file (DinoscopePage *self, GFile *file);
void dinoscope_page_open_bytes (DinoscopePage *self, GBytes *bytes, const char *name);

/* The part of the page's width that nothing lies over. Where it has no room for
 * zoom controls, keys, wheel and menu are left. */
void dinoscope_page_set_seen (DinoscopePage *self, int x, int width);

/* Notes and colour bar get their places anew with the next layout. For whoever changes
 * what is seen of a page that keeps its size; not within a layout, which does not bear
 * that another one is asked for. */
void dinoscope_page_queue_place (DinoscopePage *self);

/* The previous (steps < 0) or next picture of the folder. */
void dinoscope_page_step (DinoscopePage *self, int steps);

/* Only active pages compute; another one gives its features back to the cache. */
void dinoscope_page_set_active (DinoscopePage *self, gboolean active);

void dinoscope_page_encode (DinoscopePage *self);
void dinoscope_page_cancel (DinoscopePage *self);

/* Stops everything, for good. */
void dinoscope_page_close (DinoscopePage *self);

const char           *dinoscope_page_get_title (DinoscopePage *self);
GFile                *dinoscope_page_get_file (DinoscopePage *self);
DinoscopePageState    dinoscope_page_get_state (DinoscopePage *self);
DinoscopePageEncoding dinoscope_page_get_encoding (DinoscopePage *self);
DinoscopeCanvas      *dinoscope_page_get_canvas (DinoscopePage *self);

/* What was chosen for the picture shown, with the way back. */
DinoscopeHistory *dinoscope_page_get_history (DinoscopePage *self);

/* The patches that are asked about: overlays with the parameters row, column and
 * pins follow them, and lead the cursor when these are set in the panel. */
DinoscopeMarks *dinoscope_page_get_marks (DinoscopePage *self);

/* Marks the patches most similar to the one at the cursor, cosine of the
 * normalised tokens of the block shown; a second time removes them. */
void dinoscope_page_find_similar (DinoscopePage *self);

/* Overlay, greys and view as they are at first, in one step; marks stay. */
void dinoscope_page_reset_view (DinoscopePage *self);

/* Sees the picture as a sidecar says, which is taken over: preparation, greys,
 * overlay and style, and of the same picture part, marks and regions. Waits for
 * the picture and for the model; a newer sidecar takes the place of one that
 * waits. What differs is told in messages. */
void dinoscope_page_apply_sidecar (DinoscopePage *self, DinoscopeSidecar *sidecar);

/* Whether that sidecar was made of the picture shown. */
gboolean dinoscope_page_shows_picture_of (DinoscopePage *self, const DinoscopeSidecar *sidecar);

/* Views kept of the picture shown, of DinoscopeKeptView, NULL without one; they
 * live as long as the session. keep tells of it in a message, take and step
 * (round and round) are a step of the history. */
GListModel *dinoscope_page_get_kept_views (DinoscopePage *self);
void        dinoscope_page_keep_view (DinoscopePage *self);
void        dinoscope_page_take_view (DinoscopePage *self, guint index);
void        dinoscope_page_step_view (DinoscopePage *self, int steps);
void        dinoscope_page_drop_view (DinoscopePage *self, guint index);

/* Which values of the picture are shown. */
DinoscopeGreys *dinoscope_page_get_greys (DinoscopePage *self);

/* What is marked on the picture. */
DinoscopeRegions *dinoscope_page_get_regions (DinoscopePage *self);

/* What is painted on the picture, and the mask made of it. */
DinoscopeScribbles *dinoscope_page_get_scribbles (DinoscopePage *self);

/* What is covered on trial, and whether the picture is shown so. While there is
 * a covered copy its features are the first reference of overlays. */
DinoscopeWhatIf *dinoscope_page_get_what_if (DinoscopePage *self);
gboolean         dinoscope_page_get_cover_visible (DinoscopePage *self);
void             dinoscope_page_set_cover_visible (DinoscopePage *self, gboolean visible);

/* A map that is shown in the place of the overlay's, until the settings ask for
 * another one, or the picture or encoder changes; NULL: the overlay's. It is
 * what an occlusion sweep has found; parameters are those of the overlay
 * "occlusion" that make this map. */
void          dinoscope_page_set_guest_map (DinoscopePage *self, DinoscopeMap *map, GVariant *parameters);
DinoscopeMap *dinoscope_page_get_guest_map (DinoscopePage *self);
GVariant     *dinoscope_page_get_guest_parameters (DinoscopePage *self);

DinoscopeSession  *dinoscope_page_get_session (DinoscopePage *self);
DinoscopeStudy    *dinoscope_page_get_study (DinoscopePage *self);
DinoscopeFeatures *dinoscope_page_get_features (DinoscopePage *self);
DinoscopeMap      *dinoscope_page_get_map (DinoscopePage *self);

/* Shows the map that is concealed, when there is a guess: the region that is
 * chosen, else the patch cursor. The guess is kept as a region. */
void     dinoscope_page_reveal (DinoscopePage *self);
gboolean dinoscope_page_is_concealed (DinoscopePage *self);

/* What the map is compared with on the picture; NULL: no guess is. (transfer none) */
const DinoscopeGuess *dinoscope_page_get_guess (DinoscopePage *self);

/* What the map of this page was made of last: its features, and those that they
 * are compared with; NULL while there are none. (transfer full) */
DinoscopeContext *dinoscope_page_dup_context (DinoscopePage *self);

/* What the model sees of the picture; NULL when that is not known. */
const struct dino_geometry *dinoscope_page_get_geometry (DinoscopePage *self);

/* TRUE when the map that the settings ask for is the one shown. */
gboolean dinoscope_page_is_map_current (DinoscopePage *self);

/* What the progress line says; "" when it is not there. */
const char *dinoscope_page_get_progress_text (DinoscopePage *self);

/* FALSE when there is nothing to tell: no picture, or neither pointer nor selection. */
gboolean dinoscope_page_get_readout (DinoscopePage *self, DinoscopeReadout *readout);

/* The same of one patch, wherever the pointer is. FALSE without such a patch. */
gboolean dinoscope_page_get_patch_readout (DinoscopePage *self, int row, int column, DinoscopeReadout *readout);

/* Of the block and the head that the settings ask for (the mean of heads where
 * the overlay has none), and the last pin. */
DinoscopePatchNumbers *dinoscope_page_get_numbers (DinoscopePage *self);

/* Beside other views. A page has a model of its own, or (NULL) the session's. */
void            dinoscope_page_set_model (DinoscopePage *self, DinoscopeModel *model);
DinoscopeModel *dinoscope_page_get_model (DinoscopePage *self);
gboolean        dinoscope_page_has_own_model (DinoscopePage *self);

/* From now on the page's picture is prepared as its own settings say, which
 * begin as a copy of the window's; property "own-preparation". */
void                          dinoscope_page_own_preparation (DinoscopePage *self);
DinoscopePreparationSettings *dinoscope_page_get_preparation (DinoscopePage *self);

/* What is told of its encoder and its preparation. (transfer full) */
char *dinoscope_page_describe_model (DinoscopePage *self);
char *dinoscope_page_describe_preparation (DinoscopePage *self);

/* Which half is seen where two views share one place: words go to its outer side. */
typedef enum
{
  DINOSCOPE_PAGE_SIDE_WHOLE,
  DINOSCOPE_PAGE_SIDE_LEFT,
  DINOSCOPE_PAGE_SIDE_RIGHT
} DinoscopePageSide;

void dinoscope_page_set_side (DinoscopePage *self, DinoscopePageSide side);

/* The previous (steps < 0) or next picture of the folder, NULL when there is none. */
GFile *dinoscope_page_get_neighbour (DinoscopePage *self, int steps);

/* What the overlay is asked for here: the settings' values, fitted to a model
 * of the page's own and to its place among several views. NULL without a
 * model. (transfer full) */
GVariant *dinoscope_page_dup_values (DinoscopePage *self);

/* The style in which the map is drawn here: the settings', with the range that
 * several views share. */
void dinoscope_page_get_style (DinoscopePage *self, struct dino_map_style *style);

/* Features (DinoscopeFeatures) that overlays get as references, in this order;
 * NULL: none. The map is computed again when references_changed() finds that
 * it would be made with others. */
void dinoscope_page_set_references (DinoscopePage *self, GPtrArray *features);
void dinoscope_page_references_changed (DinoscopePage *self);

/* Whether there are other views, and whether this is the one that cursor and
 * pins are in: patches that an overlay's parameters name are this view's then,
 * else those of its first reference. A page alone leads. */
void     dinoscope_page_set_compared (DinoscopePage *self, gboolean compared, gboolean leading);
gboolean dinoscope_page_is_leading (DinoscopePage *self);

/* The range of colours that several views share, NULL: the map's own. A range
 * set by hand goes before it. */
void dinoscope_page_set_shared_range (DinoscopePage *self, const double range[2]);
void dinoscope_page_set_bar_hidden (DinoscopePage *self, gboolean hidden);

/* Those of the page, also of one in the background while they are remembered;
 * NULL otherwise. (transfer full) */
DinoscopeFeatures *dinoscope_page_dup_features (DinoscopePage *self);

/* Shows the picture of another page, without reading it again. */
void dinoscope_page_copy_picture (DinoscopePage *self, DinoscopePage *from);

/* "input x 259 y 300: −0.32 (grey 127)" under the pointer while the tensor is
 * shown, else "". (transfer full) */
char *dinoscope_page_describe_input (DinoscopePage *self);

/* "distance 52.3 mm at detector" of the one that is chosen, else "". (transfer full) */
char *dinoscope_page_describe_distance (DinoscopePage *self);

G_END_DECLS
