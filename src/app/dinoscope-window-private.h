#pragma once

#include "app/dinoscope-board.h"
#include "app/dinoscope-export-dialog.h"
#include "app/dinoscope-neighbor-pane.h"
#include "app/dinoscope-panel.h"
#include "app/dinoscope-recent-list.h"
#include "app/dinoscope-slides.h"
#include "app/dinoscope-status-line.h"
#include "app/dinoscope-strip.h"
#include "app/dinoscope-tour.h"
#include "app/dinoscope-window.h"

G_BEGIN_DECLS

struct _DinoscopeWindow
{
  AdwApplicationWindow parent_instance;

  DinoscopeSession             *session;
  DinoscopeOverlaySettings     *settings;
  DinoscopePreparationSettings *preparation;
  GSettings                    *preferences;
  DinoscopeBoard               *board; /* of the selected tab */
  GSignalGroup                 *board_signals;
  DinoscopePage                *page; /* the current one of that board */
  GSignalGroup                 *page_signals;
  GSignalGroup                 *history_signals;
  GtkFileChooserNative         *chooser;
  DinoscopeExportChoice         export_choice;    /* what the chooser asks a name for */
  gboolean                      chooser_compares; /* what is chosen comes beside what is shown */
  GMenu                        *primary_menu;
  GMenu                        *compare_tabs; /* the other tabs */
  gboolean                      compare_linked;
  gboolean                      compare_slider;
  DinoscopeSidecar             *sidecar;          /* whose picture the chooser asks for */
  GCancellable                 *reference_search; /* dinoscope-window-references.c */
  GHashTable                   *recent_before;    /* the user's recent files when the chooser opened */
  gboolean                      panel_visible;
  gboolean                      strip_visible;
  gboolean                      presenting;        /* dinoscope-window-presentation.c */
  gboolean                      fullscreen_before; /* when that began */

  AdwHeaderBar        *header_bar;
  AdwWindowTitle      *window_title;
  GtkToggleButton     *map_button;
  GtkWidget           *folder_button;
  GtkRevealer         *banner;
  GtkLabel            *banner_label;
  GtkWidget           *banner_help;
  AdwTabBar           *tab_bar;
  AdwTabView          *tab_view;
  AdwToastOverlay     *toast_overlay;
  GtkStack            *stack;
  AdwFlap             *flap;
  DinoscopePanel      *panel;
  DinoscopeStrip      *strip;
  DinoscopeStatusLine *status_line;
  GtkLabel            *model_label;
  DinoscopeRecentList *recent_list;
  GtkPopover          *recent_popover;
  GtkWidget           *leave_fullscreen;

  /* Teaching (dinoscope-window-teaching.c). */
  gboolean           guess_first;
  DinoscopeTour     *tour;
  AdwFlap           *tour_flap;
  DinoscopeTourCard *tour_card;
  DinoscopeSlides   *slides; /* dinoscope-window-slides.c */
  DinoscopeSlideBar *slide_bar;

  GtkWidget *scatter; /* dinoscope-window-scatter.c; a weak pointer */

  /* Films of an index (dinoscope-window-neighbors.c). */
  gboolean               neighbors_visible;
  AdwFlap               *neighbor_flap;
  DinoscopeNeighborPane *neighbor_pane;
  DinoscopePage         *neighbor_page;  /* weak: the view that the last one was shown in */
  DinoscopePatch         neighbor_patch; /* to be marked there; row -1: none */

  /* Opening indexes (dinoscope-window-index.c). */
  GCancellable        *index_cancellable;
  DinoscopeCollection *followed; /* weak: of the session, when the pane last turned to it or away */
};

typedef enum
{
  DINOSCOPE_EXPORT_PLAIN = 0,
  DINOSCOPE_EXPORT_BAR = 1 << 0,     /* colour bar and caption below the picture */
  DINOSCOPE_EXPORT_VISIBLE = 1 << 1, /* the part that can be seen, turned as it is */
  DINOSCOPE_EXPORT_OUTPUT = 1 << 2,  /* the encoder's tokens instead */
  DINOSCOPE_EXPORT_DICOM = 1 << 3    /* a secondary capture was asked for */
} DinoscopeExportFlags;

/* dinoscope-window-actions.c */
void dinoscope_window_class_actions_init (GtkWidgetClass *widget_class);
void dinoscope_window_update_actions (DinoscopeWindow *self);

/* dinoscope-window-files.c */
void dinoscope_window_choose_file (DinoscopeWindow *self);
void dinoscope_window_choose_compared (DinoscopeWindow *self);
void dinoscope_window_paste (DinoscopeWindow *self);
void dinoscope_window_try_example (DinoscopeWindow *self);
void dinoscope_window_accept_drops (DinoscopeWindow *self);

/* dinoscope-window-teaching.c */
void     dinoscope_window_class_teaching_init (GtkWidgetClass *widget_class);
void     dinoscope_window_teaching_init (DinoscopeWindow *self);
void     dinoscope_window_teaching_dispose (DinoscopeWindow *self);
void     dinoscope_window_update_teaching_actions (DinoscopeWindow *self);
gboolean dinoscope_window_is_in_tour (DinoscopeWindow *self, GtkWidget *widget); /* widget is part of its card */

/* dinoscope-window-sidecar.c. opened, which may be NULL, is a page whose picture
 * is on its way and is taken for the sidecar's where none of those open is. */
gboolean dinoscope_window_is_sidecar (GFile *file);
void     dinoscope_window_open_sidecar (DinoscopeWindow *self, GFile *file, DinoscopePage *opened);

/* The page with the sidecar's picture, in any tab, or NULL; and how it is seen as the sidecar (taken) says. */
DinoscopePage *dinoscope_window_find_picture (DinoscopeWindow *self, const DinoscopeSidecar *sidecar);
void           dinoscope_window_show_sidecar (DinoscopeWindow *self, DinoscopePage *page, DinoscopeSidecar *sidecar);

/* dinoscope-window-references.c. What the sidecar's map was compared with comes
 * beside page: from other tabs, or from the folder of its picture. */
void dinoscope_window_bring_references (DinoscopeWindow *self, DinoscopePage *page, const DinoscopeSidecar *sidecar);
void dinoscope_window_stop_references (DinoscopeWindow *self); /* those that are still looked for */

/* dinoscope-window-slides.c */
void     dinoscope_window_class_slides_init (GtkWidgetClass *widget_class);
void     dinoscope_window_slides_init (DinoscopeWindow *self);
void     dinoscope_window_update_slides_actions (DinoscopeWindow *self);
gboolean dinoscope_window_has_slides (DinoscopeWindow *self);
gboolean dinoscope_window_end_slides (DinoscopeWindow *self);               /* FALSE: there were none */
gboolean dinoscope_window_step_slides (DinoscopeWindow *self, gboolean on); /* FALSE: there are none */

/* dinoscope-window-compare.c */
void           dinoscope_window_class_compare_init (GtkWidgetClass *widget_class);
void           dinoscope_window_update_compare (DinoscopeWindow *self);
void           dinoscope_window_apply_compare (DinoscopeWindow *self);
DinoscopePage *dinoscope_window_compare_file (DinoscopeWindow *self, GFile *file); /* NULL when there is no room */
DinoscopePage *dinoscope_window_compare_picture (DinoscopeWindow *self, DinoscopePage *with, DinoscopeModel *model);

/* dinoscope-window-neighbors.c */
void dinoscope_window_class_neighbors_init (GtkWidgetClass *widget_class);
void dinoscope_window_neighbors_init (DinoscopeWindow *self);
void dinoscope_window_neighbors_dispose (DinoscopeWindow *self);

/* dinoscope-window-index.c */
void dinoscope_window_index_init (DinoscopeWindow *self); /* needs the session */
void dinoscope_window_index_dispose (DinoscopeWindow *self);

/* Whether a file is the folder of an index or of embeddings; looks at the disk. */
gboolean dinoscope_window_is_index (GFile *file);
void     dinoscope_window_open_index (DinoscopeWindow *self, GFile *folder);
void     dinoscope_window_close_index (DinoscopeWindow *self);

/* dinoscope-window-export.c */
gboolean dinoscope_window_can_export (DinoscopeWindow *self);
void     dinoscope_window_choose_export (DinoscopeWindow *self);
void     dinoscope_window_export_to (DinoscopeWindow *self, GFile *file, DinoscopeExportFlags flags);
void     dinoscope_window_copy (DinoscopeWindow *self);

/* The page's view for an export; FALSE when there is none. To be cleared. */
gboolean dinoscope_window_init_view (DinoscopeWindow *self, DinoscopeExportView *view);
void     dinoscope_window_clear_view (DinoscopeExportView *view);

/* dinoscope-window-print.c. path: a PDF instead of a dialog and a printer; NULL: ask. */
void dinoscope_window_print (DinoscopeWindow *self, const char *path);

/* dinoscope-window-presentation.c */
void     dinoscope_window_class_presentation_init (GtkWidgetClass *widget_class);
void     dinoscope_window_update_presentation (DinoscopeWindow *self);
gboolean dinoscope_window_end_presentation (DinoscopeWindow *self);

/* dinoscope-window-scatter.c */
void dinoscope_window_class_scatter_init (GtkWidgetClass *widget_class);
void dinoscope_window_update_scatter (DinoscopeWindow *self);
void dinoscope_window_scatter_dispose (DinoscopeWindow *self);

/* dinoscope-window-sandbox.c */
void        dinoscope_window_class_sandbox_init (GtkWidgetClass *widget_class);
void        dinoscope_window_offer_model (DinoscopeWindow *self);                   /* by download or by folder, whichever is possible */
const char *dinoscope_window_model_offer (void);                                    /* and how that is said */
void        dinoscope_window_offer_folder (DinoscopeWindow *self);                  /* for a picture that came alone */
void        dinoscope_window_open_in_folder (DinoscopeWindow *self, GFile *folder); /* the shown picture, with its neighbours */

/* dinoscope-window.c */
DinoscopePage  *dinoscope_window_add_page (DinoscopeWindow *self);
DinoscopeBoard *dinoscope_window_get_board (AdwTabPage *tab);

/* The tab whose board the page is in; NULL when it is in none of the window. */
AdwTabPage *dinoscope_window_find_tab (DinoscopeWindow *self, DinoscopePage *page);

/* dinoscope-window-plugins.c: tells of plug-ins that cannot be used, now and later. */
void dinoscope_window_watch_plugins (DinoscopeWindow *self);

G_END_DECLS
