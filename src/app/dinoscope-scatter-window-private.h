#pragma once

#include "app/dinoscope-scatter-card.h"
#include "app/dinoscope-scatter-job.h"
#include "app/dinoscope-scatter-rows.h"
#include "app/dinoscope-scatter-window.h"

G_BEGIN_DECLS

struct _DinoscopeScatterWindow
{
  AdwWindow parent_instance;

  DinoscopeSession    *session;
  DinoscopeCollection *collection; /* that is shown; NULL: none */
  char                *current;    /* hash of the open picture's pixels, or NULL */

  DinoscopeScatterJob        *job;        /* that makes a map, or made the one shown */
  DinoscopeScatterJob        *duplicates; /* likewise */
  gboolean                    job_done, duplicates_done;
  guint                       poll;  /* of the progress */
  guint                       delay; /* before a map that settings ask for begins */
  struct dino_scatter_column *column;
  GtkFileChooserNative       *chooser;
  GHashTable                 *recent_before;                  /* the user's recent files when it opened */
  void (*chosen) (DinoscopeScatterWindow *self, GFile *file); /* what is done with what it gives */
  gboolean filling;                                           /* controls are set by the program */

  DinoscopeScatterRows *rows, *pairs;

  AdwWindowTitle       *window_title;
  AdwToastOverlay      *toast_overlay;
  GtkStack             *stack;
  GtkToggleButton      *lasso_button;
  GtkWidget            *panel_button;
  AdwFlap              *flap; /* the lists beside the map */
  GtkDropDown          *method;
  GtkDropDown          *color;
  GtkSpinButton        *groups;
  GtkToggleButton      *normalize;
  DinoscopeScatterView *view;
  DinoscopeScatterCard *card;
  GtkBox               *legend_box;
  GtkWidget            *progress_box;
  GtkLabel             *progress_label;
  GtkProgressBar       *progress_bar;
  GtkLabel             *caption;
  GtkStack             *lists;
  GtkListView          *row_list, *pair_list;
  GtkLabel             *row_title;
  GtkSpinButton        *threshold;
  GtkLabel             *pair_title;
};

/* dinoscope-scatter-window.c */
void dinoscope_scatter_window_tell (DinoscopeScatterWindow *self, const char *text);
void dinoscope_scatter_window_open_row (DinoscopeScatterWindow *self, gsize row, gboolean beside);
void dinoscope_scatter_window_update_colors (DinoscopeScatterWindow *self);
void dinoscope_scatter_window_columns_changed (DinoscopeScatterWindow *self);

/* dinoscope-scatter-lists.c */
void dinoscope_scatter_window_lists_init (DinoscopeScatterWindow *self);
void dinoscope_scatter_window_selection_changed (DinoscopeScatterWindow *self);
void dinoscope_scatter_window_show_pairs (DinoscopeScatterWindow *self);

/* dinoscope-scatter-files.c */
void dinoscope_scatter_window_class_files_init (GtkWidgetClass *widget_class);
void dinoscope_scatter_window_update_actions (DinoscopeScatterWindow *self);
void dinoscope_scatter_window_choose_folder (DinoscopeScatterWindow *self);
void dinoscope_scatter_window_save_list (DinoscopeScatterWindow *self, GFile *file);
void dinoscope_scatter_window_save_picture (DinoscopeScatterWindow *self, GFile *file);

/* The names that are chosen, all where none are, a line each. (transfer full) */
char *dinoscope_scatter_window_dup_list (DinoscopeScatterWindow *self);

G_END_DECLS
