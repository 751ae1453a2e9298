#include "app/dinoscope-neighbor-pane.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-neighbor-row.h"

/* Of a small picture, in pixels: sharp also where a pixel of the theme is two. */
#define SIDE 176

struct _DinoscopeNeighborPane
{
  GtkWidget parent_instance;

  DinoscopeNeighborIndex *index;
  GSignalGroup           *index_signals;
  DinoscopePage          *page;
  GSignalGroup           *page_signals, *marks_signals;
  DinoscopeThumbnails    *thumbnails;
  DinoscopeNeighborList  *list;
  GCancellable           *cancellable; /* of the search */
  GArray                 *columns;     /* int: of the choices of same_row, -1 first */
  char                   *words;

  GtkWidget   *box;
  GtkLabel    *title_label;
  GtkWidget   *same_box;
  GtkDropDown *same_drop_down;
  GtkWidget   *texts_label;
  GtkStack    *stack;
  GtkLabel    *words_label;
  GtkWidget   *open_button;
  GtkWidget   *pictures_bar;
  GtkGridView *list_view;
};

enum
{
  PROP_INDEX = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (DinoscopeNeighborPane, dinoscope_neighbor_pane, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint       chosen_signal;

/* What stands in the place of the list; "": the list. */
static void
set_words (DinoscopeNeighborPane *self, const char *words)
{
  g_free (self->words);
  self->words = g_strdup (words);
  gtk_label_set_text (self->words_label, words);
  gtk_widget_set_visible (self->open_button, self->index == NULL);
  gtk_stack_set_visible_child_name (self->stack, *words != '\0' ? "words" : "list");
  if (*words != '\0')
    dinoscope_neighbor_list_set (self->list, NULL, NULL);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DinoscopeNeighborPane) self = data;
  DinoscopeNeighborIndex           *index = DINOSCOPE_NEIGHBOR_INDEX (source);
  g_autoptr (GError)                error = NULL;
  g_autoptr (GArray)                hits = dinoscope_neighbor_index_search_finish (index, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || index != self->index || gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  g_clear_object (&self->cancellable);
  if (hits == NULL)
    {
      set_words (self, error->message);
      return;
    }
  set_words (self, hits->len > 0 ? "" : _ ("No film of the index is left."));
  dinoscope_neighbor_list_set (self->list, index, hits);
  if (hits->len > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", 0);
}

static void
stop (DinoscopeNeighborPane *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* What keeps from searching, NULL: nothing. */
static const char *
find_obstacle (DinoscopeNeighborPane *self, DinoscopeNeighborQuery *query)
{
  gsize          columns;
  DinoscopePatch patch;

  if (self->index == NULL)
    return _ ("An index of a collection, made by “dinoscope-cli index”, tells which films are nearest to the one shown.");
  if (self->page == NULL || dinoscope_page_get_study (self->page) == NULL)
    return _ ("Open a radiograph to see which films of the index are nearest to it.");
  if (dinoscope_page_get_encoding (self->page) != DINOSCOPE_PAGE_ENCODING_DONE || dinoscope_page_get_features (self->page) == NULL)
    return dinoscope_page_get_encoding (self->page) == DINOSCOPE_PAGE_ENCODING_RUNNING || dinoscope_page_get_encoding (self->page) == DINOSCOPE_PAGE_ENCODING_WAITING
               ? _ ("The picture is being encoded…")
               : _ ("The picture is not encoded.");
  if (dino_index_what (dinoscope_neighbor_index_get_core (self->index)) != DINO_EMBEDDING_PATCHES)
    return NULL;
  if (!dinoscope_marks_get_cursor (dinoscope_page_get_marks (self->page), &patch))
    return _ ("The index is of patches: choose one in the picture.");
  columns = dinoscope_features_get_columns (dinoscope_page_get_features (self->page));
  query->patch = patch.row * (int) columns + patch.column;
  return NULL;
}

static void
search (DinoscopeNeighborPane *self)
{
  const guint            same = gtk_drop_down_get_selected (self->same_drop_down);
  DinoscopeNeighborQuery query = { .exclude_picture = TRUE, .same_column = -1, .k = DINOSCOPE_NEIGHBOR_PANE_MAX };
  const char            *obstacle;

  stop (self);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  obstacle = find_obstacle (self, &query);
  if (obstacle != NULL)
    {
      set_words (self, obstacle);
      return;
    }
  if (same < self->columns->len)
    query.same_column = g_array_index (self->columns, int, same);
  self->cancellable = g_cancellable_new ();
  dinoscope_neighbor_index_search_async (self->index, dinoscope_page_get_study (self->page), dinoscope_page_get_features (self->page), &query, self->cancellable, searched_cb, g_object_ref (self));
}

static void
cursor_changed_cb (DinoscopeNeighborPane *self)
{
  if (self->index != NULL && dino_index_what (dinoscope_neighbor_index_get_core (self->index)) == DINO_EMBEDDING_PATCHES)
    search (self);
}

/* The same rows once more, with other pictures or texts. */
static void
refresh (DinoscopeNeighborPane *self)
{
  gtk_widget_set_visible (self->texts_label, self->index != NULL && dinoscope_neighbor_index_has_texts (self->index));
  gtk_widget_set_visible (self->pictures_bar, self->index != NULL && dinoscope_neighbor_index_get_pictures (self->index) == NULL);
  dinoscope_neighbor_list_set (self->list, NULL, NULL);
  search (self);
}

/* Columns that a person's table brought, whose equals can be left out. */
static void
update_columns (DinoscopeNeighborPane *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  const struct dino_index  *index = self->index != NULL ? dinoscope_neighbor_index_get_core (self->index) : NULL;
  const struct dino_table  *table = index != NULL ? dino_index_table (index) : NULL;
  int                       column = -1;

  g_array_set_size (self->columns, 0);
  g_array_append_val (self->columns, column);
  gtk_string_list_append (names, _ ("Only this film"));
  for (column = 0; table != NULL && column < dino_table_n_columns (table); column++)
    {
      const char      *name = dino_table_column_name (table, column);
      g_autofree char *text = NULL;

      if (!dino_index_is_added (index, column))
        continue;
      /* Translators: films with the same value in a column, such as “patient”. */
      text = g_strdup_printf (_ ("Same %s"), name);
      gtk_string_list_append (names, text);
      g_array_append_val (self->columns, column);
    }
  gtk_widget_set_visible (self->same_box, self->columns->len > 1);
  gtk_drop_down_set_model (self->same_drop_down, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->same_drop_down, 0);
}

/* A column of patients is what is meant to be left out. */
static void
choose_patients (DinoscopeNeighborPane *self)
{
  const struct dino_table *table = dino_index_table (dinoscope_neighbor_index_get_core (self->index));

  for (guint i = 1; i < self->columns->len; i++)
    if (g_ascii_strncasecmp (dino_table_column_name (table, g_array_index (self->columns, int, i)), "patient", strlen ("patient")) == 0)
      {
        gtk_drop_down_set_selected (self->same_drop_down, i);
        return;
      }
}

void
dinoscope_neighbor_pane_set_index (DinoscopeNeighborPane *self, DinoscopeNeighborIndex *index)
{
  g_return_if_fail (DINOSCOPE_IS_NEIGHBOR_PANE (self));
  g_return_if_fail (index == NULL || DINOSCOPE_IS_NEIGHBOR_INDEX (index));

  if (!g_set_object (&self->index, index))
    return;
  stop (self);
  g_signal_group_set_target (self->index_signals, index);
  gtk_label_set_text (self->title_label, index != NULL ? dinoscope_neighbor_index_get_title (index) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->title_label), index != NULL);
  update_columns (self);
  if (index != NULL)
    choose_patients (self);
  refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INDEX]);
}

void
dinoscope_neighbor_pane_set_page (DinoscopeNeighborPane *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_NEIGHBOR_PANE (self));
  g_return_if_fail (page == NULL || DINOSCOPE_IS_PAGE (page));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  g_signal_group_set_target (self->marks_signals, page != NULL ? dinoscope_page_get_marks (page) : NULL);
  search (self);
}

GListModel *
dinoscope_neighbor_pane_get_list (DinoscopeNeighborPane *self)
{
  return G_LIST_MODEL (self->list);
}

const char *
dinoscope_neighbor_pane_get_words (DinoscopeNeighborPane *self)
{
  return self->words;
}

static void
activated_cb (DinoscopeNeighborPane *self, guint position)
{
  g_autoptr (DinoscopeNeighbor) neighbor = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (neighbor != NULL)
    g_signal_emit (self, chosen_signal, 0, neighbor);
}

static void
setup_cb (DinoscopeNeighborPane *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, GTK_WIDGET (dinoscope_neighbor_row_new (self->thumbnails)));
}

static void
bind_cb (DinoscopeNeighborPane *self, GtkListItem *item)
{
  dinoscope_neighbor_row_set_neighbor (DINOSCOPE_NEIGHBOR_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
unbind_cb (DinoscopeNeighborPane *self, GtkListItem *item)
{
  dinoscope_neighbor_row_set_neighbor (DINOSCOPE_NEIGHBOR_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
dinoscope_neighbor_pane_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (dinoscope_neighbor_pane_parent_class)->map (widget);
  search (DINOSCOPE_NEIGHBOR_PANE (widget));
}

static void
dinoscope_neighbor_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_INDEX:
      g_value_set_object (value, DINOSCOPE_NEIGHBOR_PANE (object)->index);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_neighbor_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_INDEX:
      dinoscope_neighbor_pane_set_index (DINOSCOPE_NEIGHBOR_PANE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_neighbor_pane_dispose (GObject *object)
{
  DinoscopeNeighborPane *self = DINOSCOPE_NEIGHBOR_PANE (object);

  stop (self);
  g_clear_object (&self->index_signals);
  g_clear_object (&self->page_signals);
  g_clear_object (&self->marks_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_NEIGHBOR_PANE);
  g_clear_object (&self->page);
  g_clear_object (&self->index);
  g_clear_object (&self->list);
  g_clear_object (&self->thumbnails);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_pointer (&self->words, g_free);

  G_OBJECT_CLASS (dinoscope_neighbor_pane_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-neighbor-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, title_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, same_box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, same_drop_down);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, texts_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, stack);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, words_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, open_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, pictures_bar);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeNeighborPane, list_view);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, search);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dinoscope_neighbor_pane_class_init (DinoscopeNeighborPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = dinoscope_neighbor_pane_get_property;
  object_class->set_property = dinoscope_neighbor_pane_set_property;
  object_class->dispose = dinoscope_neighbor_pane_dispose;
  GTK_WIDGET_CLASS (klass)->map = dinoscope_neighbor_pane_map;

  properties[PROP_INDEX] = g_param_spec_object ("index", NULL, NULL, DINOSCOPE_TYPE_NEIGHBOR_INDEX, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, DINOSCOPE_TYPE_NEIGHBOR);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
dinoscope_neighbor_pane_init (DinoscopeNeighborPane *self)
{
  self->words = g_strdup ("");
  self->columns = g_array_new (FALSE, FALSE, sizeof (int));
  self->list = dinoscope_neighbor_list_new ();
  self->thumbnails = dinoscope_thumbnails_new (SIDE);
  self->index_signals = g_signal_group_new (DINOSCOPE_TYPE_NEIGHBOR_INDEX);
  g_signal_group_connect_swapped (self->index_signals, "notify::pictures", G_CALLBACK (refresh), self);
  g_signal_group_connect_swapped (self->index_signals, "texts-changed", G_CALLBACK (refresh), self);
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (search), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::encoding", G_CALLBACK (search), self);
  self->marks_signals = g_signal_group_new (DINOSCOPE_TYPE_MARKS);
  g_signal_group_connect_swapped (self->marks_signals, "cursor-changed", G_CALLBACK (cursor_changed_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_grid_view_set_model (self->list_view, GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->list)))));
  update_columns (self);
  set_words (self, "");
}
