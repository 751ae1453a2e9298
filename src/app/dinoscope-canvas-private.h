/* What the files of the canvas share. */
#pragma once

#include "app/dinoscope-canvas.h"
#include "app/dinoscope-greys.h"
#include "app/dinoscope-marks.h"
#include "app/dinoscope-measure.h"
#include "app/dinoscope-region-shape.h"
#include "app/dinoscope-scribble-kit.h"
#include "app/dinoscope-scribbles.h"
#include "app/dinoscope-view.h"

G_BEGIN_DECLS

/* The picture in several sizes, ready to be put on the screen. */
typedef struct
{
  GPtrArray       *levels; /* of the study's pyramid, finest first */
  cairo_surface_t *pixels; /* the part of level 0 around the viewport while single pixels are shown, else NULL */
  int              pixels_x, pixels_y;
} DinoscopeCanvasPicture;

/* A level of the picture's pyramid as textures, or a part of one. */
typedef struct _DinoscopeCanvasLevel DinoscopeCanvasLevel;

/* Greys other than the study's own, of what can be seen (dinoscope-canvas-greys.c). */
typedef struct
{
  DinoscopeGreys       *greys;
  guint                 serial; /* grows with every change of greys */
  DinoscopeCanvasLevel *level;  /* what was drawn: textures, or */
  cairo_surface_t      *pixels; /* single pixels */
  DinoscopePart         drawn;  /* where that lies */
  guint                 drawn_serial;
  GCancellable         *cancellable; /* of the request under way, else NULL */
  guint                 failed_serial;
  guint                 retry_source;
  double                drag_x, drag_y; /* how far the hand that changes them has come */
} DinoscopeCanvasGreys;

/* What a raster of the map was drawn for. */
typedef struct
{
  guint           serial;        /* of map and style */
  struct dino_box box;           /* pixels of the picture */
  int             width, height; /* pixels of the raster */
  double          resolution;    /* device pixels a picture pixel */
  int             orientation;   /* turns and mirroring */
} DinoscopeCanvasRaster;

/* The map and the raster made of it by the engine's map thread. */
typedef struct
{
  DinoscopeMap         *map;
  char                 *words; /* the map for those who do not see it */
  struct dino_map_style style;
  guint                 serial; /* grows with every change of map or style */
  GdkTexture           *texture;
  DinoscopeCanvasRaster drawn;         /* what texture shows */
  GCancellable         *cancellable;   /* of the request under way, else NULL */
  DinoscopeCanvasRaster requested;     /* what is under way */
  guint                 failed_serial; /* could not be drawn: not tried again */
  guint                 retry_source;
} DinoscopeCanvasMap;

/* What the model sees, in the place of the picture. */
typedef struct
{
  gboolean             visible; /* asked for; shown when there is an input */
  DinoscopeModelInput *input;   /* NULL until it is known */
  GdkTexture          *texture; /* of the part in the viewport, in device pixels; NULL when there is none */
  int                  x, y;    /* its corner, in device pixels */
} DinoscopeCanvasModel;

/* Distances on the picture, and the one that is worked on. */
typedef struct
{
  gboolean          active;        /* the tool is in the hand */
  GHashTable       *kept;          /* sha256 of a picture -> GArray of DinoscopeDistance */
  GArray           *lines;         /* of the picture shown, owned by kept; NULL without one */
  int               selected, end; /* selected -1: none */
  gboolean          dragging;
  DinoscopeHit      part; /* that is dragged */
  DinoscopeDistance before;
  double            grip_x, grip_y; /* of the picture, where the drag began */
} DinoscopeCanvasMeasure;

typedef enum
{
  DINOSCOPE_REGION_TOOL_NONE,
  DINOSCOPE_REGION_TOOL_BOX,
  DINOSCOPE_REGION_TOOL_ELLIPSE
} DinoscopeRegionTool;

/* Regions of the picture, and the tool that marks them. */
typedef struct
{
  DinoscopeRegions    *regions; /* NULL until they are set */
  DinoscopeRegionTool  tool;    /* in the hand */
  gboolean             dragging;
  DinoscopeGrip        grip; /* that is dragged */
  struct dino_box      before;
  double               grip_x, grip_y; /* of the picture, where the drag began */
  struct dino_picture *mask;           /* that mask_texture shows, or will */
  GdkTexture          *mask_texture;   /* NULL until it is drawn */
  GCancellable        *mask_cancellable;
} DinoscopeCanvasRegions;

typedef enum
{
  DINOSCOPE_SCRIBBLE_TOOL_NONE,
  DINOSCOPE_SCRIBBLE_TOOL_PAINT,
  DINOSCOPE_SCRIBBLE_TOOL_RUB_OUT
} DinoscopeScribbleTool;

/* Classes painted on the picture, the brush, and the mask that was made of them. */
typedef struct
{
  DinoscopeScribbles   *scribbles; /* NULL until they are set */
  DinoscopeScribbleKit *kit;       /* NULL until it is set */
  DinoscopeScribbleTool tool;      /* in the hand */
  gboolean              dragging;
  GBytes               *mask;         /* that mask_texture shows, or will, */
  guint32               colors[256];  /* in these colours */
  GdkTexture           *mask_texture; /* NULL until it is drawn */
  GCancellable         *mask_cancellable;
} DinoscopeCanvasScribbles;

/* A part of the picture that is covered on trial. */
typedef struct
{
  GdkTexture     *texture; /* of box, NULL: the picture is shown as it is */
  struct dino_box box;
  struct dino_box patches; /* that are touched, when has_patches */
  gboolean        has_patches;
} DinoscopeCanvasCover;

struct _DinoscopeCanvas
{
  GtkWidget parent_instance;

  DinoscopeEngine         *engine;
  DinoscopeStudy          *study;
  DinoscopeView            view;
  DinoscopeCanvasPicture   picture;
  DinoscopeCanvasMap       map;
  DinoscopeCanvasModel     model_view;
  DinoscopeCanvasGreys     greys;
  DinoscopeCanvasMeasure   measure;
  DinoscopeCanvasRegions   regions;
  DinoscopeCanvasScribbles scribbles;
  DinoscopeCanvasCover     cover;

  struct dino_geometry geometry;
  gboolean             has_geometry;
  int                  selected_row, selected_column; /* -1: none */
  DinoscopeMarks      *marks;                         /* with the pins; may be NULL */

  gboolean map_visible;
  gboolean peeking;
  gboolean grid_visible;
  gboolean wheel_zooms;

  GtkAdjustment      *adjustments[2]; /* by GtkOrientation */
  GtkScrollablePolicy policies[2];
  gboolean            configuring; /* adjustments follow the view, not the other way round */

  /* What listeners were last told. */
  DinoscopeView told_view;

  /* A part of the picture that was asked for (dinoscope-canvas-state.c). */
  gboolean        follows_box;
  struct dino_box box;
  DinoscopeView   box_view; /* as it was laid out for the box */
  char           *told_description;

  double      pointer_x, pointer_y; /* of the widget */
  gboolean    pointer_inside;
  guint       pointer_source; /* to tell what came below it */
  const char *cursor;
  gboolean    panning;
  gboolean    windowing;      /* the drag under way changes window and level */
  double      grip_x, grip_y; /* the point of the picture that a drag or pinch holds */
  double      grip_zoom;
};

/* dinoscope-canvas.c */

/* To be called after any change of the view: limits, scrollbars, rasters, listeners. */
void dinoscope_canvas_view_changed (DinoscopeCanvas *self);
void dinoscope_canvas_emit_pointer_moved (DinoscopeCanvas *self);
void dinoscope_canvas_emit_map_failed (DinoscopeCanvas *self, const char *message);
void dinoscope_canvas_emit_measured (DinoscopeCanvas *self);

/* dinoscope-canvas-scrollable.c */
void dinoscope_canvas_configure_adjustments (DinoscopeCanvas *self);
void dinoscope_canvas_clear_adjustments (DinoscopeCanvas *self);
void dinoscope_canvas_set_adjustment (DinoscopeCanvas *self, GtkOrientation orientation, GtkAdjustment *adjustment);
void dinoscope_canvas_set_policy (DinoscopeCanvas *self, GtkOrientation orientation, GtkScrollablePolicy policy);

/* dinoscope-canvas-accessible.c: what a screen reader says. */
void dinoscope_canvas_update_label (DinoscopeCanvas *self);
void dinoscope_canvas_update_description (DinoscopeCanvas *self);

/* dinoscope-canvas-picture.c */
void dinoscope_canvas_picture_clear (DinoscopeCanvasPicture *picture);
void dinoscope_canvas_picture_set_study (DinoscopeCanvasPicture *picture, DinoscopeStudy *study);
void dinoscope_canvas_picture_update (DinoscopeCanvasPicture *picture, DinoscopeStudy *study, const DinoscopeView *view);
void dinoscope_canvas_picture_snapshot (const DinoscopeCanvasPicture *picture, const DinoscopeView *view, GtkSnapshot *snapshot);

/* The coarsest level with a texel for every device pixel; whether single pixels are shown instead. */
guint    dinoscope_canvas_picture_choose_level (const DinoscopeCanvasPicture *picture, const DinoscopeView *view);
gboolean dinoscope_canvas_shows_squares (const DinoscopeView *view);

/* bytes are [height, width] of the part, four bytes a pixel in Cairo's order. */
DinoscopeCanvasLevel *dinoscope_canvas_level_new_part (GBytes *bytes, const DinoscopePart *part, int level_width, int level_height);
void                  dinoscope_canvas_level_free (DinoscopeCanvasLevel *level);
void                  dinoscope_canvas_level_snapshot (const DinoscopeCanvasLevel *level, const DinoscopeView *view, GtkSnapshot *snapshot);
void                  dinoscope_canvas_pixels_snapshot (cairo_surface_t *pixels, int pixels_x, int pixels_y, const DinoscopeView *view, GtkSnapshot *snapshot);

/* dinoscope-canvas-greys.c */
void     dinoscope_canvas_greys_clear (DinoscopeCanvas *self);
void     dinoscope_canvas_greys_update (DinoscopeCanvas *self);
gboolean dinoscope_canvas_greys_is_settled (DinoscopeCanvas *self);

/* FALSE when the study's own greys are to be shown. */
gboolean dinoscope_canvas_greys_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* A hand that changes window and level: dx, dy since it began. */
void dinoscope_canvas_greys_drag_begin (DinoscopeCanvas *self);
void dinoscope_canvas_greys_drag (DinoscopeCanvas *self, double dx, double dy, gboolean fine);
void dinoscope_canvas_greys_drag_end (DinoscopeCanvas *self);
void dinoscope_canvas_class_greys_init (GtkWidgetClass *widget_class);
void dinoscope_canvas_greys_update_actions (DinoscopeCanvas *self);

/* Places texture over box (of the picture), turned and mirrored as the view is;
 * on whole device pixels when exact. */
void dinoscope_canvas_append_texture (GtkSnapshot *snapshot, const DinoscopeView *view, GdkTexture *texture, struct dino_box box, gboolean exact);

/* dinoscope-canvas-map.c */
void     dinoscope_canvas_map_clear (DinoscopeCanvas *self);
void     dinoscope_canvas_map_update (DinoscopeCanvas *self);
gboolean dinoscope_canvas_map_is_settled (DinoscopeCanvas *self);
void     dinoscope_canvas_map_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* dinoscope-canvas-pins.c: pinned and similar patches. */
void dinoscope_canvas_class_pins_init (GtkWidgetClass *widget_class);
void dinoscope_canvas_pins_update_actions (DinoscopeCanvas *self);
void dinoscope_canvas_pins_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* dinoscope-canvas-state.c */
void dinoscope_canvas_follow_box (DinoscopeCanvas *self);
void dinoscope_canvas_box_followed (DinoscopeCanvas *self);

/* A box of the picture in the widget, edges on device pixels; and a ring of
 * width around a box of the widget, which lies distance outside of it. */
struct dino_box dinoscope_canvas_shown_box (const DinoscopeView *view, struct dino_box box);
void            dinoscope_canvas_append_ring (GtkSnapshot *snapshot, struct dino_box box, double distance, double width, const GdkRGBA *color);

/* dinoscope-canvas-cells.c: tokens that have no place in the picture. */
void dinoscope_canvas_cells_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* dinoscope-canvas-marks.c: hatching, frame, grid, selected patch. */
void dinoscope_canvas_marks_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* dinoscope-canvas-model.c: the model's-eye view. */
gboolean dinoscope_canvas_model_is_shown (DinoscopeCanvas *self);
void     dinoscope_canvas_model_clear (DinoscopeCanvas *self);
void     dinoscope_canvas_model_update (DinoscopeCanvas *self);
void     dinoscope_canvas_model_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* dinoscope-canvas-measure.c: distances; the handlers behind mouse and keys. */
void        dinoscope_canvas_measure_init (DinoscopeCanvas *self);
void        dinoscope_canvas_measure_clear (DinoscopeCanvas *self);
void        dinoscope_canvas_measure_set_study (DinoscopeCanvas *self, DinoscopeStudy *study);
void        dinoscope_canvas_measure_press (DinoscopeCanvas *self, double widget_x, double widget_y);
void        dinoscope_canvas_measure_drag (DinoscopeCanvas *self, double widget_x, double widget_y);
void        dinoscope_canvas_measure_release (DinoscopeCanvas *self);
void        dinoscope_canvas_measure_click (DinoscopeCanvas *self, double widget_x, double widget_y);
const char *dinoscope_canvas_measure_cursor (DinoscopeCanvas *self);
void        dinoscope_canvas_measure_add (DinoscopeCanvas *self);
void        dinoscope_canvas_measure_next_end (DinoscopeCanvas *self);
void        dinoscope_canvas_measure_remove (DinoscopeCanvas *self);
gboolean    dinoscope_canvas_measure_move (DinoscopeCanvas *self, int screen_x, int screen_y); /* FALSE: no end is chosen */
char       *dinoscope_canvas_measure_describe (DinoscopeCanvas *self);                         /* for a screen reader; may be NULL */
void        dinoscope_canvas_measure_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* dinoscope-canvas-regions.c: the handlers behind mouse and keys. */
void        dinoscope_canvas_regions_clear (DinoscopeCanvas *self);
void        dinoscope_canvas_regions_set_tool (DinoscopeCanvas *self, DinoscopeRegionTool tool);
gboolean    dinoscope_canvas_regions_is_chosen (DinoscopeCanvas *self); /* a region, by the tool in the hand */
void        dinoscope_canvas_regions_press (DinoscopeCanvas *self, double widget_x, double widget_y);
void        dinoscope_canvas_regions_drag (DinoscopeCanvas *self, double widget_x, double widget_y);
void        dinoscope_canvas_regions_release (DinoscopeCanvas *self);
void        dinoscope_canvas_regions_click (DinoscopeCanvas *self, double widget_x, double widget_y);
const char *dinoscope_canvas_regions_cursor (DinoscopeCanvas *self);
void        dinoscope_canvas_regions_add (DinoscopeCanvas *self);
void        dinoscope_canvas_regions_step (DinoscopeCanvas *self, int steps);
void        dinoscope_canvas_regions_remove (DinoscopeCanvas *self);
gboolean    dinoscope_canvas_regions_move (DinoscopeCanvas *self, int screen_x, int screen_y, gboolean resize); /* FALSE: none is chosen */
char       *dinoscope_canvas_regions_describe (DinoscopeCanvas *self);                                          /* for a screen reader; may be NULL */
void        dinoscope_canvas_class_regions_init (GtkWidgetClass *widget_class);
void        dinoscope_canvas_regions_update_actions (DinoscopeCanvas *self);

/* dinoscope-canvas-scribbles.c: the handlers behind mouse and keys. */
void  dinoscope_canvas_scribbles_clear (DinoscopeCanvas *self);
void  dinoscope_canvas_scribbles_set_tool (DinoscopeCanvas *self, DinoscopeScribbleTool tool);
void  dinoscope_canvas_scribbles_press (DinoscopeCanvas *self, double widget_x, double widget_y);
void  dinoscope_canvas_scribbles_drag (DinoscopeCanvas *self, double widget_x, double widget_y);
void  dinoscope_canvas_scribbles_release (DinoscopeCanvas *self);
void  dinoscope_canvas_scribbles_click (DinoscopeCanvas *self, double widget_x, double widget_y);
void  dinoscope_canvas_scribbles_pointer_moved (DinoscopeCanvas *self);
void  dinoscope_canvas_scribbles_paint_patch (DinoscopeCanvas *self, gboolean rubs_out); /* at the cursor */
char *dinoscope_canvas_scribbles_describe (DinoscopeCanvas *self);                       /* for a screen reader; may be NULL */
void  dinoscope_canvas_class_scribbles_init (GtkWidgetClass *widget_class);
void  dinoscope_canvas_scribbles_update_actions (DinoscopeCanvas *self);

/* dinoscope-canvas-scribbles-draw.c */
void dinoscope_canvas_scribbles_update_mask (DinoscopeCanvas *self);
void dinoscope_canvas_scribbles_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* dinoscope-canvas-cover.c */
void dinoscope_canvas_cover_clear (DinoscopeCanvas *self);
void dinoscope_canvas_cover_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);
void dinoscope_canvas_cover_snapshot_frame (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* dinoscope-canvas-regions-draw.c */
void dinoscope_canvas_regions_update_mask (DinoscopeCanvas *self);
void dinoscope_canvas_regions_snapshot (DinoscopeCanvas *self, GtkSnapshot *snapshot);

/* dinoscope-canvas-actions.c */
void dinoscope_canvas_class_actions_init (GtkWidgetClass *widget_class);
void dinoscope_canvas_update_actions (DinoscopeCanvas *self);

/* dinoscope-canvas-input.c: the handlers behind the controllers. */
void     dinoscope_canvas_input_init (DinoscopeCanvas *self);
void     dinoscope_canvas_update_cursor (DinoscopeCanvas *self);
gboolean dinoscope_canvas_scroll (DinoscopeCanvas *self, GdkScrollUnit unit, GdkModifierType modifiers, double dx, double dy);
void     dinoscope_canvas_grip (DinoscopeCanvas *self, double widget_x, double widget_y);
void     dinoscope_canvas_move_grip (DinoscopeCanvas *self, double scale, double widget_x, double widget_y);
void     dinoscope_canvas_click (DinoscopeCanvas *self, int n_press, double widget_x, double widget_y);

G_END_DECLS
