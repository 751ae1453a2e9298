#pragma once

#include <adwaita.h>

#include "app/dinoscope-color-bar.h"
#include "app/dinoscope-guess-card.h"
#include "app/dinoscope-history.h"
#include "app/dinoscope-page.h"
#include "app/dinoscope-patch-numbers.h"
#include "app/dinoscope-preparation-settings.h"
#include "app/dinoscope-regions.h"
#include "app/dinoscope-what-if.h"

G_BEGIN_DECLS

struct _DinoscopePage
{
  GtkWidget parent_instance;

  DinoscopeSession         *session;
  DinoscopeOverlaySettings *settings;
  GSignalGroup             *settings_signals;
  GBindingGroup            *settings_bindings;
  gboolean                  active;
  gboolean                  closed;

  /* The picture (dinoscope-page-picture.c). */
  DinoscopePageState state;
  char              *title;
  GFile             *file; /* the place in the folder: also of a picture that could not be read */
  DinoscopeStudy    *study;
  GFile             *previous, *next;
  int                direction;    /* of the last step */
  GFile             *pending_file; /* to be opened when the page is active */
  GCancellable      *open_cancellable;
  GCancellable      *neighbours_cancellable;

  /* Features and map (dinoscope-page-map.c). */
  DinoscopePageEncoding encoding;
  DinoscopeEncodeJob   *job;
  gulong                job_handler;
  DinoscopeFeatures    *features;
  char                 *encoding_problem;
  struct dino_geometry  geometry;
  gboolean              has_geometry;
  DinoscopeMap         *map;
  GCancellable         *map_cancellable; /* of the request in progress */
  gboolean              map_stale;       /* the settings ask for another map than was last requested */
  gboolean              map_given_up;    /* by a person, who may want it after all */
  double                map_done;        /* share of the request in progress; negative: not known */
  guint                 map_timeout;     /* until the request is told of; 0 before and after */
  gboolean              map_told;        /* it takes so long that a person wants to know */

  /* The way back (dinoscope-page-history.c). */
  DinoscopeHistory *history;
  char             *history_overlay; /* id of the overlay that it knows of */
  int               kept_view;       /* the last one that was kept or taken */

  DinoscopeMarks *marks;          /* dinoscope-page-marks.c */
  guint           similar_serial; /* of the numbers by which the similar patches were found */

  DinoscopePatchNumbers *numbers; /* dinoscope-page-numbers.c: of the block and head shown, and the last pin */

  /* Beside other views (dinoscope-page-compare.c). */
  DinoscopeModel *own_model;       /* NULL: the session's */
  GPtrArray      *references;      /* DinoscopeFeatures, of other views */
  GPtrArray      *references_used; /* those that the map was made with; NULL: it looks at none */
  gboolean        compared;        /* there are other views */
  gboolean        leading;         /* it is the one that keys work on */
  gboolean        has_shared_range;
  double          shared_range[2];
  gboolean        own_preparation; /* preparation is not the window's */
  gboolean        bar_hidden;      /* another view's colour bar is this one's, too */

  DinoscopePageSide side;
  int               seen_x, seen_width; /* 0: not known yet */

  /* What it is to look like (dinoscope-page-sidecar.c). */
  DinoscopeSidecar *sidecar;          /* until it is done */
  DinoscopeCover    cover_wanted;     /* to be compared with, once it is encoded */
  gboolean          sidecar_read;     /* the file is read as it says */
  gboolean          sidecar_prepared; /* greys and preparation are asked for */

  /* How the picture is prepared (dinoscope-page-preparation.c). */
  DinoscopePreparationSettings *preparation;
  GSignalGroup                 *preparation_signals;
  guint                         preparation_timeout;
  GCancellable                 *preparation_cancellable;

  /* The tensor (dinoscope-page-model-view.c). */
  DinoscopeModelInput *input; /* of study and model; NULL until it is known */
  GCancellable        *input_cancellable;

  /* The guess before the map (dinoscope-page-guess.c). */
  DinoscopeGuessCard *guess_card;
  GHashTable         *guessed; /* sha256 of pictures whose map was revealed here */
  DinoscopeGuess      guess;
  char               *guess_sha256; /* of its picture, "" before the first */
  gboolean            guess_told;   /* the card compares it with the map */
  gboolean            concealed;

  double   pointer_x, pointer_y;
  gboolean pointer_inside;

  GtkStack           *stack;
  AdwStatusPage      *error_page;
  GtkScrolledWindow  *scrolled_window;
  DinoscopeCanvas    *canvas;
  DinoscopeGreys     *greys;
  DinoscopeRegions   *regions;
  DinoscopeScribbles *scribbles;

  /* The picture covered on trial (dinoscope-page-what-if.c). */
  DinoscopeWhatIf *what_if;
  DinoscopeMap    *guest; /* shown in the place of the overlay's map */
  GVariant        *guest_parameters;
  gboolean         cover_visible;
  GCancellable    *cover_cancellable;

  DinoscopeColorBar *color_bar;
  GtkLabel          *zoom_label;
  guint              zoom_source;
  GtkWidget         *notes_box;
  GtkWidget         *bar_box;
  GtkWidget         *zoom_controls;
  GtkLabel          *notes_label;
  GtkLabel          *greys_label;
  GtkLabel          *preparation_label;
  GtkLabel          *model_view_label;
  GtkWidget         *strip;
  GtkLabel          *strip_label;
  GtkProgressBar    *strip_progress;
  GtkWidget         *strip_cancel;
  GtkWidget         *strip_encode;
};

enum
{
  DINOSCOPE_PAGE_PROP_TITLE = 1,
  DINOSCOPE_PAGE_PROP_STUDY,
  DINOSCOPE_PAGE_PROP_MAP,
  DINOSCOPE_PAGE_PROP_CAN_GO_BACK,
  DINOSCOPE_PAGE_PROP_CAN_GO_ON,
  DINOSCOPE_PAGE_PROP_ENCODING,
  DINOSCOPE_PAGE_PROP_OWN_PREPARATION,
  DINOSCOPE_PAGE_PROP_CONCEALED,
  DINOSCOPE_PAGE_N_PROPS
};

/* dinoscope-page.c */
void dinoscope_page_notify (DinoscopePage *self, guint property);
void dinoscope_page_show_state (DinoscopePage *self, DinoscopePageState state);
void dinoscope_page_tell (DinoscopePage *self, const char *text);
void dinoscope_page_update_strip (DinoscopePage *self);
void dinoscope_page_update_color_bar (DinoscopePage *self);
void dinoscope_page_readout_changed (DinoscopePage *self);
void dinoscope_page_model_changed (DinoscopePage *self);
void dinoscope_page_features_changed (DinoscopePage *self);
void dinoscope_page_emit_references_wanted (DinoscopePage *self);

/* dinoscope-page-picture.c */
void dinoscope_page_open_pending (DinoscopePage *self);
void dinoscope_page_stop_opening (DinoscopePage *self);

/* Reads the page's file once more, in another way than files are opened: see dinoscope_engine_open(). */
void dinoscope_page_read_again (DinoscopePage *self, gboolean ignore_exif, int frame);
void dinoscope_page_adopt_study (DinoscopePage *self, DinoscopeStudy *study, DinoscopeEncodeJob *job);
void dinoscope_page_encode_ahead (DinoscopePage *self);

/* dinoscope-page-preparation.c */
gboolean dinoscope_page_prepare (DinoscopePage *self);            /* as the settings ask */
void     dinoscope_page_preparation_wanted (DinoscopePage *self); /* the same in a moment, when nothing changes meanwhile */
void     dinoscope_page_stop_preparing (DinoscopePage *self);
void     dinoscope_page_update_badge (DinoscopePage *self);

/* dinoscope-page-history.c */
void dinoscope_page_history_init (DinoscopePage *self);
void dinoscope_page_history_set_settings (DinoscopePage *self);

/* dinoscope-page-marks.c */
void dinoscope_page_marks_init (DinoscopePage *self);
void dinoscope_page_update_marks (DinoscopePage *self);

/* dinoscope-page-sidecar.c */
void dinoscope_page_continue_sidecar (DinoscopePage *self);

/* TRUE when the file has to be read in another way before its sidecar can be
 * followed (not turned upright, another frame), which has begun. */
gboolean dinoscope_page_read_for_sidecar (DinoscopePage *self);

/* dinoscope-page-map.c */
void dinoscope_page_begin_encoding (DinoscopePage *self, DinoscopeEncodeJob *taken);
void dinoscope_page_resume_encoding (DinoscopePage *self);
void dinoscope_page_stop_encoding (DinoscopePage *self);
void dinoscope_page_drop_map (DinoscopePage *self);
void dinoscope_page_map_wanted (DinoscopePage *self);
void dinoscope_page_apply_style (DinoscopePage *self);
void dinoscope_page_guest_changed (DinoscopePage *self);

/* dinoscope-page-compare.c */
DinoscopeContext *dinoscope_page_new_context (DinoscopePage *self, DinoscopeOverlayProvider *provider, GVariant *values);

/* dinoscope-page-guess.c */
void dinoscope_page_guess_init (DinoscopePage *self);
void dinoscope_page_guess_finalize (DinoscopePage *self);
void dinoscope_page_update_guess (DinoscopePage *self);

/* dinoscope-page-what-if.c */
/* Covers the picture as a sidecar says, now or when it is encoded. */
void dinoscope_page_want_cover (DinoscopePage *self, const DinoscopeCover *cover);
void dinoscope_page_what_if_init (DinoscopePage *self);
void dinoscope_page_what_if_clear (DinoscopePage *self);

/* dinoscope-page-model-view.c */
void dinoscope_page_drop_input (DinoscopePage *self);
void dinoscope_page_update_model_view (DinoscopePage *self);

/* Of the overlay that notes and colour bar float on. */
gboolean dinoscope_page_place_child_cb (DinoscopePage *self, GtkWidget *child, GdkRectangle *at, GtkWidget *overlay);

G_END_DECLS
