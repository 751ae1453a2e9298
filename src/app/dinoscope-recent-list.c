#include "app/dinoscope-recent-list.h"

#include <glib/gi18n-lib.h>

#include "engine/dinoscope-paths-private.h"

#define MAX_ITEMS 12

struct _DinoscopeRecentList
{
  GtkWidget parent_instance;

  GtkWidget  *scrolled_window;
  GtkListBox *list_box;
};

G_DEFINE_FINAL_TYPE (DinoscopeRecentList, dinoscope_recent_list, GTK_TYPE_WIDGET)

static guint chosen_signal;

static int
compare_visited (gconstpointer a, gconstpointer b)
{
  GDateTime *one = gtk_recent_info_get_visited (*(GtkRecentInfo **) a);
  GDateTime *two = gtk_recent_info_get_visited (*(GtkRecentInfo **) b);

  return -g_date_time_compare (one, two);
}

/* Ours, and still there. */
static GPtrArray *
list_items (void)
{
  g_autoptr (GPtrArray)      ours = g_ptr_array_new_with_free_func ((GDestroyNotify) gtk_recent_info_unref);
  g_autolist (GtkRecentInfo) items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  for (GList *l = items; l != NULL; l = l->next)
    if (gtk_recent_info_has_application (l->data, g_get_application_name ()) && gtk_recent_info_is_local (l->data) && gtk_recent_info_exists (l->data))
      g_ptr_array_add (ours, gtk_recent_info_ref (l->data));
  g_ptr_array_sort (ours, compare_visited);
  return g_steal_pointer (&ours);
}

static GtkWidget *
new_row (GtkRecentInfo *info)
{
  GFile           *file = g_file_new_for_uri (gtk_recent_info_get_uri (info));
  g_autofree char *whole = gtk_recent_info_get_uri_display (info);
  g_autofree char *shown = whole != NULL ? dinoscope_display_name (whole) : NULL;
  g_autofree char *name = dinoscope_display_name (gtk_recent_info_get_display_name (info));
  GtkWidget       *row = gtk_list_box_row_new ();
  GtkWidget       *label = gtk_label_new (name);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 36);
  gtk_widget_set_tooltip_text (row, shown);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  g_object_set_data_full (G_OBJECT (row), "file", file, g_object_unref);
  return row;
}

static void
fill (DinoscopeRecentList *self)
{
  g_autoptr (GPtrArray) items = list_items ();
  GtkListBoxRow        *row;

  while ((row = gtk_list_box_get_row_at_index (self->list_box, 0)) != NULL)
    gtk_list_box_remove (self->list_box, GTK_WIDGET (row));
  for (guint i = 0; i < MIN (items->len, MAX_ITEMS); i++)
    gtk_list_box_append (self->list_box, new_row (g_ptr_array_index (items, i)));
}

static void
row_activated_cb (DinoscopeRecentList *self, GtkListBoxRow *row)
{
  g_signal_emit (self, chosen_signal, 0, g_object_get_data (G_OBJECT (row), "file"));
}

static void
dinoscope_recent_list_map (GtkWidget *widget)
{
  fill (DINOSCOPE_RECENT_LIST (widget));

  GTK_WIDGET_CLASS (dinoscope_recent_list_parent_class)->map (widget);
}

static void
dinoscope_recent_list_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DINOSCOPE_TYPE_RECENT_LIST);

  G_OBJECT_CLASS (dinoscope_recent_list_parent_class)->dispose (object);
}

static void
dinoscope_recent_list_class_init (DinoscopeRecentListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_recent_list_dispose;
  widget_class->map = dinoscope_recent_list_map;
  chosen_signal = g_signal_new ("chosen", DINOSCOPE_TYPE_RECENT_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_FILE);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-recent-list.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeRecentList, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeRecentList, list_box);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dinoscope_recent_list_init (DinoscopeRecentList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
dinoscope_recent_list_add (GFile *file, const char *format)
{
  g_autofree char *uri = g_file_get_uri (file);
  GtkRecentData    data = { 0 };

  if (g_str_equal (format, "PNG"))
    data.mime_type = (char *) "image/png";
  else if (g_str_equal (format, "JPEG"))
    data.mime_type = (char *) "image/jpeg";
  else
    return;
  data.app_name = (char *) g_get_application_name ();
  data.app_exec = (char *) "dinoscope %u";
  data.is_private = TRUE;
  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

GHashTable *
dinoscope_recent_list_snapshot (void)
{
  GHashTable                *uris = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autolist (GtkRecentInfo) items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());

  for (GList *l = items; l != NULL; l = l->next)
    g_hash_table_add (uris, g_strdup (gtk_recent_info_get_uri (l->data)));
  return uris;
}

static void
free_uri (gpointer uri, GClosure *closure)
{
  g_free (uri);
}

static void
take_out_cb (GtkRecentManager *manager, const char *uri)
{
  if (gtk_recent_manager_has_item (manager, uri))
    gtk_recent_manager_remove_item (manager, uri, NULL);
}

void
dinoscope_recent_list_keep_out (GFile *file, GHashTable *before)
{
  GtkRecentManager *manager = gtk_recent_manager_get_default ();
  g_autofree char  *uri = g_file_get_uri (file);

  if (g_hash_table_contains (before, uri))
    return;
  /* The dialog may note it now, or a while later. */
  take_out_cb (manager, uri);
  g_signal_connect_data (manager, "changed", G_CALLBACK (take_out_cb), g_steal_pointer (&uri), free_uri, 0);
}
